import { describe, expect, test } from 'vitest';
import { sighting } from '../../../src/domain/sighting.ts';
import { type Asked, graphError, list, ok, type Reply, startScriptedGraph, tenant } from './scripted-graph.ts';

const quarantined = (id: string, error: Record<string, unknown> = {}) => ({
  id,
  displayName: `User ${id}`,
  userPrincipalName: `${id}@contoso.com`,
  onPremisesImmutableId: 'MyIRAFVEd2aImaq7zN3u/w==',
  onPremisesProvisioningErrors: [
    {
      category: 'PropertyConflict',
      occurredDateTime: '2026-11-20T08:00:00Z',
      propertyCausingError: 'ProxyAddress',
      value: 'smtp:ann@contoso.com',
      ...error,
    },
  ],
});

const source = async (users: (asked: Asked) => Reply, others: (asked: Asked) => Reply = () => list()) =>
  startScriptedGraph({ route: (asked) => (asked.path === '/users' ? users(asked) : others(asked)) });

const unsupported = graphError(400, 'Request_UnsupportedQuery', 'Unsupported query');
const isByCategory = ({ query }: Asked) => query.get('$filter')?.includes('any(') === true;
const isAdvanced = ({ headers, query }: Asked) =>
  headers['consistencylevel'] === 'eventual' && query.get('$count') === 'true';

test('one call a type suffices while the service filters by the error', async () => {
  const graph = await source(() => list(quarantined('u1')));
  const read = await graph.source.read();
  expect(read).toEqual({
    ok: true,
    value: {
      complete: true,
      problems: [],
      sightings: [
        {
          v: 1,
          tenant,
          source: 'graph',
          code: 'QuarantinedProxyAddress',
          family: 'DuplicateValue',
          originalCode: 'PropertyConflict',
          objectType: 'user',
          displayName: 'User u1',
          identities: { cloudId: 'u1', sourceAnchor: 'MyIRAFVEd2aImaq7zN3u/w==' },
          attribute: 'proxyAddresses',
          value: 'smtp:ann@contoso.com',
          occurredAt: '2026-11-20T08:00:00.000Z',
          raw: {
            onPremisesProvisioningError: quarantined('u1').onPremisesProvisioningErrors[0],
            userPrincipalName: 'u1@contoso.com',
          },
        },
      ],
    },
  });
  expect(graph.asked.map(({ path }) => path).toSorted()).toEqual(['/contacts', '/groups', '/users']);
  expect(graph.asked.every(({ query }) => query.get('$top') === '999')).toBe(true);
});

describe('the service refuses the filter', () => {
  test('as it stands: the advanced form is taken, and remembered', async () => {
    const graph = await source((asked) => (isAdvanced(asked) ? list(quarantined('u1')) : unsupported));
    for (const calls of [4, 3]) {
      graph.asked.length = 0;
      expect(await graph.source.read()).toMatchObject({ ok: true, value: { complete: true, sightings: [{ tenant }] } });
      expect(graph.asked).toHaveLength(calls);
    }
  });

  test('in both forms: every synchronised object is read and its errors are looked at here', async () => {
    const healthy = { id: 'u2', displayName: 'Healthy', onPremisesProvisioningErrors: [] };
    const graph = await source((asked) => (isByCategory(asked) ? unsupported : list(healthy, quarantined('u1'))));
    for (const calls of [5, 3]) {
      graph.asked.length = 0;
      const read = await graph.source.read();
      expect(read).toMatchObject({ ok: true, value: { complete: true } });
      expect(read.ok && read.value.sightings.map(({ identities }) => identities.cloudId)).toEqual(['u1']);
      expect(graph.asked).toHaveLength(calls);
    }
    expect(graph.asked.find(({ path }) => path === '/users')?.query.get('$filter')).toBe(
      'onPremisesSyncEnabled eq true',
    );
  });

  test('once by mistake: a form that was only throttled is not remembered', async () => {
    const graph = await source((asked) => (isAdvanced(asked) ? graphError(429, 'TooManyRequests') : unsupported));
    await graph.source.read();
    graph.asked.length = 0;
    await graph.source.read();
    expect(graph.asked.filter(({ path }) => path === '/users').map(isAdvanced)).toEqual([false, true]);
  });

  test('in every form: the read is incomplete', async () => {
    const graph = await source(() => unsupported);
    expect(await graph.source.read()).toMatchObject({
      ok: true,
      value: { complete: false, problems: [expect.stringContaining('Request_UnsupportedQuery')] },
    });
  });

  test('of one type only: the others keep theirs', async () => {
    const graph = await source(
      () => list(),
      (asked) => (isByCategory(asked) ? unsupported : list()),
    );
    await graph.source.read();
    graph.asked.length = 0;
    await graph.source.read();
    const byCategory = graph.asked.filter(isByCategory).map(({ path }) => path);
    expect(byCategory).toEqual(['/users']);
  });
});

