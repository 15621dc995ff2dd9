import { describe, expect, test } from 'vitest';
import type { Case } from '../../src/domain/case.ts';
import type { ChangeResult } from '../../src/domain/case-event.ts';
import { decide } from '../../src/domain/decide.ts';
import {
  adLane,
  anApprover,
  anotherApprover,
  applied,
  approve,
  at,
  carriedOut,
  caseAfter,
  caseIn,
  claim,
  claimIn,
  diagnosisOf,
  entraLane,
  fixOf,
  gone,
  nextWeek,
  notPermitted,
  outcome,
  recordDiagnosis,
  recordResults,
  refused,
  release,
  report,
  stale,
  theFix,
  theUndo,
  tryAgain,
  twoStages,
  ways,
} from './case-builder.ts';
import { guid } from './evidence-builder.ts';

const twoReleases = fixOf([release(), release({ objectId: guid(13), objectName: 'Cy Dahl' })]);
const applying = (fix = twoReleases): Case =>
  caseAfter(report, recordDiagnosis(diagnosisOf([fix])), approve(fix), claimIn(adLane));

describe('the outcomes of a claim', () => {
  test.each<[string, ChangeResult[], string, Case['state']]>([
    ['everything written', [applied(0), applied(1)], 'Applied', 'Applied'],
    ['one stale, nothing written', [stale(0), stale(1)], 'WentStale', 'Stale'],
    ['an object gone', [gone(0), stale(1)], 'WentStale', 'Stale'],
    ['not permitted', [notPermitted(0), notPermitted(1)], 'Failed', 'Failed'],
    ['refused', [refused(0), refused(1)], 'Failed', 'Failed'],
    ['refused half-way', [applied(0), refused(1)], 'PartlyApplied', 'PartlyApplied'],
    ['stale half-way', [applied(0), stale(1)], 'PartlyApplied', 'PartlyApplied'],
    ['gone half-way', [gone(0), applied(1)], 'PartlyApplied', 'PartlyApplied'],
    ['no answer for one', [applied(0), tryAgain(1)], 'Postponed', 'Approved'],
    [
      'refused beside one without an answer, which may have been written',
      [refused(0), tryAgain(1)],
      'Postponed',
      'Approved',
    ],
  ])('%s', (_story, results, event, state) => {
    const subject = applying();
    expect(outcome(decide(recordResults(results), subject, anApprover))).toBe(event);
    expect(carriedOut(subject, recordResults(results)).state).toBe(state);
  });

  test('what was written half-way can be undone', () => {
    expect(carriedOut(applying(), recordResults([applied(0), refused(1)])).done).toMatchObject([
      {
        results: [
          { index: 0, outcome: 'Applied' },
          { index: 1, outcome: 'Refused' },
        ],
      },
    ]);
  });

  test('a permission that is missing is named with its remedy', () => {
    expect(carriedOut(applying(), recordResults([notPermitted(0), notPermitted(1)])).message).toBe(
      'Nothing was written: proxyAddresses of Bo Lind: insufficient rights (50) Grant the relay write access. Then recheck the case.',
    );
  });
});

describe('a change without an answer', () => {
  test('is tried again after what the directory asked for, the longest if there are several', () => {
    const subject = carriedOut(applying(), recordResults([tryAgain(0, 40), tryAgain(1, 120)], at(61)));
    expect(subject.execution).toMatchObject({ notBefore: at(63), attempt: 1, tryingSince: at(61), openClaims: 0 });
  });

  test('is tried again alone', () => {
    const subject = carriedOut(applying(), recordResults([applied(0), tryAgain(1)], at(61)));
    expect(decide(claimIn(adLane, at(70)), subject, anApprover)).toMatchObject({
      events: [{ type: 'Claimed', data: { claim: 1, changes: [1] } }],
    });
  });

  test('is not tried before its time', () => {
    const subject = carriedOut(applying(), recordResults([tryAgain(0, 600), tryAgain(1)], at(61)));
    expect(outcome(decide(claimIn(adLane, at(70)), subject, anApprover))).toBe('WrongState');
    expect(outcome(decide(claimIn(adLane, at(71)), subject, anApprover))).toBe('Claimed');
  });

  test.each<[string, ChangeResult[], string]>([
    ['Failed when nothing was written', [tryAgain(0), tryAgain(1)], 'Failed'],
    ['PartlyApplied when something was', [applied(0), tryAgain(1)], 'PartlyApplied'],
  ])('ends after a day: %s', (_story, results, event) => {
    const subject = carriedOut(applying(), recordResults([tryAgain(0), tryAgain(1)], at(61)));
    const dayLater = carriedOut(subject, claimIn(adLane, at(61 + 24 * 60)));
    expect(outcome(decide(recordResults(results, at(61 + 24 * 60)), dayLater, anApprover))).toBe(event);
  });
});

