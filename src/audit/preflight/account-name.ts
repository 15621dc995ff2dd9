import type { AuditObject } from '../audit-object.ts';
import { comparedAs } from '../claim-table.ts';
import { referenceOf } from '../finding.ts';
import { duplicateSamAccountName } from '../group-rules.ts';
import { holdersToName, type PreflightProblem } from './answer.ts';
import { holderOf, listed } from './holders.ts';

/** Somebody else; with a key when it is of the same request. */
interface Other {
  readonly key: string | null;
  readonly object: AuditObject;
}

/**
 * Active Directory refuses a second object with one account name in a domain, whatever the synchronisation would make of it.
 * @returns null when nobody has the name
 */
export function sharedAccountName(
  object: AuditObject,
  others: readonly Other[],
): Omit<PreflightProblem, 'attribute' | 'value'> | null {
  const name = comparedAs(object.sAMAccountName ?? '');
  const holders = others
    .filter(({ object: other }) => other.origin?.side !== 'entra' && comparedAs(other.sAMAccountName ?? '') === name)
    .filter(({ object: other }) => mayBeInOneDomain(other, object))
    .map(({ key, object: other }) => {
      const inputs = [{ attribute: 'sAMAccountName', value: other.sAMAccountName ?? '' }];
      return holderOf(referenceOf(other), key, inputs, undefined);
    });
  if (holders.length === 0) return null;
  const isDomainKnown = domainPartOf(object) !== null;
  const doubt = ' (the distinguished name, which would say in which domain it is to be, was not given)';
  return {
    rule: duplicateSamAccountName.code,
    severity: isDomainKnown ? 'error' : 'warning',
    message: `${name} is the account name of ${listed(holders)}: Active Directory refuses a second one in one domain${isDomainKnown ? '' : doubt}.`,
    remedy: 'Choose another account name.',
    ...holdersToName(holders),
  };
}

/** The naming context in which Active Directory keeps account names unique. */
function domainPartOf({ distinguishedName }: AuditObject): string | null {
  const at = distinguishedName?.search(/(?:^|,)dc=/i) ?? -1;
  return at < 0 ? null : (distinguishedName?.slice(at).replace(/^,/, '').toLowerCase() ?? null);
}

function mayBeInOneDomain(one: AuditObject, other: AuditObject): boolean {
  const [left, right] = [domainPartOf(one), domainPartOf(other)];
  return left === null || right === null || left === right;
}