describe('an incomplete read proves no absence', () => {
  const paged = (second: Reply) => async () => {
    const graph = await source(({ query }) => {
      if (query.get('$skiptoken') !== null) return second;
      const next = `https://127.0.0.1:${graph.port}/v1.0/users?$skiptoken=2`;
      return ok({ value: [quarantined('u1')], '@odata.nextLink': next });
    });
    return graph.source.read();
  };

  test('all pages are followed', async () => {
    const read = await paged(list(quarantined('u2')))();
    expect(read).toMatchObject({ ok: true, value: { complete: true, sightings: [{}, {}] } });
  });

  test('a page that fails midway keeps what was seen before it', async () => {
    const read = await paged(graphError(503, 'ServiceUnavailable'))();
    expect(read).toMatchObject({ ok: true, value: { complete: false, sightings: [{ displayName: 'User u1' }] } });
    expect(read.ok && read.value.problems).toEqual([expect.stringContaining('users could not be read to the end')]);
  });

  test('a page that is cut off midway does too', async () => {
    const read = await paged({ status: 200, text: '{"value": [' })();
    expect(read).toMatchObject({ ok: true, value: { complete: false, sightings: [{ displayName: 'User u1' }] } });
  });

  test('a type that may not be read is named with its permission', async () => {
    const graph = await source(
      () => list(),
      ({ path }) => (path === '/contacts' ? graphError(403, 'Authorization_RequestDenied') : list()),
    );
    const read = await graph.source.read();
    expect(read).toMatchObject({ ok: true, value: { complete: false } });
    expect(read.ok && read.value.problems).toEqual([expect.stringContaining('OrgContact.Read.All')]);
  });

  test('an object of another shape does not hide its neighbours', async () => {
    const graph = await source(() => list({ id: 'odd', displayName: 7 }, quarantined('u1')));
    expect(await graph.source.read()).toMatchObject({
      ok: true,
      value: {
        complete: false,
        sightings: [{ displayName: 'User u1' }],
        problems: [expect.stringContaining('displayName')],
      },
    });
  });
});

test('when nothing at all can be read, the read fails with the wish of the service', async () => {
  const throttled = graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': '9' });
  const graph = await source(
    () => throttled,
    () => throttled,
  );
  expect(await graph.source.read()).toMatchObject({ ok: false, failure: { kind: 'TryAgain', afterSeconds: 9 } });
});

test.each([
  { category: 'FutureConflict' },
  { propertyCausingError: 'FutureAttribute' },
  { category: null, propertyCausingError: null, value: null, occurredDateTime: 'yesterday', extra: { deep: [1] } },
])('what the catalogue does not know is kept whole: %j', async (error) => {
  const graph = await source(() => list(quarantined('u1', error)));
  const read = await graph.source.read();
  if (!read.ok) throw new Error(read.failure.message);
  const [seen] = read.value.sightings;
  expect(seen).toMatchObject({ code: 'NotUnderstood', raw: { onPremisesProvisioningError: error } });
  expect(sighting.safeParse(seen).success).toBe(true);
});