describe('claims', () => {
  test('after three without an outcome the plan is taken to be what ends the worker', () => {
    let subject = caseIn('Approved');
    for (const claimNumber of [1, 2, 3]) {
      subject = carriedOut(subject, claimIn(adLane));
      expect(subject.execution?.openClaims).toBe(claimNumber);
    }
    expect(outcome(decide(claimIn(adLane), subject, anApprover))).toBe('Failed');
  });

  test('an outcome closes the open ones', () => {
    const subject = carriedOut(
      carriedOut(carriedOut(caseIn('Approved'), claimIn(adLane)), claimIn(adLane)),
      recordResults([tryAgain()]),
    );
    expect(subject.execution?.openClaims).toBe(0);
  });

  test('tell what an earlier attempt may have written', () => {
    const first = carriedOut(caseIn('Approved'), claimIn(adLane));
    expect(first.execution).toMatchObject({ begun: [0], begunBefore: [] });
    expect(carriedOut(first, claimIn(adLane)).execution).toMatchObject({ begun: [0], begunBefore: [0] });
  });

  test('are refused in another lane', () => {
    expect(outcome(decide(claimIn(entraLane), caseIn('Approved'), anApprover))).toBe('WrongState');
  });

  test('an approval that has run out is not carried out', () => {
    expect(outcome(decide(claimIn(adLane, nextWeek), caseIn('Approved'), anApprover))).toBe('Expired');
  });

  test('a late second record of one claim changes nothing', () => {
    expect(outcome(decide(recordResults([applied()]), caseIn('Applied'), anApprover))).toBe('WrongState');
  });
});

describe('a plan of two stages', () => {
  const released = (): Case =>
    carriedOut(
      carriedOut(caseAfter(report, recordDiagnosis(diagnosisOf([twoStages])), approve(twoStages)), claimIn(adLane)),
      recordResults([applied(0)]),
    );

  test('stays Applying between release and claim, with the claim waiting for its proof', () => {
    expect(released()).toMatchObject({ state: 'Applying', execution: { stage: 'release', awaitingProof: true } });
    expect(outcome(decide(claimIn(entraLane), released(), anApprover))).toBe('WrongState');
  });

  test('claims in its own lane once the release is proven', () => {
    const proven = carriedOut(released(), { do: 'proveStage', proof: 'gone' });
    expect(proven).toMatchObject({ state: 'Applying', execution: { stage: 'claim', awaitingProof: false } });
    expect(outcome(decide(claimIn(adLane), proven, anApprover))).toBe('WrongState');
    const claimed = carriedOut(carriedOut(proven, claimIn(entraLane)), recordResults([applied(1)]));
    expect(claimed.state).toBe('Applied');
    expect(carriedOut(claimed, { do: 'proveStage', proof: 'gone' }).state).toBe('Resolved');
  });

  test('is PartlyApplied when the claim is refused, and the release can be undone', () => {
    const proven = carriedOut(carriedOut(released(), { do: 'proveStage', proof: 'gone' }), claimIn(entraLane));
    const stopped = carriedOut(proven, recordResults([refused(1)]));
    expect(stopped.state).toBe('PartlyApplied');
    expect(stopped.done[0]?.results.filter((result) => result.outcome === 'Applied')).toEqual([applied(0)]);
  });

  test('can be undone while the release waits for its proof', () => {
    expect(carriedOut(released(), { do: 'proposeUndo', fix: theUndo, reason: 'wrong person' }).state).toBe(
      'UndoProposed',
    );
  });
});

test('one stage in two directories is carried out in one lane after the other', () => {
  const fix = fixOf([release(), claim({ stage: 'release' })]);
  const first = carriedOut(applying(fix), recordResults([applied(0)]));
  expect(first.state).toBe('Approved');
  expect(outcome(decide(claimIn(adLane, at(62)), first, anApprover))).toBe('WrongState');
  const second = carriedOut(carriedOut(first, claimIn(entraLane, at(62))), recordResults([applied(1)], at(63)));
  expect(second).toMatchObject({ state: 'Applied', execution: { awaitingProof: true } });
});

