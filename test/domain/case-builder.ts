import type { Actor, Case } from '../../src/domain/case.ts';
import { type CaseEvent, type ChangeResult, system } from '../../src/domain/case-event.ts';
import type { Change } from '../../src/domain/change.ts';
import { type Command, type Decision, decide } from '../../src/domain/decide.ts';
import type { Diagnosis, Fix } from '../../src/domain/diagnosis.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { inverse } from '../../src/domain/inverse.ts';
import { planHash } from '../../src/domain/plan-hash.ts';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { guid, now, sightingOf } from './evidence-builder.ts';

export const anApprover: Actor = { oid: 'approver-1', name: 'Ada' };
export const anotherApprover: Actor = { oid: 'approver-2', name: 'Ben' };

/** A moment some minutes after the first. */
export const at = (minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString();
export const nextWeek = at(7 * 24 * 60);

/** Bo gives up smtp:shared@contoso.com in Active Directory. */
export function release(properties: Partial<Change> = {}): Change {
  return {
    target: 'active-directory',
    objectId: guid(12),
    objectType: 'user',
    objectName: 'Bo Lind',
    forest: 'contoso.com',
    attribute: 'proxyAddresses',
    operation: 'delete',
    values: ['smtp:shared@contoso.com'],
    before: { kind: 'multiple', present: ['smtp:shared@contoso.com'], absent: [], primary: 'SMTP:bo.lind@contoso.com' },
    after: { kind: 'multiple', present: [], absent: ['smtp:shared@contoso.com'], primary: 'SMTP:bo.lind@contoso.com' },
    stage: 'release',
    ...properties,
  };
}

/** Anna takes a sign-in name in Entra. */
export function claim(properties: Partial<Change> = {}): Change {
  return {
    target: 'entra',
    objectId: guid(1),
    objectType: 'user',
    objectName: 'Anna Berg',
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: ['shared@contoso.com'],
    before: { kind: 'single', value: 'anna.berg@contoso.com' },
    after: { kind: 'single', value: 'shared@contoso.com' },
    stage: 'claim',
    ...properties,
  };
}

export function fixOf(changes: Change[], properties: Partial<Fix> = {}): Fix {
  return {
    id: 'release-from-bo',
    title: 'Anna keeps it',
    kind: 'changes',
    risk: 'medium',
    recommended: true,
    planHash: planHash(changes),
    changes,
    runbook: [],
    derived: [],
    notes: [],
    ...properties,
  };
}

export const theFix = fixOf([release()]);
export const twoStages = fixOf([release(), claim()]);
export const theUndo = fixOf([inverse(release())], {
  id: 'undo-release-from-bo',
  undoOf: theFix.id,
  recommended: false,
});

export function diagnosisOf(fixes: Fix[], properties: Partial<Diagnosis> = {}): Diagnosis {
  return {
    reason: 'KeeperRecommended',
    message: 'Anna keeps it.',
    party: { verdict: 'DifferentParties', facts: [] },
    fixes,
    unknowns: [],
    ...properties,
  };
}

const sighting = sightingOf();
const keys = sightingKeys(sighting);
export const theId = keys[0] ?? '';

export const report: Extract<Command, { do: 'report' }> = { do: 'report', id: theId, keys, sighting };

export const recordDiagnosis = (diagnosis: Diagnosis = diagnosisOf([theFix])): Command => ({
  do: 'recordDiagnosis',
  evidence: 'hash-of-evidence',
  gatheredAt: now,
  conflictSet: 'anna-and-bo',
  subject: { displayName: 'Anna Berg', objectType: 'user', authority: 'active-directory' },
  holders: [],
  diagnosis,
});

export const approve = (fix: Fix = theFix, more: Partial<Extract<Command, { do: 'approve' }>> = {}): Command => ({
  do: 'approve',
  fixId: fix.id,
  planHash: fix.planHash,
  reason: 'Bo agreed',
  until: nextWeek,
  fourEyes: false,
  ...more,
});

export const adLane = 'ad:contoso.com';
export const entraLane = 'entra:tenant';
export const claimIn = (lane: string, moment: string = at(60)): Command => ({ do: 'claim', lane, now: moment });
export const recordResults = (results: ChangeResult[], moment: string = at(61)): Command => ({
  do: 'recordResults',
  results,
  now: moment,
  jitter: 0,
});
export const applied = (index = 0): ChangeResult => ({ index, outcome: 'Applied', alreadyThere: false, where: 'dc1' });
export const tryAgain = (index = 0, afterSeconds?: number): ChangeResult => ({
  index,
  outcome: 'TryAgain',
  message: 'HTTP 429.',
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
});
export const stale = (index = 0): ChangeResult => ({
  index,
  outcome: 'Stale',
  found: { kind: 'single', value: 'someone.else@contoso.com' },
});
export const gone = (index = 0): ChangeResult => ({ index, outcome: 'Gone', message: '404' });
export const notPermitted = (index = 0): ChangeResult => ({
  index,
  outcome: 'NotPermitted',
  message: 'insufficient rights (50)',
  remedy: 'Grant the relay write access.',
});
export const refused = (index = 0): ChangeResult => ({
  index,
  outcome: 'Refused',
  code: 'ConstraintViolation',
  message: 'The name is taken.',
});

/** Ways that lead to each state; every story starts with one of them. */
export const ways = {
  Detected: [report],
  AwaitingApproval: [report, recordDiagnosis()],
  NeedsPerson: [report, recordDiagnosis(diagnosisOf([{ ...theFix, recommended: false }]))],
  Approved: [report, recordDiagnosis(), approve()],
  Applying: [report, recordDiagnosis(), approve(), claimIn(adLane)],
  Applied: [report, recordDiagnosis(), approve(), claimIn(adLane), recordResults([applied()])],
  PartlyApplied: [
    report,
    recordDiagnosis(diagnosisOf([fixOf([release(), release({ objectId: guid(13) })])])),
    approve(fixOf([release(), release({ objectId: guid(13) })])),
    claimIn(adLane),
    recordResults([applied(0), refused(1)]),
  ],
  Stale: [report, recordDiagnosis(), approve(), claimIn(adLane), recordResults([stale()])],
  Resolved: [
    report,
    recordDiagnosis(),
    approve(),
    claimIn(adLane),
    recordResults([applied()]),
    { do: 'proveStage', proof: 'gone' },
  ],
  Failed: [report, recordDiagnosis(), approve(), claimIn(adLane), recordResults([refused()])],
  Reopened: [
    report,
    recordDiagnosis(),
    approve(),
    claimIn(adLane),
    recordResults([applied()]),
    { do: 'stillQuarantined', intervalsWithoutHolder: 0, message: 'still held' },
  ],
  Reverted: [
    report,
    recordDiagnosis(),
    approve(),
    claimIn(adLane),
    recordResults([applied()]),
    { do: 'revert', reason: 'someone wrote it back' },
  ],
  Rejected: [report, recordDiagnosis(), { do: 'reject', reason: 'not now' }],
  Expired: [report, recordDiagnosis(), approve(), { do: 'expire', now: at(8 * 24 * 60) }],
  UndoProposed: [
    report,
    recordDiagnosis(),
    approve(),
    claimIn(adLane),
    recordResults([applied()]),
    { do: 'proveStage', proof: 'gone' },
    { do: 'proposeUndo', fix: theUndo, reason: 'Bo needs it' },
  ],
  Undone: [
    report,
    recordDiagnosis(),
    approve(),
    claimIn(adLane),
    recordResults([applied()]),
    { do: 'proveStage', proof: 'gone' },
    { do: 'proposeUndo', fix: theUndo, reason: 'Bo needs it' },
    approve(theUndo),
    claimIn(adLane, at(90)),
    recordResults([applied()], at(91)),
    { do: 'proveStage', proof: 'back' },
  ],
  MergedInto: [report, recordDiagnosis(), { do: 'merge', into: 'another-case', reason: 'one person' }],
} satisfies Record<Case['state'], readonly Command[]>;

export const caseIn = (state: Case['state']): Case => caseAfter(...ways[state]);

/** The case after commands that are all carried out. */
export function caseAfter(...commands: readonly Command[]): Case {
  const subject = commands.reduce<Case | undefined>((before, command) => carriedOut(before, command), undefined);
  if (!subject) throw new Error('no commands');
  return subject;
}

export function carriedOut(subject: Case | undefined, command: Command, by: Actor = system): Case {
  const decision = decide(command, subject, by);
  if ('refusal' in decision) throw new Error(`${command.do}: ${decision.refusal.message}`);
  const next = decision.events.reduce((before, event) => happened(before, event, by), subject);
  if (!next) throw new Error(`${command.do}: nothing happened`);
  return next;
}

export function happened(
  before: Case | undefined,
  event: CaseEvent | null,
  by: Actor = system,
  type = event?.type,
): Case {
  const sequence = (before?.sequence ?? -1) + 1;
  return evolve(before, { sequence, at: at(sequence), by, type: type ?? 'Erased', event });
}

/** What a command leads to, in one word each: the types of its events, or the code of its refusal. */
export function outcome(decision: Decision): string {
  return 'refusal' in decision
    ? decision.refusal.code
    : decision.events.map((event) => event.type).join(' ') || 'nothing';
}
