import { canonicalJson } from './canonical-json.ts';
import type { Evidence } from './evidence.ts';
import { holdsInEntra, inputsOf } from './inputs.ts';
import { type Parties, type Party, partiesOf } from './party.ts';
import { sha256 } from './sha256.ts';

/** Those that have the value in Entra now, or claim it in Active Directory and would get it next. */
export function holdersOf({ others }: Parties, evidence: Evidence): Party[] {
  return others.filter((party) => holdsInEntra(party, evidence) || claims(party, evidence));
}

/**
 * A key that all cases over the same objects share, whichever of them a case calls its subject: 32 hex digits. Null when
 * no other object is known.
 */
export function conflictSetOf(evidence: Evidence): string | null {
  const parties = partiesOf(evidence);
  const holders = holdersOf(parties, evidence);
  if (holders.length === 0) return null;
  const ids = [parties.subject, ...holders].map(({ id }) => id.toLowerCase()).sort();
  return sha256(canonicalJson([evidence.tenant.id, ids])).slice(0, 32);
}

/**
 * Active Directory yields the value and Entra does not show it: quarantined here too, or not exported yet. What is out of
 * scope or feeds nothing never reaches Entra (USERCON, DEFCFG): it is shown, and is no conflict.
 */
function claims(party: Party, evidence: Evidence): boolean {
  const inScope = party.onPremises.filter((ad) => !isOutOfScope(ad)).map(({ objectGuid }) => objectGuid);
  return inputsOf(party, evidence).some(
    ({ side, objectId, flow }) => side === 'active-directory' && flow !== 'none' && inScope.includes(objectId),
  );
}

function isOutOfScope(ad: Party['onPremises'][number]): boolean {
  if (/^(User|Group)_/i.test(ad.adminDescription ?? '') || ad.isCriticalSystemObject) return true;
  if (ad.distinguishedName.includes('\\0ACNF:')) return true;
  return ad.objectType === 'other' || (ad.objectType === 'contact' && ad.mail === undefined);
}
