import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureApp, functionKey, type LocalHost, masterKey, startLocalHost } from './local-host.ts';

let local: LocalHost;

beforeAll(async () => {
  const environment = { GREETING: 'hello', 'AzureWebJobs.switched-off.Disabled': 'true' };
  local = await startLocalHost([fixtureApp('http-app.ts', { environment })]);
});

afterAll(() => local.host.stop());

interface Echo {
  readonly url: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly params: Record<string, string>;
  readonly user: string | null;
  readonly body: string;
}

const echo = async (...question: Parameters<LocalHost['ask']>) => (await local.ask(...question)).json<Echo>();
const statusOf = async (...question: Parameters<LocalHost['ask']>) => (await local.ask(...question)).status;
const bodyOf = async (...question: Parameters<LocalHost['ask']>) => (await local.ask(...question)).body;

describe('routes', () => {
  it.each([
    ['a wrong method', '/putOnly', 'POST'],
    ['an unmatched route', '/nowhere', 'GET'],
    ['a failed constraint', '/echo/abc', 'GET'],
    ['HEAD', '/echo', 'HEAD'],
    ['OPTIONS', '/echo', 'OPTIONS'],
    ['a disabled function, hyphen included', '/switched-off', 'GET'],
  ])('answers 404 with an empty body to %s', async (_story, path, method) => {
    expect(await local.ask(path, { method })).toMatchObject({ status: 404, body: '' });
  });

  it('ignores the casing of a route and a trailing slash, and collapses dot segments', async () => {
    expect(await statusOf('/ECHO/7/')).toBe(200);
    expect(await statusOf('/putOnly/../echo/./7')).toBe(200);
  });

  it('leaves an absent optional parameter out, decodes a present one, and keeps an encoded slash', async () => {
    expect((await echo('/echo')).params).toEqual({});
    expect((await echo('/echo/7')).params).toEqual({ id: '7' });
    expect(await bodyOf('/things/%C5%BB%20a%2Fb')).toBe('Ż a%2Fb');
    expect(await bodyOf('/things/100%')).toBe('100%');
  });

  it('serves exactly the root with an optional parameter of no length', async () => {
    expect(await bodyOf('/')).toBe('root');
  });

  it('takes the name of the function for an empty route', async () => {
    expect(await bodyOf('/nameAsRoute')).toBe('by name');
  });

  it('prefers a literal route to a parameter, and lets a catch-all take the rest or nothing', async () => {
    expect(await bodyOf('/things/special')).toBe('literal');
    expect(await bodyOf('/things/other')).toBe('other');
    expect(await bodyOf('/files/a/b/c')).toBe('a/b/c');
    expect(await bodyOf('/files')).toBe('none');
  });
});

describe('requests', () => {
  it('joins repeated query keys, which only the URL keeps apart', async () => {
    const { query, url } = await echo('/echo?q=1&q=2&r=a%20b');
    expect(query).toEqual({ q: '1,2', r: 'a b' });
    expect(url).toBe(`${local.host.url}/echo?q=1&q=2&r=a%20b`);
  });

  it('joins repeated headers with a comma and writes their names in lower case', async () => {
    const { headers } = await echo('/echo', { headers: { 'X-Many': ['a', 'b'] } });
    expect(headers['x-many']).toBe('a,b');
  });

  it('lets the platform principal of any client through', async () => {
    const principal = {
      auth_typ: 'aad',
      claims: [],
      userId: 'u',
      userDetails: 'jan',
      identityProvider: 'aad',
      userRoles: [],
    };
    const header = Buffer.from(JSON.stringify(principal)).toString('base64');
    const { headers, user } = await echo('/echo', { headers: { 'x-ms-client-principal': header } });
    expect(headers['x-ms-client-principal']).toBe(header);
    expect(user).toBe('jan');
  });

  it('hands the body over', async () => {
    expect((await echo('/echo', { method: 'POST', body: 'żółć' })).body).toBe('żółć');
  });

  it('answers 500 to a body above 100 MiB and does not call the function', async () => {
    const headers = { 'content-length': String(104_857_601) };
    expect(await local.ask('/logs', { method: 'POST', headers })).toMatchObject({ status: 500, body: '' });
    expect(local.said('to console.log')).toEqual([]);
  });
});

describe('answers', () => {
  it.each(['/throws', '/text', '/badStatus'])('answers 500 with an empty body to %s', async (path) => {
    expect(await local.ask(path)).toMatchObject({ status: 500, body: '' });
  });

  it('logs what a function threw', () => {
    expect(local.said("Executed 'Functions.throws' (Failed")[0]).toContain('Error: a bug');
  });

  it('answers 204 when nothing is returned', async () => {
    expect(await local.ask('/nothing')).toMatchObject({ status: 204, body: '' });
  });

  it('turns an object given as body into text as the library does', async () => {
    expect(await bodyOf('/emptyObject')).toBe('[object Object]');
  });

  it('accepts a Response', async () => {
    const answer = await local.ask('/response');
    expect(answer).toMatchObject({ status: 201, body: 'made by fetch' });
    expect(answer.headers['x-made']).toBe('yes');
  });

  it('writes cookies', async () => {
    const { headers } = await local.ask('/cookies');
    expect(headers['set-cookie']).toEqual(['a=b%20c; Max-Age=5; HttpOnly; SameSite=strict']);
  });
});

describe('keys', () => {
  const withKey = (key: string) => ({ headers: { 'x-functions-key': key } });

  it('answers 401 with an empty body to no key or a wrong one', async () => {
    expect(await local.ask('/needsKey')).toMatchObject({ status: 401, body: '' });
    expect(await local.ask('/needsKey', withKey('wrong'))).toMatchObject({ status: 401, body: '' });
  });

  it('takes the key from the header or from the query', async () => {
    expect(await statusOf('/needsKey', withKey(functionKey))).toBe(200);
    expect(await statusOf(`/needsKey?code=${encodeURIComponent(functionKey)}`)).toBe(200);
  });

  it('opens everything with the master key, and functions of level admin with nothing else', async () => {
    expect(await statusOf('/needsKey', withKey(masterKey))).toBe(200);
    expect(await statusOf('/needsMaster', withKey(masterKey))).toBe(200);
    expect(await statusOf('/needsMaster', withKey(functionKey))).toBe(403);
  });
});

describe('the worker process', () => {
  it('sees its own settings and not those of the host', async () => {
    const environment = (await local.ask('/environment')).json<Record<string, string>>();
    expect(environment['GREETING']).toBe('hello');
    expect(environment['VITEST']).toBeUndefined();
  });

  it('reports console output as information, drops debug lines, and warns of a log after the end', async () => {
    await local.ask('/logs');
    await expect.poll(() => local.said("Unexpected call to 'log'")).toHaveLength(1);
    const of = (message: string) => local.lines.find((line) => line.message === message);
    expect(of('to console.log')).toMatchObject({ level: 'information', category: 'console', app: 'api' });
    expect(of('to console.error')).toMatchObject({ level: 'information', category: 'console' });
    expect(of('a warning')).toMatchObject({ level: 'warning', category: 'user', functionName: 'logs' });
    expect(of('a detail')).toBeUndefined();
  });

  it('follows the clock, and moves with it', async () => {
    const read = async () => (await local.ask('/now')).json<{ now: number; constructed: string }>();
    const hour = 3_600_000;
    const before = await read();
    local.clock.advance(hour);
    const after = await read();
    expect(after.now - before.now).toBeGreaterThanOrEqual(hour);
    expect(after.now - before.now).toBeLessThan(hour + 5000);
    expect(Date.parse(after.constructed) - after.now).toBeLessThan(1000);
  });
});
