import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  changeAnswers,
  connectorSpaceResponse,
  largestRelayBody,
  schedulerResponse,
  searchResponse,
  syncCycleResponse,
} from '../../src/relay-contract.ts';
import { scriptedEngine, timedEngine } from './adsync/scripted-engine.ts';
import { type Forests, startForests } from './forests.ts';
import { type Sent, serveRelay } from './served-relay.ts';

let forests: Forests;
let relay: Awaited<ReturnType<typeof serveRelay>>;
let without: Awaited<ReturnType<typeof serveRelay>>;
const connectorSpaceAsked: string[][] = [];
beforeAll(async () => {
  forests = await startForests();
  const engine = {
    ...timedEngine(30).engine,
    connectors: async () => ({
      ok: true as const,
      value: [
        {
          name: 'contoso AD',
          type: 'AD' as const,
          identifier: 'a',
          forest: 'contoso.com',
          lastImportedDomainController: null,
          preferredDomainControllers: [],
          partitions: [],
        },
        { name: 'tenant - AAD', type: 'AAD' as const, identifier: 'b', preferredDomainControllers: [], partitions: [] },
      ],
    }),
    connectorSpaceObject: async (connectorName: string, distinguishedName: string) => {
      connectorSpaceAsked.push([connectorName, distinguishedName]);
      return { ok: true as const, value: { found: false as const } };
    },
  };
  relay = await serveRelay(engine, forests.directory);
  const missing = async () => ({ ok: false as const, kind: 'NotInstalled' as const });
  without = await serveRelay(
    scriptedEngine({ scheduler: missing, runHistory: missing, explainValue: missing }),
    forests.directory,
  );
});
afterAll(async () => {
  await relay.stop();
  await without.stop();
  await forests.stop();
});
afterEach(() => forests.set('ad.faults', {}));

const search: Sent = { body: { by: { kind: 'address', address: 'someone@contoso.com' } } };

describe('who may ask', () => {
  it('refuses a caller without a token, before it tells what there is', async () => {
    for (const path of ['/v1/scheduler', '/v1/nothing']) {
      const answer = await relay.send('GET', path, { roles: null });
      expect(answer).toMatchObject({ status: 401, body: { status: 401, code: 'Unauthorized' } });
      expect(answer.headers).toMatchObject({
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer',
      });
    }
  });

  it('lets a reader read and nothing else', async () => {
    const roles = ['Relay.Read'];
    expect(await relay.send('POST', '/v1/search', { ...search, roles })).toMatchObject({ status: 200 });
    for (const path of ['/v1/changes', '/v1/sync-cycles']) {
      expect(await relay.send('POST', path, { body: {}, roles })).toMatchObject({
        status: 403,
        body: { code: 'Forbidden' },
      });
    }
  });

  it('lets nobody in by another role', async () => {
    expect(await relay.send('GET', '/v1/scheduler', { roles: ['Relay.Everything'] })).toMatchObject({ status: 403 });
    expect(await relay.send('GET', '/v1/scheduler', { roles: [] })).toMatchObject({ status: 403 });
  });
});

describe('bad requests', () => {
  it('says what is not there, and which method is', async () => {
    expect(await relay.send('GET', '/v1/nothing')).toMatchObject({ status: 404 });
    expect(await relay.send('GET', '/v1/search')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('takes JSON only', async () => {
    expect(await relay.send('POST', '/v1/search', { raw: 'by=x', contentType: 'text/plain' })).toMatchObject({
      status: 415,
    });
    expect(await relay.send('POST', '/v1/search', { raw: '{"by"' })).toMatchObject({ status: 400 });
    expect(await relay.send('POST', '/v1/search', { raw: Buffer.from([0x22, 0xff, 0x22]) })).toMatchObject({
      status: 400,
    });
  });

  it('names the fields that do not fit', async () => {
    const answer = await relay.send('POST', '/v1/search', {
      body: { by: { kind: 'objectGuid', objectGuid: '(cn=*)' } },
    });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('by.objectGuid') } });
    expect(
      await relay.send('POST', '/v1/search', { body: { by: { kind: 'filter', filter: '(cn=*)' } } }),
    ).toMatchObject({ status: 400 });
    expect(await relay.send('GET', '/v1/run-history?count=none')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('count') },
    });
  });

  it('refuses a body that is too large, and goes on serving', async () => {
    const raw = JSON.stringify({ by: 'x'.repeat(largestRelayBody + 10) });
    expect(await relay.send('POST', '/v1/search', { raw })).toMatchObject({
      status: 413,
      headers: { connection: 'close' },
    });
    expect(await relay.send('POST', '/v1/search', search)).toMatchObject({ status: 200 });
  });
});

