import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Case, caseStates, endedStates } from '../../src/domain/case.ts';
import type { ChangeResult } from '../../src/domain/case-event.ts';
import { type Command, decide } from '../../src/domain/decide.ts';
import { inverse } from '../../src/domain/inverse.ts';
import {
  adLane,
  anApprover,
  applied,
  approve,
  at,
  carriedOut,
  caseIn,
  claimIn,
  diagnosisOf,
  entraLane,
  fixOf,
  gone,
  happened,
  notPermitted,
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
} from './case-builder.ts';
import { guid } from './evidence-builder.ts';

const twoReleases = fixOf([release(), release({ objectId: guid(13) })], { id: 'two' });
const undoOfTwo = fixOf([inverse(release()), inverse(release({ objectId: guid(13) }))], {
  id: 'undo-two',
  undoOf: 'two',
});
const fixes = [theFix, twoStages, twoReleases];

const result = (index: number): fc.Arbitrary<ChangeResult> =>
  fc.constantFrom(
    applied(index),
    applied(index),
    tryAgain(index),
    stale(index),
    gone(index),
    refused(index),
    notPermitted(index),
  );
const moment = fc.integer({ min: 60, max: 20_000 }).map(at);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>(report),
  fc
    .tuple(fc.constantFrom(...fixes), fc.boolean())
    .map(([fix, recommended]) => recordDiagnosis(diagnosisOf([{ ...fix, recommended }]))),
  fc
    .constantFrom(...fixes, theUndo, undoOfTwo)
    .chain((fix) => fc.constantFrom(fix.planHash, 'f'.repeat(64)).map((planHash) => approve(fix, { planHash }))),
  fc.tuple(fc.constantFrom(adLane, entraLane), moment).map(([lane, now]) => claimIn(lane, now)),
  fc
    .tuple(result(0), result(1), fc.boolean(), moment)
    .map(([one, two, both, now]) => recordResults(both ? [one, two] : [one], now)),
  fc.constant<Command>({ do: 'noteWaiting', message: 'm', now: at(20_000) }),
  fc.constantFrom<Command>(
    { do: 'noteAbsence', source: 'graph' },
    { do: 'requestDiagnosis', reason: 'r', byPerson: true },
    { do: 'requestDiagnosis', reason: 'r', byPerson: false },
    { do: 'merge', into: 'another', reason: 'r' },
    { do: 'reject', reason: 'r' },
    { do: 'proposeUndo', fix: theUndo, reason: 'r' },
    { do: 'proposeUndo', fix: undoOfTwo, reason: 'r' },
    { do: 'expire', now: at(30 * 24 * 60) },
    { do: 'noteDeadLetter', queue: 'verify' },
    { do: 'proveExport', at: at(70), proof: 'p' },
    { do: 'proveStage', proof: 'p' },
    { do: 'stillQuarantined', intervalsWithoutHolder: 3, message: 'm' },
    { do: 'resolve', cause: 'elsewhere', proof: 'p' },
    { do: 'confirmLater', days: 1, proof: 'p' },
    { do: 'reopen', reason: 'r' },
    { do: 'revert', reason: 'r' },
  ),
);

const byPersonOrSource: readonly Command['do'][] = [
  'report',
  'requestDiagnosis',
  'proposeUndo',
  'revert',
  'reject',
  'approve',
];

/** From the beginning, and from far enough on that every state is reached. */
const starts: readonly Case[] = [
  ...(['Detected', 'Approved', 'Applied', 'Resolved', 'UndoProposed'] as const).map(caseIn),
  carriedOut(carriedOut(caseIn('UndoProposed'), approve(theUndo)), claimIn(adLane, at(90))),
];

test('no sequence of commands breaks the rules of a case', () => {
  const reached = new Set<Case['state']>();
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.array(command, { maxLength: 40 }), (start, commands) => {
      let subject = start;
      for (const one of commands) {
        const decision = decide(one, subject, anApprover);
        if ('refusal' in decision) {
          expect(decision.refusal.message).not.toBe('');
          continue;
        }
        for (const event of decision.events) {
          const before = subject;
          subject = happened(before, event, anApprover);
          reached.add(subject.state);
          keepsTheRules(before, one, subject);
        }
      }
    }),
    { numRuns: 1500, seed: 20261122 },
  );
  // A law over states that are never reached would say nothing.
  expect(caseStates.filter((state) => state !== 'Detected' && !reached.has(state))).toEqual([]);
});

function keepsTheRules(before: Case, { do: wish }: Command, subject: Case): void {
  expect(subject.sequence).toBe(before.sequence + 1);
  expect(subject.events).toHaveLength(subject.sequence + 1);
  expect(subject.events.at(-1)?.state).toBe(subject.state);
  // Writing means: an approval, and of a plan that the case has now.
  const { execution } = subject;
  if (['Approved', 'Applying', 'Applied'].includes(subject.state)) {
    expect(subject.fixes.map((fix) => fix.planHash)).toContain(execution?.planHash);
  }
  if (wish === 'claim' && subject.state === 'Applying') {
    expect(before.execution?.planHash).toBe(execution?.planHash);
    expect(execution?.until && execution.until > (execution.claimedAt ?? '')).toBe(true);
  }
  expect(execution?.openClaims ?? 0).toBeLessThanOrEqual(3);
  expect(subject.deadLetterRounds).toBeLessThanOrEqual(3);
  // What has ended stays ended, except by a person or a new sighting.
  if (endedStates.includes(before.state) && before.state !== subject.state) expect(byPersonOrSource).toContain(wish);
  if (before.state === 'MergedInto') expect(subject.state).toBe('MergedInto');
  // What was written can be taken back: it leaves the record only by an undo.
  if (subject.state !== 'Undone') expect(writes(subject)).toBeGreaterThanOrEqual(writes(before));
}

function writes({ done, execution }: Case): number {
  return [...done, ...(execution ? [execution] : [])].filter((run) =>
    run.results.some((one) => one.outcome === 'Applied'),
  ).length;
}