describe('an approval', () => {
  const undecided = diagnosisOf([theFix], { party: { verdict: 'Undecided', facts: [] } });

  test.each([
    ['nothing', undefined, 'PartyStatementNeeded'],
    ['SamePerson', 'SamePerson' as const, 'PartyStatementNeeded'],
    ['DifferentParties', 'DifferentParties' as const, 'Approved'],
  ])('of an undecided case that states %s', (_story, party, expected) => {
    const subject = caseAfter(report, recordDiagnosis(undecided));
    expect(outcome(decide(approve(theFix, party ? { party } : {}), subject, anApprover))).toBe(expected);
  });

  test("records the approver's statement as theirs", () => {
    const subject = carriedOut(
      caseAfter(report, recordDiagnosis(undecided)),
      approve(theFix, { party: 'DifferentParties' }),
      anApprover,
    );
    expect(subject.execution).toMatchObject({ by: anApprover, party: 'DifferentParties', reason: 'Bo agreed' });
  });

  test('of a runbook is refused: a person carries it out', () => {
    const runbook = fixOf([], { kind: 'runbook', runbook: [{ text: 'Ask Bo.' }] });
    const subject = caseAfter(report, recordDiagnosis(diagnosisOf([runbook])));
    expect(subject.state).toBe('NeedsPerson');
    expect(outcome(decide(approve(runbook), subject, anApprover))).toBe('RunbookOnly');
  });

  test('of an undo by the person who asked for it is refused with four eyes only', () => {
    const proposed = carriedOut(
      caseIn('Resolved'),
      { do: 'proposeUndo', fix: theUndo, reason: 'Bo needs it' },
      anApprover,
    );
    expect(outcome(decide(approve(theUndo, { fourEyes: true }), proposed, anApprover))).toBe('FourEyes');
    expect(outcome(decide(approve(theUndo, { fourEyes: true }), proposed, anotherApprover))).toBe('Approved');
    expect(outcome(decide(approve(theUndo), proposed, anApprover))).toBe('Approved');
  });
});

test('an undo that is written and waits for its proof is not undone in turn', () => {
  const [, ...untilWritten] = ways.Undone.toReversed();
  const written = caseAfter(...untilWritten.toReversed());
  expect(written.state).toBe('Applied');
  expect(decide({ do: 'proposeUndo', fix: theUndo, reason: 'r' }, written, anApprover)).toEqual({
    refusal: {
      code: 'WrongState',
      message: 'The case is Applied; an undo has been written and waits for its proof; ask again when that has come.',
    },
  });
});

describe('a dead letter', () => {
  const noteDeadLetter = { do: 'noteDeadLetter', queue: 'diagnose' } as const;

  test('fails a case in the fourth round', () => {
    let subject = caseIn('Detected');
    for (let round = 1; round <= 3; round++) {
      subject = carriedOut(subject, noteDeadLetter);
      expect(subject).toMatchObject({ state: 'Detected', deadLetterRounds: round });
    }
    expect(carriedOut(subject, noteDeadLetter).state).toBe('Failed');
  });

  test('counts anew when the case has moved on', () => {
    const moved = [noteDeadLetter, noteDeadLetter, recordDiagnosis()].reduce<Case>(
      (subject, command) => carriedOut(subject, command),
      caseIn('Detected'),
    );
    expect(moved.deadLetterRounds).toBe(0);
  });

  test('never takes a resolved case out of its end', () => {
    let subject = caseIn('Resolved');
    for (let round = 1; round <= 3; round++) subject = carriedOut(subject, noteDeadLetter);
    expect(outcome(decide(noteDeadLetter, subject, anApprover))).toBe('nothing');
  });

  test.each(['Rejected', 'Undone', 'MergedInto'] as const)('of a case that is %s is dropped', (state) => {
    expect(outcome(decide(noteDeadLetter, caseIn(state), anApprover))).toBe('nothing');
  });
});

test('what an approved plan wrote stays on record when the rest is rejected or expires', () => {
  const half = carriedOut(applying(), recordResults([applied(0), tryAgain(1)]));
  const ends = [{ do: 'reject', reason: 'stop' } as const, { do: 'expire', now: at(9 * 24 * 60) } as const].map(
    (command) => carriedOut(half, command),
  );
  for (const ended of ends) {
    expect(ended.execution).toBeUndefined();
    expect(ended.done).toHaveLength(1);
    expect(outcome(decide({ do: 'proposeUndo', fix: theUndo, reason: 'r' }, ended, anApprover))).toBe('UndoProposed');
  }
});

test('the ways to all states are the ones that the tables speak of', () => {
  for (const [state, way] of Object.entries(ways)) expect(caseAfter(...way).state).toBe(state);
});
