import { ResultCodeError } from 'ldapts';

/** Result codes of LDAP (RFC 4511) that the relay tells apart, with what Active Directory means by them. */
export const resultCode = {
  operationsError: 1,
  strongerAuthRequired: 8,
  referral: 10,
  /** The value to delete is not there, or (ambiguous) the attribute is not in the schema. */
  noSuchAttribute: 16,
  /** On userPrincipalName: another object of the forest has it (MS-ADTS 3.1.1.5.1.3). */
  constraintViolation: 19,
  /** The value to add is already there. */
  attributeOrValueExists: 20,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  other: 80,
} as const;

/** What a domain controller answered when it did not do what was asked. */
export interface LdapFailure {
  /** null: there was no answer (not reachable, TLS refused, connection lost, timed out). */
  readonly code: number | null;
  readonly message: string;
  readonly cause: unknown;
}

export type LdapAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: LdapFailure };

const passing: ReadonlySet<number> = new Set([
  resultCode.operationsError,
  resultCode.strongerAuthRequired,
  resultCode.busy,
  resultCode.unavailable,
  resultCode.other,
]);

/** Whether the same request may succeed later: no answer, busy, or a session that lost its authentication. */
export const isPassing = (failure: LdapFailure): boolean => failure.code === null || passing.has(failure.code);

/**
 * Translates what `ldapts` threw. A referral arrives there as an unknown status code, but carries its number like the rest.
 * @throws whatever is a bug of ours and no answer of a server
 */
export function ldapFailureOf(thrown: unknown): LdapFailure {
  if (thrown instanceof ResultCodeError) {
    return { code: thrown.code, message: readable(thrown.message), cause: thrown };
  }
  if (!(thrown instanceof Error) || thrown instanceof TypeError || thrown instanceof RangeError) throw thrown;
  const systemCode = 'code' in thrown && typeof thrown.code === 'string' ? ` (${thrown.code})` : '';
  return { code: null, message: `${readable(thrown.message)}${systemCode}`, cause: thrown };
}

/** Windows ends its texts with a NUL. */
const readable = (text: string): string => text.replaceAll('\0', '').trim();
