import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Evidence } from '../domain/evidence.ts';
import { stepsToFindHiddenHolder } from '../domain/exchange-commands.ts';
import type { Parties } from '../domain/party.ts';
import { bareAddress } from '../domain/proxy-address.ts';
import { closingSteps } from '../domain/release-fix.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import { intervalsUntilTouch, touchFix } from '../domain/touch-fix.ts';

/**
 * Every search was complete and found nobody in Entra. Recipients that Graph does not show take part in uniqueness too, so
 * this is an outcome, never "already fixed". After enough release intervals the quarantine may be a stuck one.
 */
export function noVisibleHolder(parties: Parties, evidence: Evidence, unknowns: string[]): Diagnosis {
  const { value } = evidence.sought;
  const elsewhere = parties.others.map(({ name, onPremises }) => onPremises[0]?.distinguishedName ?? name);
  const search = runbookFix({
    id: 'find-hidden-holder',
    title: `Find who holds ${value} in Exchange Online`,
    risk: 'medium',
    runbook: [
      ...stepsToFindHiddenHolder(bareAddress(value)),
      { text: `Take ${value} from the recipient that the search shows, if ${parties.subject.name} should have it.` },
      ...closingSteps([parties.subject]),
    ],
    notes:
      elsewhere.length === 0 ? [] : [`In Active Directory, but not in Entra with this value: ${elsewhere.join('; ')}.`],
  });
  const isStuck = evidence.history.intervalsWithoutHolder >= intervalsUntilTouch;
  return {
    reason: 'NoVisibleHolder',
    message: `${parties.subject.name} may not have ${value}, but no user, guest, group or contact that can be read holds it. A public folder or another recipient that only Exchange shows may.`,
    fixes: isStuck ? [search, touchFix(parties, evidence)] : [search],
    unknowns,
  };
}
