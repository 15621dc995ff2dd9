import { describe, expect, test } from 'vitest';
import { type Case, caseStates } from '../../src/domain/case.ts';
import { type Command, decide } from '../../src/domain/decide.ts';
import {
  adLane,
  anApprover,
  applied,
  approve,
  at,
  caseIn,
  claimIn,
  outcome,
  recordDiagnosis,
  recordResults,
  report,
  theFix,
  theId,
  theUndo,
} from './case-builder.ts';

const commands = {
  report,
  noteAbsence: { do: 'noteAbsence', source: 'graph' },
  recordDiagnosis: recordDiagnosis(),
  requestDiagnosis: { do: 'requestDiagnosis', reason: 'a neighbour was approved', byPerson: false },
  recheck: { do: 'requestDiagnosis', reason: 'look again', byPerson: true },
  merge: { do: 'merge', into: 'another', reason: 'one person' },
  approve: approve(),
  reject: { do: 'reject', reason: 'not now' },
  proposeUndo: { do: 'proposeUndo', fix: theUndo, reason: 'Bo needs it' },
  expire: { do: 'expire', now: at(8 * 24 * 60) },
  claim: claimIn(adLane, at(120)),
  recordResults: recordResults([applied()], at(121)),
  proveStage: { do: 'proveStage', proof: 'gone' },
  noteWaiting: { do: 'noteWaiting', message: 'not imported.', now: at(61 + 4 * 60) },
  stillQuarantined: { do: 'stillQuarantined', intervalsWithoutHolder: 3, message: 'stuck' },
  resolve: { do: 'resolve', cause: 'elsewhere', proof: 'not shown' },
  confirmLater: { do: 'confirmLater', days: 1, proof: 'still gone' },
  reopen: { do: 'reopen', reason: 'cannot be read' },
  revert: { do: 'revert', reason: 'written back' },
} satisfies Record<string, Command>;
type Name = keyof typeof commands;

/** What each state answers, except for a plain refusal (`WrongState`) of a command of people or lanes, or silence of an observation. */
const answers: Record<Case['state'], Partial<Record<Name, string>>> = {
  Detected: { ...observed(), ...decidedByPerson(), requestDiagnosis: 'DiagnosisRequested', proposeUndo: 'WrongState' },
  AwaitingApproval: { ...observed(), ...decidedByPerson(), approve: 'Approved' },
  NeedsPerson: { ...observed(), ...decidedByPerson(), approve: 'Approved' },
  Approved: { reject: 'Rejected', expire: 'Expired', claim: 'Claimed' },
  Applying: { claim: 'Claimed', recordResults: 'Applied' },
  Applied: {
    proposeUndo: 'UndoProposed',
    proveStage: 'Resolved',
    noteWaiting: 'StillWaiting',
    stillQuarantined: 'StillQuarantined',
    resolve: 'Resolved',
    reopen: 'Reopened',
    revert: 'Reverted',
  },
  PartlyApplied: { ...observed(), ...decidedByPerson() },
  Stale: { ...observed(), ...decidedByPerson() },
  Resolved: {
    report: 'Sighted',
    recheck: 'DiagnosisRequested',
    proposeUndo: 'UndoProposed',
    confirmLater: 'ConfirmedLater',
    revert: 'Reverted',
  },
  Failed: { ...observed(), ...decidedByPerson() },
  Reopened: { ...observed(), ...decidedByPerson() },
  Reverted: { ...observed(), ...decidedByPerson() },
  Rejected: { recheck: 'DiagnosisRequested', proposeUndo: 'UndoProposed' },
  Expired: { ...observed(), ...decidedByPerson() },
  UndoProposed: { reject: 'Rejected', proposeUndo: 'UndoProposed' },
  Undone: { recheck: 'DiagnosisRequested' },
  MergedInto: {},
};

function observed(): Partial<Record<Name, string>> {
  return {
    noteAbsence: 'AbsentSeen',
    recordDiagnosis: 'Diagnosed',
    requestDiagnosis: 'DiagnosisRequested',
    merge: 'MergedInto',
    resolve: 'Resolved',
  };
}

function decidedByPerson(): Partial<Record<Name, string>> {
  return { recheck: 'DiagnosisRequested', reject: 'Rejected', proposeUndo: 'UndoProposed' };
}

/** People and lanes are told why not; an observation that comes too late says nothing. */
const refusedOtherwise: readonly Name[] = ['recheck', 'approve', 'reject', 'proposeUndo', 'claim', 'recordResults'];

describe.each(caseStates)('a case that is %s', (state) => {
  test.each(Object.keys(commands) as Name[])('answers %s', (name) => {
    const expected = answers[state][name] ?? (refusedOtherwise.includes(name) ? 'WrongState' : 'nothing');
    expect(outcome(decide(commands[name], caseIn(state), anApprover))).toBe(expected);
  });
});

test('a case that does not exist can only be reported', () => {
  const answered = Object.entries(commands).map(([name, command]) => [
    name,
    outcome(decide(command, undefined, anApprover)),
  ]);
  expect(Object.fromEntries(answered)).toEqual({
    ...Object.fromEntries(Object.keys(commands).map((name) => [name, 'NotFound'])),
    report: 'Sighted',
  });
});

describe('a report', () => {
  test('of another source, or under another name of the object, is recorded once', () => {
    const subject = caseIn('AwaitingApproval');
    const byEngine: Command = {
      ...report,
      sighting: { ...report.sighting, source: 'sync-engine' },
      keys: [...report.keys, 'another-key'],
    };
    expect(outcome(decide(byEngine, subject, anApprover))).toBe('Sighted');
  });

  test('keeps the id that the case has', () => {
    const decision = decide({ ...report, id: 'another-id' }, caseIn('Resolved'), anApprover);
    expect(decision).toMatchObject({ events: [{ type: 'Sighted', data: { id: theId } }] });
  });
});

describe('an approval', () => {
  test('of a fix that the case does not have is told which there are', () => {
    expect(decide(approve({ ...theFix, id: 'another' }), caseIn('AwaitingApproval'), anApprover)).toEqual({
      refusal: { code: 'NoSuchFix', message: "The case has no fix 'another'. Its fixes: release-from-bo." },
    });
  });

  test('of another plan than the present one is told the present hash', () => {
    const old = approve(theFix, { planHash: 'f'.repeat(64) });
    expect(decide(old, caseIn('AwaitingApproval'), anApprover)).toMatchObject({
      refusal: { code: 'PlanHashMismatch', planHash: theFix.planHash },
    });
  });

  test('of an undo needs the undo, not the fix', () => {
    expect(outcome(decide(approve(theFix), caseIn('UndoProposed'), anApprover))).toBe('WrongState');
    expect(outcome(decide(approve(theUndo), caseIn('UndoProposed'), anApprover))).toBe('Approved');
  });
});
