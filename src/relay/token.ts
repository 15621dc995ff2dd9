import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

export type Role = 'Relay.Read' | 'Relay.Write';

export type Caller =
  | { readonly kind: 'known'; readonly subject: string; readonly roles: readonly string[] }
  /** No token, or one that is not valid here; `because` goes into the log, not to the caller. */
  | { readonly kind: 'unknown'; readonly because: string }
  /** The signing keys could not be had: nothing is known of the token. */
  | { readonly kind: 'noKeys'; readonly because: string };

/** Tells who calls, from the `Authorization` header. */
export type IdentifyCaller = (authorization: string | undefined) => Promise<Caller>;

export interface TokenRules {
  readonly issuer: string;
  /** Entra's version 1 and 2 tokens name one application differently. */
  readonly audiences: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

const leewaySeconds = 60;

/** Fetched when first needed, kept, and fetched again (at most every 30 s) when a token names an unknown key. */
export const remoteKeys = (jwksUrl: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 30_000, timeoutDuration: 5_000 });

export function createTokenCheck({ issuer, audiences, keys }: TokenRules): IdentifyCaller {
  return async (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { kind: 'unknown', because: 'no bearer token' };
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: [...audiences],
        algorithms: ['RS256', 'PS256', 'ES256'],
        clockTolerance: leewaySeconds,
        requiredClaims: ['exp'],
      });
      return { kind: 'known', subject: String(payload['oid'] ?? payload.sub ?? ''), roles: textsIn(payload['roles']) };
    } catch (thrown) {
      const because = thrown instanceof Error ? thrown.message : String(thrown);
      return isAboutToken(thrown) ? { kind: 'unknown', because } : { kind: 'noKeys', because };
    }
  };
}

/** What else fails is the way to the keys: a connection, a time-out, an answer that is no key set. */
const isAboutToken = (thrown: unknown): boolean =>
  thrown instanceof errors.JWTClaimValidationFailed ||
  thrown instanceof errors.JWTExpired ||
  thrown instanceof errors.JWTInvalid ||
  thrown instanceof errors.JWSInvalid ||
  thrown instanceof errors.JWSSignatureVerificationFailed ||
  thrown instanceof errors.JOSEAlgNotAllowed ||
  thrown instanceof errors.JOSENotSupported ||
  thrown instanceof errors.JWKSNoMatchingKey ||
  thrown instanceof errors.JWKSMultipleMatchingKeys;

const textsIn = (claim: unknown): string[] =>
  Array.isArray(claim) ? claim.filter((item) => typeof item === 'string') : [];
