import { expect, test } from 'vitest';
import { executedFix } from '../../src/domain/case.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Command } from '../../src/domain/decide.ts';
import { inverse, leavesNothing } from '../../src/domain/inverse.ts';
import { dueWork } from '../../src/domain/lane.ts';
import {
  adLane,
  applied,
  approve,
  at,
  caseAfter,
  claimIn,
  diagnosisOf,
  fixOf,
  recordDiagnosis,
  recordResults,
  release,
  report,
} from './case-builder.ts';

const taken = release();
const givenBack: Change = { ...inverse(taken), stage: 'claim' };
const touch = fixOf([taken, givenBack], { id: 'touch-bo' });

const released: readonly Command[] = [
  report,
  recordDiagnosis(diagnosisOf([touch])),
  approve(touch),
  claimIn(adLane),
  recordResults([applied(0)]),
  { do: 'proveStage', proof: 'gone' },
];

test('a claim is due from the proof of its release, not from the approval', () => {
  const subject = caseAfter(...released);
  expect(dueWork(subject)?.notBefore).toBe(subject.updatedAt);
});

test('a touch that went through leaves nothing to undo, one that stopped half-way does', () => {
  expect(leavesNothing([taken, givenBack])).toBe(true);
  expect(leavesNothing([taken])).toBe(false);
  expect(leavesNothing([])).toBe(true);
});

test('the undo of a touch is told from the touch, although their changes are the same', () => {
  const undo = fixOf([taken, givenBack], { id: 'undo-touch-bo', undoOf: touch.id });
  expect(undo.planHash).toBe(touch.planHash);
  const subject = caseAfter(
    ...released,
    claimIn(adLane, at(90)),
    recordResults([applied(1)], at(91)),
    { do: 'proveStage', proof: 'gone' },
    { do: 'proposeUndo', fix: undo, reason: 'a mistake' },
    approve(undo),
  );
  expect(executedFix(subject)?.id).toBe(undo.id);
});
