import { factsOf } from './authority.ts';
import type { Evidence, Fact } from './evidence.ts';
import { anchorOfParty, type Party } from './party.ts';

/** Every fact that was not to be had, with why and what would supply it. */
export function unknownFacts(parties: readonly Party[], evidence: Evidence): string[] {
  const { subject, tenant } = evidence;
  const found = [
    missing('the cloud object that the error names', subject.cloud),
    missing('its Active Directory object', subject.onPremises),
    missing('the holders in Entra', evidence.cloudHolders),
    missing('the holders in Active Directory', evidence.onPremisesHolders),
    missing('the verified domains', tenant.verifiedDomains),
    missing('whether the sync server is in staging mode', tenant.stagingMode),
    ...parties.flatMap((party) => unknownOf(party, evidence)),
    ...Object.entries(evidence.employeeIdCounts).map(([id, counts]) =>
      missing(`who else has the employeeId ${id}`, counts),
    ),
  ];
  return [...new Set(found.filter((text) => text !== null))];
}

function unknownOf(party: Party, evidence: Evidence): (string | null)[] {
  const facts = factsOf(party, evidence);
  const anchor = anchorOfParty(party);
  const engine = anchor === null ? undefined : evidence.engineFacts[anchor];
  const of = (what: string, fact: Fact<unknown> | undefined): string | null =>
    missing(`${what} of ${party.name}`, fact);
  return [
    of('the last sign-in', facts?.lastSignIn),
    facts?.lastSignIn.state === 'known' && facts.lastSignIn.value === null
      ? `the last sign-in of ${party.name}: none is on record, which does not mean never`
      : null,
    of('the directory roles', facts?.privileges),
    of('the recipient type', facts?.recipient),
    of('the source of authority', facts?.isCloudManaged),
    of('the master of the Exchange attributes', facts?.exchangeCloudManaged),
    of('the litigation hold', facts?.litigationHold),
    of('the joined Active Directory objects', engine?.joined),
    of('the lineage', engine?.lineage),
    of('the block on synchronisation', engine?.blockOnPremisesSync),
  ];
}

function missing(what: string, fact: Fact<unknown> | undefined): string | null {
  return fact?.state === 'unknown' ? `${what}: unknown, because ${fact.because}. ${fact.remedy}` : null;
}

/** Reads without which holders may be missing: nothing may be concluded from their absence. */
export function failedReads(evidence: Evidence): string[] {
  const found = [
    missing('the cloud object that the error names', evidence.subject.cloud),
    missing('its Active Directory object', evidence.subject.onPremises),
    missing('the holders in Entra', evidence.cloudHolders),
    missing('the holders in Active Directory', evidence.onPremisesHolders),
  ];
  return found.filter((text) => text !== null);
}
