import type { Case } from './case.ts';
import type { Fix, Risk } from './diagnosis.ts';

/** Which recommended fixes may be approved without a person. Empty by default: nothing is. */
export type ApprovalPolicy = readonly { readonly code: string; readonly mostRisk: Risk }[];

const order: readonly Risk[] = ['low', 'medium', 'high'];

/**
 * The fix that the policy approves, if any: recommended, of the allowed class, on a case that was never undone nor reverted:
 * while another hand writes the old value, the two would take turns for ever. A change of a userPrincipalName is never
 * approved by policy, whatever its stated risk.
 */
export function approvedByPolicy(policy: ApprovalPolicy, subject: Case): Fix | undefined {
  const allowed = policy.find((entry) => entry.code === subject.error.code);
  const foughtOver = subject.undone || subject.events.some(({ type }) => type === 'Reverted');
  if (!allowed || foughtOver || subject.state !== 'AwaitingApproval') return undefined;
  return subject.fixes.find(
    (fix) =>
      fix.recommended &&
      fix.kind === 'changes' &&
      fix.undoOf === undefined &&
      order.indexOf(fix.risk) <= order.indexOf(allowed.mostRisk) &&
      fix.changes.every((change) => change.attribute !== 'userPrincipalName'),
  );
}
