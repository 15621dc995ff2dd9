import { randomUUID } from 'node:crypto';
import { errors, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import type { MovableClock } from '../clock.ts';
import { type Control, control, oneOf } from '../control/control.ts';
import type { Claims } from '../tokens.ts';

export interface TokenRequest {
  readonly audience: string;
  /** Object id of who will present it. */
  readonly objectId: string;
  readonly clientId: string;
  readonly roles: readonly string[];
  readonly lifetimeSeconds: number;
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds since the epoch. */
  readonly expiresOn: number;
}

const clockSkewSeconds = 300;

/** Signs the access tokens of one tenant (RS256, version 1 claims as managed identities get them) and checks them. */
export class TokenIssuer {
  readonly tenantId: string;
  readonly issuer: string;
  readonly keySet: JSONWebKeySet;
  readonly #clock: MovableClock;
  readonly #keyId: string;
  readonly #keys: Awaited<ReturnType<typeof generateKeyPair>>;
  /** Object ids whose tokens are refused as expired although they look good: a clock that disagrees. */
  #identities: 'normal' | 'expired' = 'normal';
  readonly #identityIds = new Set<string>();

  private constructor(
    tenantId: string,
    clock: MovableClock,
    keys: Awaited<ReturnType<typeof generateKeyPair>>,
    jwk: JSONWebKeySet['keys'][number],
  ) {
    this.tenantId = tenantId;
    this.issuer = `https://sts.windows.net/${tenantId}/`;
    this.#clock = clock;
    this.#keys = keys;
    this.#keyId = randomUUID();
    this.keySet = { keys: [{ ...jwk, kid: this.#keyId, use: 'sig', alg: 'RS256' }] };
  }

  static async create(tenantId: string, clock: MovableClock): Promise<TokenIssuer> {
    const keys = await generateKeyPair('RS256');
    return new TokenIssuer(tenantId, clock, keys, await exportJWK(keys.publicKey));
  }

  async issue({ audience, objectId, clientId, roles, lifetimeSeconds }: TokenRequest): Promise<IssuedToken> {
    const now = Math.floor(this.#clock.now() / 1000);
    const expiresOn = now + lifetimeSeconds;
    const token = await new SignJWT({
      appid: clientId,
      idtyp: 'app',
      oid: objectId,
      roles: [...roles],
      tid: this.tenantId,
      ver: '1.0',
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.#keyId })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setSubject(objectId)
      .setIssuedAt(now - clockSkewSeconds)
      .setNotBefore(now - clockSkewSeconds)
      .setExpirationTime(expiresOn)
      .sign(this.#keys.privateKey);
    return { token, expiresOn };
  }

  /** A managed identity's token: an hour long, or already expired while `identity.tokens` says so. */
  async issueToIdentity(request: Omit<TokenRequest, 'lifetimeSeconds'>): Promise<IssuedToken> {
    this.#identityIds.add(request.objectId);
    if (this.#identities === 'normal') return this.issue({ ...request, lifetimeSeconds: 3600 });
    const { token } = await this.issue({ ...request, lifetimeSeconds: -120 });
    return { token, expiresOn: Math.floor(this.#clock.now() / 1000) + 3600 };
  }

  readonly verify = async (token: string, audience: string): Promise<Claims> => {
    const { payload } = await jwtVerify(token, this.#keys.publicKey, {
      issuer: this.issuer,
      audience: [audience, `${audience}/`],
      currentDate: new Date(this.#clock.now()),
    });
    const oid = String(payload['oid']);
    if (this.#identities === 'expired' && this.#identityIds.has(oid)) {
      throw new errors.JWTExpired('"exp" claim timestamp check failed', payload, 'exp');
    }
    return { aud: audience, oid, tid: String(payload['tid']), roles: payload['roles'] as string[] };
  };

  controls(): Control[] {
    return [
      control({
        name: 'identity.tokens',
        meaning:
          "Tokens of the apps' managed identities: normal, or expired (new ones have expired, and Graph and Service Bus refuse earlier ones as well). Default normal.",
        read: () => this.#identities,
        accept: (value) => oneOf(value, ['normal', 'expired'], 'identity.tokens takes normal or expired'),
        set: (tokens) => {
          this.#identities = tokens;
        },
      }),
    ];
  }
}
