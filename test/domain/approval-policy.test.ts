import { expect, test } from 'vitest';
import { type ApprovalPolicy, approvedByPolicy } from '../../src/domain/approval-policy.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import {
  carriedOut,
  caseAfter,
  caseIn,
  claim,
  diagnosisOf,
  fixOf,
  recordDiagnosis,
  release,
  report,
} from './case-builder.ts';

const upToMedium: ApprovalPolicy = [{ code: 'QuarantinedProxyAddress', mostRisk: 'medium' }];
const waiting = (fix: Partial<Fix> = {}, changes = [release()]) =>
  caseAfter(report, recordDiagnosis(diagnosisOf([fixOf(changes, fix)])));

test('nothing is approved by default', () => {
  expect(approvedByPolicy([], waiting())).toBeUndefined();
});

test('a recommended fix of an allowed class is', () => {
  expect(approvedByPolicy(upToMedium, waiting())?.id).toBe('release-from-bo');
});

test.each<[string, ReturnType<typeof caseIn>, ApprovalPolicy]>([
  ['of another code', waiting(), [{ code: 'QuarantinedUserPrincipalName', mostRisk: 'high' }]],
  ['of a higher risk', waiting({ risk: 'high' }), upToMedium],
  ['of a userPrincipalName, whatever its stated risk', waiting({ risk: 'low' }, [claim()]), upToMedium],
  ['with a userPrincipalName among its changes', waiting({ risk: 'low' }, [release(), claim()]), upToMedium],
  ['that is not recommended', waiting({ recommended: false }), upToMedium],
  ['of a case that was undone', { ...waiting(), undone: true }, upToMedium],
  ['of a case that another hand reverted', carriedOut(caseIn('Reverted'), recordDiagnosis()), upToMedium],
  ['of a case that waits for a person', caseIn('NeedsPerson'), upToMedium],
  ['that is an undo', { ...caseIn('UndoProposed') }, upToMedium],
])('a fix %s is not', (_story, subject, policy) => {
  expect(approvedByPolicy(policy, subject)).toBeUndefined();
});
