import { factsOf } from './authority.ts';
import type { Evidence } from './evidence.ts';
import type { Party } from './party.ts';
import { isWithinDays } from './time.ts';

/** `unknown`: the fact is missing, or the service has no sign-in on record, which does not mean never. */
export type Answer = 'yes' | 'no' | 'unknown';

/** Signed in to Entra within 30 days before the evidence was gathered. */
export function signedInLately(party: Party, evidence: Evidence): Answer {
  if (party.objectType !== 'user') return 'no';
  const signIn = factsOf(party, evidence)?.lastSignIn;
  if (party.cloud === null) return 'no';
  if (signIn?.state !== 'known' || signIn.value === null) return 'unknown';
  return isWithinDays(signIn.value, 30, evidence.gatheredAt) ? 'yes' : 'no';
}

/** Logged on to Windows within 30 days; lastLogonTimestamp lags up to 14 days, so `no` needs 44. */
export function loggedOnLately(party: Party, evidence: Evidence): Answer {
  const logons = party.onPremises.flatMap((ad) => ad.lastLogonTimestamp ?? []);
  if (logons.some((logon) => isWithinDays(logon, 30, evidence.gatheredAt))) return 'yes';
  if (party.onPremises.length === 0) return 'no';
  const allOld = logons.length === party.onPremises.length;
  return allOld && logons.every((logon) => !isWithinDays(logon, 44, evidence.gatheredAt)) ? 'no' : 'unknown';
}

export function either(left: Answer, right: Answer): Answer {
  if (left === 'yes' || right === 'yes') return 'yes';
  return left === 'unknown' || right === 'unknown' ? 'unknown' : 'no';
}
