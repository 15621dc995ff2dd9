import type { AuditObject } from '../audit-object.ts';
import type { Claims, Failure, IdFixAttribute, IdFixRule } from './failure.ts';
import type { BlankProposal } from './rules.ts';

/** What IdFix does with one attribute. */
export interface Chain {
  readonly attribute: IdFixAttribute;
  /** The attribute as a row spells it, where that differs. */
  readonly attr?: string;
  /** One list, or the list for a value as it is stored. */
  readonly rules: readonly IdFixRule[] | ((value: string) => readonly IdFixRule[]);
  /** Asked when the attribute is absent; without it, absence passes. */
  readonly whenAbsent?: BlankProposal;
}

/**
 * Each rule sees the value as the failing rules before it have rewritten it.
 * @returns every error; the action and the proposal are those of the last failing rule
 */
export function check(chain: Chain, value: string, object: AuditObject, claims: Claims): Failure | null {
  const rules = typeof chain.rules === 'function' ? chain.rules(value) : chain.rules;
  let failed: Failure | null = null;
  let current = value;
  for (const rule of rules) {
    const failure = rule(current, object, claims);
    if (failure === null) continue;
    failed = failed === null ? failure : { ...failure, error: `${failed.error}, ${failure.error}` };
    current = failure.update ?? '';
  }
  return failed;
}
