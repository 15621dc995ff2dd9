import { canonicalJson } from './canonical-json.ts';
import type { Change } from './change.ts';
import { holdersOf } from './conflict-set.ts';
import type { Fix } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { holdsInEntra } from './inputs.ts';
import { type Party, partiesOf } from './party.ts';
import { planHash } from './plan-hash.ts';
import { predictForChanged } from './predict-export.ts';
import { closingSteps } from './release-fix.ts';

/** The change that restores what this one found. The inverse of the inverse is the change itself. */
export function inverse(change: Change): Change {
  const { before, after, operation } = change;
  const restored = before.kind === 'multiple' ? before.present : before.value === null ? [] : [before.value];
  return {
    ...change,
    operation: operation === 'add' ? 'delete' : operation === 'delete' ? 'add' : 'replace',
    values: operation === 'replace' ? [...restored] : change.values,
    before: after,
    after: before,
  };
}

/** Whether the changes, one after the other, leave every value as it was found: a touch that went through to its end. */
export function leavesNothing(changes: readonly Change[]): boolean {
  const places = Map.groupBy(changes, ({ objectId, attribute }) => `${objectId} ${attribute}`);
  return [...places.values()].every((own) => canonicalJson(own[0]?.before) === canonicalJson(own.at(-1)?.after));
}

/**
 * A new plan that takes back what was applied of a fix: the last change first, claims before releases. It restores the
 * master; what Entra has calculated meanwhile may stay.
 *
 * @param applied the changes of the fix that were written
 * @param evidence gathered now, not the evidence of the fix
 * @returns a runbook that names the new owner when the value has been taken meanwhile
 */
export function inverseFix(fix: Fix, applied: readonly Change[], evidence: Evidence): Fix {
  const parties = partiesOf(evidence);
  const owners = newOwners(applied, evidence);
  const changes = owners.length > 0 ? [] : undoOf(applied);
  const kind = changes.length > 0 ? 'changes' : 'runbook';
  return {
    id: `undo-${fix.id}`,
    title: `Undo: ${fix.title}`,
    kind,
    risk: fix.risk,
    recommended: false,
    undoOf: fix.id,
    planHash: planHash(changes),
    changes,
    runbook: kind === 'changes' ? [] : refusal(applied, owners, evidence),
    derived: predictForChanged(changes, parties),
    notes: kind === 'changes' ? residues(changes, evidence) : [],
  };
}

function undoOf(applied: readonly Change[]): Change[] {
  const claims = applied.filter(({ stage }) => stage === 'claim').toReversed();
  const releases = applied.filter(({ stage }) => stage === 'release').toReversed();
  const laterStage: Change['stage'] = claims.length > 0 ? 'claim' : 'release';
  return [
    ...claims.map((change) => ({ ...inverse(change), stage: 'release' as const })),
    ...releases.map((change) => ({ ...inverse(change), stage: laterStage })),
  ];
}

/**
 * Who has the value now, so that it cannot be given back. The subject's own claim may always be restored: it takes nothing
 * from anybody. A former holder gets it back in Active Directory beside the subject, as it was before the fix; Graph on the
 * other hand refuses a UPN that the subject has.
 */
function newOwners(applied: readonly Change[], evidence: Evidence): Party[] {
  const parties = partiesOf(evidence);
  const given = applied.filter((change) => !isOf(change, parties.subject));
  if (given.length === 0) return [];
  const strangers = holdersOf(parties, evidence).filter((party) => !applied.some((change) => isOf(change, party)));
  const subjectHasIt = given.some(({ target }) => target === 'entra') && holdsInEntra(parties.subject, evidence);
  return subjectHasIt ? [parties.subject, ...strangers] : strangers;
}

const isOf = ({ objectId }: Change, { cloud, onPremises }: Party): boolean =>
  cloud?.id === objectId || onPremises.some(({ objectGuid }) => objectGuid === objectId);

function refusal(applied: readonly Change[], owners: readonly Party[], evidence: Evidence): Fix['runbook'] {
  if (owners.length === 0) return [{ text: 'Nothing of the fix was applied: there is nothing to take back.' }];
  const names = owners.map(({ name, id }) => `${name} (${id})`).join(' and ');
  const former = [...new Set(applied.map(({ objectName }) => objectName))].join(' and ');
  return [
    {
      text: `${evidence.sought.value} now belongs to ${names}. It is not given back to ${former}: two objects would hold it.`,
    },
    {
      text: `Agree with ${names} who should have it. If they give it up, take it from them where they are mastered, and undo again.`,
    },
    ...closingSteps(owners),
  ];
}

function residues(changes: readonly Change[], evidence: Evidence): string[] {
  const notes = [
    'This restores the values at the master. Aliases, placeholders and initial-domain addresses that Entra calculated meanwhile may stay.',
  ];
  const { subject } = partiesOf(evidence);
  if (evidence.rules !== undefined) {
    notes.push(`The value that is wrong comes back: the audit will find ${evidence.sought.value} again.`);
  } else if (changes.some((change) => isOf(change, subject))) {
    notes.push(
      `The conflict comes back: ${subject.name} claims ${evidence.sought.value} again while another object holds it.`,
    );
  } else if (holdsInEntra(subject, evidence)) {
    notes.push(
      `${subject.name} has ${evidence.sought.value} in Entra now and keeps it: the restored claim is quarantined until one of the two gives it up.`,
    );
  }
  return notes;
}
