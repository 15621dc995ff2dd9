import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureApp, functionKey, type LocalHost, masterKey, startLocalHost } from './local-host.ts';

let local: LocalHost;

beforeAll(async () => {
  local = await startLocalHost([
    fixtureApp('http-app.ts', { environment: { 'AzureWebJobs.switched-off.Disabled': '1' } }),
    fixtureApp('timer-app.ts', { name: 'worker' }),
  ]);
});

afterAll(() => local.host.stop());

const run = (name: string, headers: Record<string, string>, body = '{"input": ""}') =>
  local.ask(`/admin/functions/${name}`, { method: 'POST', headers, body });
const json = { 'content-type': 'application/json' };
const master = { ...json, 'x-functions-key': masterKey };

it.each([
  ['401 without a key', 'daily', json, 401],
  ['401 with a wrong key', 'daily', { ...json, 'x-functions-key': 'wrong' }, 401],
  ['403 with a valid key of too low a level', 'daily', { ...json, 'x-functions-key': functionKey }, 403],
  ['404 for an unknown function', 'nobody', master, 404],
  ['404 for a disabled function', 'switched-off', master, 404],
  ['415 for anything but JSON', 'daily', { 'x-functions-key': masterKey, 'content-type': 'text/plain' }, 415],
  ['202 with the master key', 'daily', master, 202],
])('a manual run is answered %s, with an empty body', async (_story, name, headers, status) => {
  expect(await run(name, headers)).toMatchObject({ status, body: '' });
});

it('a manual run is answered before the function has run', async () => {
  const before = local.said('slowHourly ends').length;
  expect((await run('slowHourly', master)).status).toBe(202);
  expect(local.said('slowHourly ends')).toHaveLength(before);
  await expect.poll(() => local.said('slowHourly ends')).toHaveLength(before + 1);
});

it('a manual run of a timer gets the usual object', async () => {
  await run('DAILY', master);
  await expect.poll(() => local.said('daily {').at(-1)).toContain('"schedule":{"adjustForDST":true}');
  expect(local.said('daily {').at(-1)).toContain('"last":"0001-01-01T00:00:00+00:00"');
});

it('a manual run with a body that is not JSON is answered 400', async () => {
  expect((await run('daily', master, '{')).status).toBe(400);
});

it('ping needs no key, status the master key', async () => {
  expect((await local.ask('/admin/host/ping')).status).toBe(200);
  expect((await local.ask('/admin/host/status')).status).toBe(401);
  const status = await local.ask('/admin/host/status', { headers: master });
  expect(status.json()).toMatchObject({ state: 'Running' });
});