describe('the directory', () => {
  it('searches, reads states and changes', async () => {
    const dn = await forests.add('CN=Http,CN=Users,DC=contoso,DC=com', {
      objectClass: 'user',
      mail: 'http@contoso.com',
    });
    const found = await relay.send('POST', '/v1/search', {
      body: { by: { kind: 'address', address: 'http@contoso.com' } },
    });
    expect(searchResponse.parse(found.body).objects.map(({ distinguishedName }) => distinguishedName)).toEqual([dn]);
    const change = {
      forest: 'contoso.com',
      objectGuid: await forests.guidOf(dn),
      attribute: 'mail',
      operation: 'replace',
      values: ['http2@contoso.com'],
      before: { kind: 'single', value: 'http@contoso.com' },
      after: { kind: 'single', value: 'http2@contoso.com' },
    };
    const states = await relay.send('POST', '/v1/changes/read', { body: { changes: [change] } });
    expect(changeAnswers.parse(states.body).answers).toMatchObject([{ outcome: 'state', found: change.before }]);
    const body = { changes: [{ idempotencyKey: 'http', begun: false, change }] };
    const first = await relay.send('POST', '/v1/changes', { body });
    expect(changeAnswers.parse(first.body).answers).toMatchObject([{ outcome: 'applied' }]);
    expect((await relay.send('POST', '/v1/changes', { body })).body).toEqual(first.body);
  });

  it('is unavailable as a whole when one forest does not answer', async () => {
    await forests.set('ad.faults', { down: ['dc4.fabrikam.com'] });
    const answer = await relay.send('POST', '/v1/search', search);
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '15' },
      body: { detail: expect.stringContaining('fabrikam.com') },
    });
  });

  it('keeps personal data out of the log', async () => {
    await relay.send('POST', '/v1/search', search);
    expect(JSON.stringify(relay.logged)).not.toContain('someone@contoso.com');
    expect(relay.logged).toContainEqual({
      level: 'info',
      message: 'Request answered',
      data: expect.objectContaining({ path: '/v1/search', status: 200 }),
    });
  });
});

describe('the sync engine', () => {
  it('starts a cycle and tells its state', async () => {
    const asked = await relay.send('POST', '/v1/sync-cycles', { body: { policyType: 'Delta' } });
    expect(asked.status).toBe(202);
    const { id } = asked.body as { id: string };
    await vi.waitFor(async () => {
      const { body } = await relay.send('GET', `/v1/sync-cycles/${id}`);
      expect(syncCycleResponse.parse(body).state).toBe('completed');
    });
    expect(await relay.send('GET', '/v1/sync-cycles/unknown')).toMatchObject({ status: 404 });
  });

  it('looks up the connector and the present name of an object', async () => {
    const dn = await forests.add('CN=Space,CN=Users,DC=eu,DC=contoso,DC=com', { objectClass: 'user' });
    connectorSpaceAsked.length = 0;
    for (const body of [
      { forest: 'Contoso.com', objectGuid: await forests.guidOf(dn) },
      { sourceAnchor: 'x4V0iaeB60KXxjftcwd7Hw==' },
      { connectorName: 'any', distinguishedName: 'CN=any' },
    ]) {
      const answer = await relay.send('POST', '/v1/connector-space-object', { body });
      expect(connectorSpaceResponse.parse(answer.body)).toEqual({ found: false });
    }
    expect(connectorSpaceAsked).toEqual([
      ['contoso AD', dn],
      ['tenant - AAD', 'CN={783456306961654236304B58786A66746377643748773D3D}'],
      ['any', 'CN=any'],
    ]);
  });

  it('says that it does not answer, with the cmdlet’s own words', async () => {
    expect(await relay.send('GET', '/v1/export-errors')).toMatchObject({
      status: 503,
      body: { code: 'EngineUnavailable', detail: 'not scripted' },
    });
  });

  it('says that it is not installed', async () => {
    const scheduler = await without.send('GET', '/v1/scheduler');
    expect(schedulerResponse.parse(scheduler.body)).toMatchObject({ installed: false, version: null });
    expect(await without.send('GET', '/v1/run-history')).toMatchObject({ status: 501, body: { code: 'NotInstalled' } });
    expect(await without.send('POST', '/v1/sync-cycles', { body: { policyType: 'Initial' } })).toMatchObject({
      status: 501,
    });
    const body = { sourceAnchor: 'eA==', attribute: 'mail' };
    expect(await without.send('POST', '/v1/explain', { body })).toMatchObject({ status: 501 });
  });
});
