import { readFileSync } from 'node:fs';
import { InvocationContext } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { functionsOf } from '../../src/functions/app-functions.ts';
import { call, register } from './fake-app.ts';

const names = { api: functionsOf('api'), worker: functionsOf('worker') };
const everyName = [...names.api, ...names.worker].map(({ name }) => name);

test('each function is in exactly one app', () => {
  expect([...everyName].sort()).toEqual(
    [
      'apply',
      'askPreflight',
      'approveCase',
      'auditChanges',
      'auditFull',
      'detect',
      'detectExportErrors',
      'detectGraph',
      'diagnose',
      'getAudit',
      'getAuditTrend',
      'getCase',
      'getPreflight',
      'health',
      'listAuditFindings',
      'listAuditPredictions',
      'listAudits',
      'listCases',
      'listLeavers',
      'preflight',
      'recheckCase',
      'rejectCase',
      'sweep',
      'undoCase',
      'verify',
      'workerHealth',
    ].sort(),
  );
});

test.each(everyName)('%s is a name that can be part of a setting', (name) => {
  expect(name).toMatch(/^[a-z][A-Za-z]*$/);
});

describe.each(['api', 'worker'] as const)('the app %s', (which) => {
  const registered = register(which);

  test('registers each of its functions under its name', () => {
    expect([...registered.keys()].sort()).toEqual(names[which].map(({ name }) => name).sort());
  });

  test('has a health function that is open and names all functions', async () => {
    const name = which === 'api' ? 'health' : 'workerHealth';
    expect(registered.get(name)?.options).toMatchObject({
      authLevel: 'anonymous',
      route: which === 'api' ? 'api/health' : 'api/worker-health',
    });
    expect(await call(registered, name, {})).toMatchObject({
      status: 200,
      body: { status: 'healthy', app: which, functions: names[which].map((one) => one.name) },
    });
  });
});

describe('the Service Bus functions', () => {
  const queues = [...register('worker')].filter(([, { trigger }]) => trigger === 'serviceBusQueue');

  test('listen on the queues of their names, in sessions only where a lane is served', () => {
    expect(queues.map(([name, { options }]) => [name, options['queueName'], options['isSessionsEnabled']])).toEqual([
      ['diagnose', 'diagnose', false],
      ['apply', 'apply', true],
      ['verify', 'verify', false],
      ['preflight', 'preflight', false],
    ]);
    const file = JSON.parse(readFileSync('infra/service-bus.json', 'utf8')) as {
      queues: Record<string, { requiresSession: boolean }>;
    };
    for (const [name, { options }] of queues)
      expect(file.queues[name]?.requiresSession).toBe(options['isSessionsEnabled']);
  });

  test('have no retry policy: the host would run it inside one delivery', () => {
    for (const [, { options }] of queues) expect(Object.keys(options)).not.toContain('retry');
  });

  test.each(['diagnose', 'apply', 'verify', 'preflight'] as const)(
    '%s hands over the body, and nothing of the metadata that a body can overwrite',
    async (queue) => {
      const given: unknown[] = [];
      const functions = register('worker', {
        [queue]: async (...all: unknown[]) => {
          given.push(...all);
          return 'handled';
        },
      });
      const context = new InvocationContext({
        functionName: queue,
        triggerMetadata: { messageId: 'spoof', deliveryCount: 99 },
      });
      await functions.get(queue)?.options.handler({ v: 1 }, context);
      expect(given).toEqual([{ v: 1 }]);
    },
  );

  test('a throw reaches the host, which delivers the message again', async () => {
    const functions = register('worker', {
      diagnose: async () => {
        throw new TypeError('a bug');
      },
    });
    await expect(functions.get('diagnose')?.options.handler({}, new InvocationContext())).rejects.toThrow('a bug');
  });
});

test('the timers have the schedules of the configuration', () => {
  const registered = register('worker', {}, { SYNCMEND_SWEEP_SCHEDULE: '5 * * * * *' });
  expect(
    [...registered]
      .filter(([, { trigger }]) => trigger === 'timer')
      .map(([name, { options }]) => [name, options['schedule']]),
  ).toEqual([
    ['detect', '0 0 2 * * *'],
    ['detectGraph', '0 */10 * * * *'],
    ['detectExportErrors', '0 */5 * * * *'],
    ['auditFull', '0 0 1 * * 0'],
    ['auditChanges', '0 0 3 * * *'],
    ['sweep', '5 * * * * *'],
  ]);
});

test.each(['full', 'changes'] as const)(
  'the audit of %s runs, and its outcome is logged with its weight',
  async (asked) => {
    const name = asked === 'full' ? 'auditFull' : 'auditChanges';
    const detection = {
      source: 'directory-audit',
      outcome: 'read',
      sightings: 0,
      newCases: 0,
      absent: 0,
      complete: true,
    } as const;
    for (const [problems, level] of [
      [[], 'information'],
      [['The relay is down.'], 'warning'],
    ] as const) {
      let given: string | undefined;
      const levels: string[] = [];
      const functions = register('worker', {
        audit: async (mode) => {
          given = mode;
          return { detection: { ...detection, problems }, run: null };
        },
      });
      const context = new InvocationContext({ logHandler: (logged) => void levels.push(logged) });
      await functions.get(name)?.options.handler({}, context);
      expect(given).toBe(asked);
      expect(levels).toEqual([level]);
    }
  },
);

test('detect runs every source that reports errors once, and no audit', async () => {
  let sources: string[] = [];
  const functions = register('worker', {
    detect: async (...asked) => {
      sources = asked;
      return [];
    },
  });
  await functions.get('detect')?.options.handler({}, new InvocationContext({ logHandler: () => undefined }));
  expect(sources).toEqual(['graph', 'sync-engine']);
});

test('host.json holds only names that the host knows: it ignores all others silently', () => {
  const serviceBus = [
    'prefetchCount',
    'autoCompleteMessages',
    'maxAutoLockRenewalDuration',
    'maxConcurrentCalls',
    'maxConcurrentSessions',
    'maxConcurrentCallsPerSession',
    'maxMessageBatchSize',
    'minMessageBatchSize',
    'maxBatchWaitTime',
    'sessionIdleTimeout',
    'enableCrossEntityTransactions',
    'transportType',
    'webProxy',
    'clientRetryOptions',
  ];
  const host = JSON.parse(readFileSync('host.json', 'utf8')) as Record<string, Record<string, Record<string, unknown>>>;
  const unknown = (found: object | undefined, known: readonly string[]) =>
    Object.keys(found ?? {}).filter((name) => !known.includes(name));
  expect(unknown(host, ['version', 'functionTimeout', 'extensions', 'logging'])).toEqual([]);
  expect(host['version']).toBe('2.0');
  expect(unknown(host['extensions'], ['http', 'serviceBus'])).toEqual([]);
  expect(unknown(host['extensions']?.['http'], ['routePrefix'])).toEqual([]);
  expect(unknown(host['extensions']?.['serviceBus'], serviceBus)).toEqual([]);
  expect(unknown(host['logging'], ['logLevel', 'applicationInsights'])).toEqual([]);
});
