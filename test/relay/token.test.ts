import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { createTokenCheck, type IdentifyCaller } from '../../src/relay/token.ts';

const issuer = 'https://login.example/tenant/v2.0';
const audience = 'api://relay';
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Keys;
let identify: IdentifyCaller;
beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  identify = createTokenCheck({
    issuer,
    audiences: [audience, 'guid-of-relay'],
    keys: createLocalJWKSet({ keys: [jwk] }),
  });
});

interface Part {
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string | null;
  readonly roles?: unknown;
  readonly signer?: Keys;
  readonly kid?: string;
}

async function bearer(part: Part = {}): Promise<string> {
  const token = new SignJWT({ oid: 'caller', roles: part.roles ?? ['Relay.Read'] })
    .setProtectedHeader({ alg: 'RS256', kid: part.kid ?? 'one' })
    .setIssuer(part.issuer ?? issuer)
    .setAudience(part.audience ?? audience)
    .setIssuedAt();
  if (part.expires !== null) token.setExpirationTime(part.expires ?? '10m');
  return `Bearer ${await token.sign((part.signer ?? keys).privateKey)}`;
}

it('knows a caller with a valid token, in either form of the audience', async () => {
  expect(await identify(await bearer())).toEqual({ kind: 'known', subject: 'caller', roles: ['Relay.Read'] });
  expect(await identify(await bearer({ audience: 'guid-of-relay' }))).toMatchObject({ kind: 'known' });
});

it('gives no role to a token without roles, or with something else there', async () => {
  for (const roles of ['Relay.Write', [1, null], { a: 'Relay.Write' }]) {
    expect(await identify(await bearer({ roles }))).toMatchObject({ kind: 'known', roles: [] });
  }
});

it('does not know a caller without a token, or with none that is a token', async () => {
  for (const header of [undefined, '', 'Bearer', 'Bearer x.y.z', 'Basic dXNlcjpwYXNz', 'Bearer eyJ']) {
    expect(await identify(header)).toMatchObject({ kind: 'unknown' });
  }
});

it('does not know a token that is expired, endless, for someone else, or from someone else', async () => {
  for (const part of [
    { expires: '-10m' },
    { expires: null },
    { audience: 'api://graph' },
    { issuer: 'https://login.example/other/v2.0' },
  ]) {
    expect(await identify(await bearer(part))).toMatchObject({ kind: 'unknown' });
  }
});

it('does not know a token that is forged, signed with an unknown key, or not signed', async () => {
  const stranger = await generateKeyPair('RS256');
  expect(await identify(await bearer({ signer: stranger }))).toMatchObject({ kind: 'unknown' });
  expect(await identify(await bearer({ kid: 'two' }))).toMatchObject({ kind: 'unknown' });
  const unsigned = new UnsecuredJWT({ roles: ['Relay.Write'] })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('10m')
    .encode();
  expect(await identify(`Bearer ${unsigned}`)).toMatchObject({ kind: 'unknown' });
});

it('says so when the keys cannot be had, instead of blaming the token', async () => {
  const down = createTokenCheck({
    issuer,
    audiences: [audience],
    keys: async () => {
      throw new TypeError('fetch failed');
    },
  });
  expect(await down(await bearer())).toMatchObject({ kind: 'noKeys' });
});
