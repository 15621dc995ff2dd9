import type { Fix, Risk, Step } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { type Input, inputsOf } from './inputs.ts';
import type { Parties, Party } from './party.ts';
import { planHash } from './plan-hash.ts';
import { predictExport } from './predict-export.ts';
import { changesToRelease } from './release-changes.ts';
import { inputsToRelease, obstaclesToRelease } from './release-obstacles.ts';
import { stepsToRelease } from './release-runbook.ts';

/**
 * The fix in which these parties give the sought value up and the keepers have it afterwards. It can be applied when every one
 * of them can be changed; when a single one needs a person, the whole fix is a runbook.
 */
export function releaseFix(
  keepers: readonly Party[],
  losers: readonly Party[],
  parties: Parties,
  evidence: Evidence,
): Fix {
  const plans = plansFor(losers, evidence);
  const byHand = plans.filter(({ obstacles }) => obstacles.length > 0);
  const changes = byHand.length > 0 ? [] : plans.flatMap((plan) => plan.changes);
  const kind = changes.length > 0 ? 'changes' : 'runbook';
  return {
    id: `release-from-${losers.map(({ id }) => id.toLowerCase()).join('-and-')}`,
    title: `${namesOf(keepers)} keeps ${evidence.sought.value}; ${namesOf(losers)} gives it up`,
    kind,
    risk: riskOf(plans.flatMap(({ inputs }) => inputs)),
    recommended: false,
    planHash: planHash(changes),
    changes,
    runbook: kind === 'runbook' ? [...plans.flatMap((plan) => runbookOf(plan, evidence)), ...closingSteps(losers)] : [],
    derived: predictExport(changes, parties, evidence),
    notes: [
      ...plans.flatMap(({ loser, inputs, notes }) => [...notes, ...notesFor(loser, inputs, evidence)]),
      ...tenantNotes(evidence),
    ],
  };
}

const namesOf = (parties: readonly Party[]): string => parties.map(({ name }) => name).join(' and ');

/** A UPN change is never less than high: it is how people sign in. */
export function riskOf(inputs: readonly { readonly attribute: string }[]): Risk {
  return inputs.some(({ attribute }) => attribute === 'userPrincipalName') ? 'high' : 'medium';
}

/** After any change by hand: let it travel, then look again. */
export function closingSteps(parties: readonly Party[]): Step[] {
  const inDirectory = parties.some(({ onPremises }) => onPremises.length > 0);
  const cycle: Step = {
    text: 'On the sync server: let the change travel to Entra.',
    command: 'Start-ADSyncSyncCycle -PolicyType Delta',
  };
  return [
    ...(inDirectory ? [cycle] : []),
    {
      text: 'Entra looks for freed values once an hour. Recheck the case after that; it is resolved when the entry is gone.',
    },
  ];
}

interface Plan {
  readonly loser: Party;
  readonly inputs: readonly Input[];
  readonly obstacles: readonly string[];
  readonly changes: Fix['changes'];
  readonly notes: readonly string[];
}

/** One after the other, because two losers of one name must not be given the same new one. */
function plansFor(losers: readonly Party[], evidence: Evidence): Plan[] {
  const plans: Plan[] = [];
  let known = evidence;
  for (const loser of losers) {
    const plan = planFor(loser, known);
    plans.push(plan);
    known = withTaken(known, plan.changes);
  }
  return plans;
}

/** The names that the changes give are no longer free. */
function withTaken(evidence: Evidence, changes: Fix['changes']): Evidence {
  const taken = { state: 'known' as const, value: true, source: 'this plan', at: evidence.gatheredAt };
  const names = changes.filter(({ attribute }) => attribute === 'userPrincipalName').flatMap(({ values }) => values);
  const own = Object.fromEntries(names.map((name) => [name, taken]));
  return { ...evidence, namesTaken: { ...evidence.namesTaken, ...own } };
}

function planFor(loser: Party, evidence: Evidence): Plan {
  const inputs = inputsToRelease(loser, evidence);
  const obstacles = [...new Set(obstaclesToRelease(loser, inputs, evidence))];
  if (obstacles.length > 0) return { loser, inputs, obstacles, changes: [], notes: [] };
  const release = changesToRelease(loser, inputs, evidence);
  if (release.changes.length > 0) return { loser, inputs, ...release };
  const nothing =
    release.obstacles.length > 0 ? release.obstacles : [`nothing that could be read of ${loser.name} yields the value`];
  return { loser, inputs, obstacles: nothing, changes: [], notes: release.notes };
}

function runbookOf(plan: Plan, evidence: Evidence): Step[] {
  const obstacles =
    plan.obstacles.length > 0 ? plan.obstacles : [`it belongs to one plan with the others, which need a person`];
  return stepsToRelease(plan.loser, plan.inputs, obstacles, evidence);
}

function notesFor(loser: Party, inputs: readonly Input[], evidence: Evidence): string[] {
  const upn = inputs.some(({ attribute }) => attribute === 'userPrincipalName');
  const unfed = inputsOf(loser, evidence).filter(({ side, flow }) => side === 'active-directory' && flow === 'none');
  return [
    `${loser.name} yields the value through ${describe(inputs)}.`,
    ...unfed.map(
      ({ attribute }) => `${attribute} of ${loser.name} has the value too, but feeds nothing in Entra; it stays.`,
    ),
    ...(upn ? signInNotes(loser, evidence) : []),
  ];
}

const describe = (inputs: readonly Input[]): string =>
  inputs.length === 0
    ? 'nothing that could be read'
    : inputs
        .map(
          ({ side, attribute, value }) => `${attribute} (${side === 'entra' ? 'Entra' : 'Active Directory'}: ${value})`,
        )
        .join(', ');

export function signInNotes(loser: Party, evidence: Evidence): string[] {
  const isOnPremises = loser.onPremises.length > 0;
  return [
    isOnPremises
      ? `The UPN of ${loser.name} in Active Directory is also for Windows sign-in, smart-card mapping and AD FS claims; after the change the person signs in with the new name everywhere.`
      : `The UPN of ${loser.name} is also for sign-in, the OneDrive address, Authenticator registrations and applications; after the change the person signs in with the new name.`,
    ...(looksUnsynchronised(loser, evidence)
      ? [
          `The UPN of ${loser.name} in Entra does not follow Active Directory: SynchronizeUpnForManagedUsers looks switched off, and the cloud UPN will not follow this change.`,
        ]
      : []),
  ];
}

/** The tenant switch cannot be read without an administrator: it is inferred (FEAT, OBJATT). */
function looksUnsynchronised({ cloud }: Party, evidence: Evidence): boolean {
  const onPremises = cloud?.onPremisesUserPrincipalName?.toLowerCase();
  const { verifiedDomains } = evidence.tenant;
  if (cloud?.licensed !== true || onPremises === undefined || verifiedDomains.state !== 'known') return false;
  const isVerified = verifiedDomains.value.some(({ name }) => onPremises.endsWith(`@${name.toLowerCase()}`));
  return isVerified && cloud.provisioningErrors.length === 0 && onPremises !== cloud.userPrincipalName?.toLowerCase();
}

export function tenantNotes(evidence: Evidence): string[] {
  const { stagingMode } = evidence.tenant;
  if (stagingMode.state === 'unknown')
    return [`Whether the sync server is in staging mode is not known: ${stagingMode.remedy}.`];
  return stagingMode.value ? ['The sync server is in staging mode: it exports nothing until that ends.'] : [];
}
