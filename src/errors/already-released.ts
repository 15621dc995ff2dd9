import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Evidence } from '../domain/evidence.ts';
import { holdsInEntra, inputsOf } from '../domain/inputs.ts';
import { anchorOfParty, type Parties, type Party } from '../domain/party.ts';
import { closingSteps } from '../domain/release-fix.ts';
import { runbookFix } from '../domain/runbook-fix.ts';

/**
 * The conflict is over at the masters, and only the export and the hourly release job are still to come: the subject claims
 * the value no more, or has it, or no holder's master yields it any more. Null: it is not over.
 */
export function alreadyReleased(
  parties: Parties,
  holders: readonly Party[],
  evidence: Evidence,
  unknowns: string[],
): Diagnosis | null {
  const why = whyOver(parties, holders, evidence);
  if (why === null) return null;
  return {
    reason: 'AlreadyReleased',
    message: `${why} Nothing needs to be changed: ${whatIsLeft(holders, evidence)}`,
    fixes: [
      runbookFix({
        id: 'wait-for-release',
        title: 'Wait for the export and the release job',
        risk: 'low',
        runbook: closingSteps([parties.subject]),
      }),
    ],
    unknowns,
  };
}

const whatIsLeft = (holders: readonly Party[], { foreseen }: Evidence): string =>
  foreseen === true && holders.length === 0
    ? 'the case is closed when the audit has found nothing twice.'
    : 'the entry disappears with the next cycle and the hourly release job.';

function whyOver({ subject }: Parties, holders: readonly Party[], evidence: Evidence): string | null {
  const { value, attribute } = evidence.sought;
  const own = inputsOf(subject, evidence);
  if (evidence.foreseen === true && holders.length === 0) return `Only ${subject.name} claims ${value} by now.`;
  const visible = own.some((input) => input.side === 'entra' && input.attribute === attribute);
  if (visible && holders.length === 0) return `${subject.name} has ${value} in Entra.`;
  if (showsItsSources(subject, evidence) && !own.some(({ side }) => side === 'active-directory')) {
    return `${subject.name} does not claim ${value} in Active Directory any more.`;
  }
  const inEntra = holders.filter((holder) => holdsInEntra(holder, evidence));
  if (
    inEntra.length === 0 ||
    inEntra.length < holders.length ||
    !inEntra.every((holder) => isResidue(holder, evidence))
  )
    return null;
  return `${inEntra.map(({ name }) => name).join(' and ')} still shows ${value} in Entra, but no attribute in Active Directory yields it any more.`;
}

function isResidue(holder: Party, evidence: Evidence): boolean {
  if (!showsItsSources(holder, evidence)) return false;
  return inputsOf(holder, evidence).every(({ flow }) => flow === 'none' || flow === 'calculated');
}

/**
 * The value could only come from attributes that were read. An expression may make it of others: a UPN of sAMAccountName and
 * domain, for one.
 */
function showsItsSources(party: Party, evidence: Evidence): boolean {
  const anchor = anchorOfParty(party);
  const lineage = anchor === null ? undefined : evidence.engineFacts[anchor]?.lineage;
  if (party.onPremises.length === 0 || lineage?.state !== 'known') return false;
  return (lineage.value[evidence.sought.attribute] ?? []).every(({ flow }) => flow === 'direct');
}
