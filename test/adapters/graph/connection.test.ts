import { describe, expect, test } from 'vitest';
import { graphError, list, notFound, ok, type Reply, startScriptedGraph } from './scripted-graph.ts';

const id = '4d7a3f1e-0000-4000-8000-000000000001';
const readUser = async (reply: Reply, options = {}) => {
  const graph = await startScriptedGraph({ route: () => reply }, options);
  return { ...graph, result: await graph.directory.read('user', id) };
};

describe('a request that got no usable answer may be tried again', () => {
  test('throttled: after the seconds that Graph asked for', async () => {
    const throttled = graphError(429, 'TooManyRequests', 'slow down', { 'Retry-After': '7' });
    const { result, asked } = await readUser(throttled);
    expect(result).toMatchObject({ ok: false, failure: { kind: 'TryAgain', afterSeconds: 7 } });
    expect(asked, 'the client itself must not retry').toHaveLength(1);
  });

  test('unavailable: without a wish', async () => {
    const { result, asked } = await readUser(graphError(503, 'ServiceUnavailable'));
    expect(result).toEqual({
      ok: false,
      failure: { kind: 'TryAgain', message: 'Graph answered 503 ServiceUnavailable: ServiceUnavailable' },
    });
    expect(asked).toHaveLength(1);
  });

  test('a token that expired on the way', async () => {
    const { result } = await readUser(graphError(401, 'InvalidAuthenticationToken', 'Lifetime validation failed'));
    expect(result).toMatchObject({ ok: false, failure: { kind: 'TryAgain' } });
  });

  test('no answer in time', async () => {
    const { result } = await readUser('hang', { timeoutMs: 150 });
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringMatching(/timeout/i) },
    });
  });

  test('a connection that breaks names its cause', async () => {
    const { result } = await readUser('cut');
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringMatching(/ECONNRESET|socket hang up/) },
    });
  });

  test("a gateway's page instead of JSON", async () => {
    const { result } = await readUser({ status: 502, text: '<html>Bad gateway</html>' });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'TryAgain', message: expect.stringContaining('502') } });
  });

  test('a success whose JSON is cut off', async () => {
    const { result } = await readUser({ status: 200, text: '{"id": "4d7a' });
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringContaining('not JSON') },
    });
  });

  test('an object of another shape names the property', async () => {
    const { result } = await readUser(ok({ id, proxyAddresses: 'smtp:ann@contoso.com' }));
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringContaining('proxyAddresses') },
    });
  });

  test('a credential that gives no token', async () => {
    const token = () => Promise.reject(new Error('the identity endpoint is down'));
    const { result, asked } = await readUser(ok({ id }), { token });
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringContaining('identity endpoint is down') },
    });
    expect(asked).toHaveLength(0);
  });
});

test('a missing permission is named with its remedy', async () => {
  const { result } = await readUser(graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges'));
  expect(result).toMatchObject({
    ok: false,
    failure: { kind: 'NotPermitted', remedy: 'Grant the application permission User.Read.All.' },
  });
});

test('a user that was deleted meanwhile is found among the deleted ones', async () => {
  const deleted = { id, displayName: 'Ann', deletedDateTime: '2026-11-01T00:00:00Z' };
  const graph = await startScriptedGraph({
    route: ({ path }) => (path === '/directory/deletedItems/microsoft.graph.user' ? list(deleted) : notFound),
  });
  const result = await graph.directory.read('user', id);
  expect(result).toMatchObject({ ok: true, value: { id, deletedDateTime: '2026-11-01T00:00:00Z' } });
});

test('an object that is nowhere is gone', async () => {
  const graph = await startScriptedGraph({
    route: ({ path }) => (path.startsWith('/directory/deletedItems') ? list() : notFound),
  });
  expect(await graph.directory.read('user', id)).toMatchObject({ ok: false, failure: { kind: 'Gone' } });
  expect(await graph.directory.read('group', id)).toMatchObject({ ok: false, failure: { kind: 'Gone' } });
});

test('every request carries the token', async () => {
  const { asked } = await readUser(ok({ id }));
  expect(asked[0]?.headers['authorization']).toBe('Bearer a-token');
});

test('a next link to another host does not get the token', async () => {
  const other = await startScriptedGraph({ route: () => list() });
  const graph = await startScriptedGraph({
    route: () => ok({ value: [], '@odata.nextLink': `https://localhost:${other.port}/v1.0/domains?$skiptoken=2` }),
  });
  await graph.directory.verifiedDomains();
  expect(other.asked).toHaveLength(1);
  expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
});
