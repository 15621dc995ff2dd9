import { ManagedIdentityCredential } from '@azure/identity';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCertificates, trustInThisProcess } from '../../../dev/certificates.ts';
import { MovableClock } from '../../../dev/clock.ts';
import { audiences, createIdentity, type Identity } from '../../../dev/identity/identities.ts';
import { type IdentityStandIn, startIdentity } from '../../../dev/identity/start-identity.ts';
import { TokenIssuer } from '../../../dev/identity/token-issuer.ts';
import { tokenOfEverything } from '../../../dev/identity/token-of-everything.ts';

const tenantId = 'd6c1f7a0-36c8-4a7f-9c53-6a1a0f3f9a11';
const clock = new MovableClock();
const identities = { api: createIdentity('api'), worker: createIdentity('worker') };
let issuer: TokenIssuer;
let identity: IdentityStandIn;

beforeAll(async () => {
  const { authority, server } = await createCertificates();
  trustInThisProcess(authority);
  issuer = await TokenIssuer.create(tenantId, clock);
  identity = await startIdentity({ issuer, tls: server, identities: Object.values(identities) });
});
afterAll(() => identity?.stop());
afterEach(async () => {
  clock.advance(-clock.offset);
  await issuer.controls()[0]?.write('normal');
});

async function ask(query: Record<string, string>, header = identities.worker.header): Promise<Response> {
  const url = new URL(identity.managedIdentityUrl);
  url.search = new URLSearchParams({ 'api-version': '2019-08-01', ...query }).toString();
  return fetch(url, { headers: { 'x-identity-header': header } });
}

async function tokenOf({ header }: Identity, resource: string): Promise<string> {
  const response = await ask({ resource }, header);
  return ((await response.json()) as { access_token: string }).access_token;
}

describe('the managed-identity endpoint', () => {
  test('serves the real credential of @azure/identity', async () => {
    process.env['IDENTITY_ENDPOINT'] = identity.managedIdentityUrl;
    process.env['IDENTITY_HEADER'] = identities.worker.header;
    try {
      const credential = new ManagedIdentityCredential({ clientId: identities.worker.clientId });
      const { token, expiresOnTimestamp } = await credential.getToken('https://graph.microsoft.com/.default');
      const claims = await issuer.verify(token, audiences.graph);
      expect(claims).toMatchObject({ tid: tenantId, oid: identities.worker.objectId });
      expect(Math.abs(expiresOnTimestamp - Date.now() - 3_600_000)).toBeLessThan(60_000);
    } finally {
      delete process.env['IDENTITY_ENDPOINT'];
      delete process.env['IDENTITY_HEADER'];
    }
  });

  test('lets the app that answers people read, and only the other one write', async () => {
    const rolesOf = async (who: Identity, resource: string) => decodeJwt(await tokenOf(who, resource))['roles'];
    expect(await rolesOf(identities.api, audiences.graph)).not.toContain('User.ReadWrite.All');
    expect(await rolesOf(identities.worker, audiences.graph)).toContain('User.ReadWrite.All');
    expect(await rolesOf(identities.api, audiences.relay)).toEqual(['Relay.Read']);
    expect(await rolesOf(identities.worker, audiences.relay)).toEqual(['Relay.Read', 'Relay.Write']);
  });

  test('refuses a wrong header, version, resource, client id and path', async () => {
    const resource = audiences.graph;
    expect((await ask({ resource }, 'guessed')).status).toBe(401);
    expect((await ask({ resource, 'api-version': '2017-09-01' })).status).toBe(400);
    expect((await ask({ resource: 'https://vault.azure.net' })).status).toBe(400);
    expect((await ask({ resource, client_id: identities.api.clientId })).status).toBe(400);
    expect((await fetch(identity.managedIdentityUrl.replace('/msi', '/oauth2'))).status).toBe(404);
  });

  test('ignores a slash at the end of the resource', async () => {
    const token = await tokenOf(identities.api, `${audiences.serviceBus}/`);
    await expect(issuer.verify(token, audiences.serviceBus)).resolves.toMatchObject({ aud: audiences.serviceBus });
  });
});

describe('a token', () => {
  test('is verified by anyone through the published keys', async () => {
    const configuration = identity.keysUrl.replace('/discovery/v2.0/keys', '/v2.0/.well-known/openid-configuration');
    const { jwks_uri, issuer: named } = (await (await fetch(configuration)).json()) as Record<string, string>;
    const keys = createRemoteJWKSet(new URL(jwks_uri ?? ''));
    const token = await tokenOf(identities.api, audiences.relay);
    const { protectedHeader, payload } = await jwtVerify(token, keys, {
      issuer: named ?? '',
      audience: audiences.relay,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload.sub).toBe(identities.api.objectId);
  });

  test('is refused for another audience, from another issuer, and after its hour', async () => {
    const token = await tokenOf(identities.api, audiences.graph);
    await expect(issuer.verify(token, audiences.relay)).rejects.toThrow('aud');
    const other = await TokenIssuer.create(tenantId, clock);
    const forged = await tokenOfEverything(other, audiences.graph);
    await expect(issuer.verify(forged, audiences.graph)).rejects.toThrow('signature');
    clock.advance(3_601_000);
    await expect(issuer.verify(token, audiences.graph)).rejects.toThrow('exp');
  });

  test('of a caller from outside holds every permission and outlives years', async () => {
    const token = await tokenOfEverything(issuer, audiences.graph);
    clock.advance(9 * 365 * 24 * 3_600_000);
    const { roles } = await issuer.verify(token, audiences.graph);
    expect(roles).toEqual(expect.arrayContaining(['User.ReadWrite.All', 'Group.ReadWrite.All', 'AuditLog.Read.All']));
  });

  test('of an identity is refused while identity.tokens says expired, of a caller from outside it is not', async () => {
    const earlier = await tokenOf(identities.worker, audiences.graph);
    const outside = await tokenOfEverything(issuer, audiences.graph);
    const [control] = issuer.controls();
    await control?.write('expired');
    await expect(issuer.verify(earlier, audiences.graph)).rejects.toThrow('exp');
    const later = await tokenOf(identities.worker, audiences.graph);
    expect((decodeJwt(later).exp ?? 0) * 1000).toBeLessThan(Date.now());
    await expect(issuer.verify(outside, audiences.graph)).resolves.toBeDefined();
    await control?.write('normal');
    await expect(issuer.verify(earlier, audiences.graph)).resolves.toBeDefined();
    expect(() => control?.write('forged')).toThrow('normal or expired');
  });
});
