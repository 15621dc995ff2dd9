import { app } from '@azure/functions';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { registerBroken } from '../src/functions/health.ts';
import { environment } from './functions/fake-app.ts';

const problemsOf = (settings: Record<string, string | undefined>): Record<string, string> => {
  const read = readConfig({ ...environment, ...settings });
  return 'problems' in read ? Object.fromEntries(read.problems.map(({ setting, problem }) => [setting, problem])) : {};
};

test('a good environment is read, with URLs that have no trailing slash', () => {
  const read = readConfig(environment);
  expect(read).toMatchObject({
    config: {
      SYNCMEND_TABLES_URL: 'https://store.table.core.windows.net',
      callersAreAuthenticated: true,
      SYNCMEND_KILL_SWITCH: false,
      SYNCMEND_APPROVAL_POLICY: [],
    },
  });
});

test('every missing setting is named at once', () => {
  const read = readConfig({});
  expect('problems' in read && read.problems.map(({ setting }) => setting)).toEqual([
    'SYNCMEND_APP',
    'SYNCMEND_TENANT_ID',
    'SYNCMEND_TABLES_URL',
    'SYNCMEND_BLOBS_URL',
    'ServiceBus__fullyQualifiedNamespace',
    'SYNCMEND_RELAY_URL',
    'SYNCMEND_RELAY_SCOPE',
    'SYNCMEND_EXCHANGE_AUTHORITY',
  ]);
  expect('problems' in read && read.problems.every(({ problem }) => problem.startsWith('is missing: '))).toBe(true);
});

test.each([
  ['SYNCMEND_APP', 'both'],
  ['SYNCMEND_TENANT_ID', 'contoso.com'],
  ['SYNCMEND_TABLES_URL', 'http://plain.example'],
  ['SYNCMEND_RELAY_URL', 'relay'],
  ['ServiceBus__fullyQualifiedNamespace', 'sb://bus/'],
  ['SYNCMEND_KILL_SWITCH', 'yes'],
  ['SYNCMEND_APPROVAL_DAYS', '0'],
  ['SYNCMEND_MOST_CHANGES_PER_HOUR', 'many'],
  ['SYNCMEND_APPROVAL_POLICY', '[{"code": "X"}]'],
  ['SYNCMEND_APPROVAL_POLICY', 'no JSON'],
  ['SYNCMEND_QUIET_HOURS', '{"from": "8:00", "to": "18:00", "zone": "UTC"}'],
  ['SYNCMEND_QUIET_HOURS', '{"from": "08:00", "to": "18:00", "zone": "Mars/Olympus"}'],
  ['SYNCMEND_SWEEP_SCHEDULE', 'every minute'],
])('%s as %j is refused by name', (setting, value) => {
  expect(Object.keys(problemsOf({ [setting]: value }))).toEqual([setting]);
});

test('several problems are named together', () => {
  expect(
    Object.keys(problemsOf({ SYNCMEND_TENANT_ID: 'x', SYNCMEND_KILL_SWITCH: 'x', SYNCMEND_RELAY_SCOPE: '' })).sort(),
  ).toEqual(['SYNCMEND_KILL_SWITCH', 'SYNCMEND_RELAY_SCOPE', 'SYNCMEND_TENANT_ID']);
});

describe('an app with a bad configuration', () => {
  afterEach(() => vi.restoreAllMocks());

  test('has a health function alone, which answers 503 and names every problem', async () => {
    const registered: [string, { handler: () => Promise<unknown> }][] = [];
    vi.spyOn(app, 'http').mockImplementation((name, options) => {
      registered.push([name, options as (typeof registered)[number][1]]);
    });
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const others = [vi.spyOn(app, 'timer'), vi.spyOn(app, 'serviceBusQueue')];
    vi.stubEnv('SYNCMEND_APP', 'worker');
    await import('../src/functions/main.ts');
    vi.unstubAllEnvs();
    expect(registered.map(([name]) => name)).toEqual(['workerHealth']);
    for (const other of others) expect(other).not.toHaveBeenCalled();
    const answer = (await registered[0]?.[1].handler()) as { status: number; body: string };
    expect(answer.status).toBe(503);
    const { errors } = JSON.parse(answer.body) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toContain('SYNCMEND_TENANT_ID');
    expect(errors.length).toBeGreaterThan(5);
  });

  test('says what it is, by its route', () => {
    const routes: unknown[] = [];
    vi.spyOn(app, 'http').mockImplementation((_name, options) => {
      routes.push((options as { route?: string }).route);
    });
    registerBroken('api', [{ setting: 'S', problem: 'is missing' }]);
    expect(routes).toEqual(['api/health']);
  });
});
