/** LDAP result codes (RFC 4511, appendix A) that Active Directory answers. */
export const resultCode = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  strongAuthRequired: 8,
  referral: 10,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidSyntax: 21,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccess: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRdn: 67,
  entryAlreadyExists: 68,
} as const;

export type ResultCode = (typeof resultCode)[keyof typeof resultCode];

/**
 * The directory refuses an operation. Thrown, because a refusal found deep inside an operation must undo nothing and
 * skip everything; the connection turns it into the response, and nothing else catches it.
 */
export class Refusal extends Error {
  readonly code: ResultCode;
  /** For noSuchObject: the deepest part of the name that exists. */
  readonly matchedDn: string;
  /** For referral: where to ask instead. */
  readonly referrals: readonly string[];

  constructor(code: ResultCode, message: string, more: { matchedDn?: string; referrals?: readonly string[] } = {}) {
    super(message);
    this.code = code;
    this.matchedDn = more.matchedDn ?? '';
    this.referrals = more.referrals ?? [];
  }
}
