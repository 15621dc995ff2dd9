import { once } from 'node:events';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../../dev/functions-host/log-line.ts';
import { defaultHostJson, fixtureApp, type LocalHost, masterKey, startLocalHost } from './local-host.ts';

let local: LocalHost | undefined;

afterEach(() => local?.host.stop());

async function start(...parameters: Parameters<typeof startLocalHost>): Promise<LocalHost> {
  local = await startLocalHost(...parameters);
  return local;
}

const withMasterKey = { headers: { 'x-functions-key': masterKey } };

describe('an app whose entry point fails', () => {
  it.each([
    ['throws after it has registered a function', 'throws-at-import.ts', 'a setting is missing'],
    ['registers one name twice', 'duplicate-names.ts', 'A function with id "twin" has already been registered.'],
    ['does not exist', 'no-such-file.ts', 'Cannot find module'],
  ])('has no functions, and a host that says it is healthy, when it %s', async (_story, file, problem) => {
    const { host, ask, said } = await start([fixtureApp(file)]);
    expect(host.registered('api')).toEqual([]);
    expect((await ask('/admin/host/ping')).status).toBe(200);
    expect((await ask('/admin/host/status', withMasterKey)).json()).toMatchObject({ state: 'Running' });
    expect(await ask('/registeredBefore')).toMatchObject({ status: 404, body: '' });
    expect(said('Worker was unable to load entry point')[0]).toContain(problem);
  });
});

describe('an app whose entry point ends the process', () => {
  it('is started again until its host gives up and answers 503', async () => {
    const { host, ask, said } = await start([fixtureApp('exits-at-import.ts')], { restartDelays: [0] });
    expect(said('The worker process exited with code 7.')).toHaveLength(2);
    expect(host.pid('api')).toBeUndefined();
    expect((await ask('/registeredBefore')).status).toBe(503);
    expect((await ask('/admin/host/ping')).status).toBe(200);
  });
});

describe('an app in a folder', () => {
  function folder(packageJson: object): string {
    const directory = mkdtempSync(join(tmpdir(), 'functions-app-'));
    mkdirSync(join(directory, 'functions'));
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module', ...packageJson }));
    writeFileSync(join(directory, 'host.json'), JSON.stringify(defaultHostJson));
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(directory, 'node_modules'));
    for (const name of ['one', 'two']) {
      const source = `import { app } from '@azure/functions';\napp.http('${name}', { handler: () => ({ body: '${name}' }) });`;
      writeFileSync(join(directory, 'functions', `${name}.js`), source);
    }
    return directory;
  }

  it('loads every file that the main of its package.json matches', async () => {
    const directory = folder({ main: 'functions/*.js' });
    const { host, ask } = await start([{ name: 'api', directory, environment: {} }]);
    expect(host.registered('api')).toEqual(['one', 'two']);
    expect((await ask('/two')).body).toBe('two');
  });

  it('has no functions, and nobody says why, when the main is missing', async () => {
    const { host, lines } = await start([{ name: 'api', directory: folder({}), environment: {} }]);
    expect(host.registered('api')).toEqual([]);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('faulty functions', () => {
  it('are left out one by one, and the rest is served', async () => {
    const environment = { SCHEDULE: '0 0 * * * *', ServiceBus: 'Endpoint=sb://nowhere/' };
    const { host, ask, said } = await start([fixtureApp('faulty-functions.ts', { environment })]);
    expect(host.registered('api')).toEqual(['good', 'sameRouteOtherMethod', 'fromSetting']);
    expect(said('function is in error').map((message) => /'(.*?)' function/.exec(message)?.[1])).toEqual([
      'bad name',
      'badRoute',
      'unknownConstraint',
      'underAdmin',
      'underRuntime',
      'sameRoute',
      'badCron',
      'missingSetting',
      'missingQueue',
    ]);
    expect((await ask('/good')).body).toBe('served');
    expect((await ask('/x/1')).status).toBe(404);
  });
});

describe('host.json', () => {
  it.each([
    ['no JSON', '{'],
    ['another version', { version: '1.0' }],
    ['a known key of a wrong type', { version: '2.0', extensions: { serviceBus: { maxConcurrentCalls: 'many' } } }],
    ['a malformed time span', { version: '2.0', functionTimeout: 'ten minutes' }],
  ])('that is %s makes every URL answer 503 but ping', async (_story, hostJson) => {
    const { ask } = await start([fixtureApp('http-app.ts', { hostJson })]);
    expect(await ask('/echo')).toMatchObject({ status: 503, body: 'Function host is not running.' });
    expect(await ask('/nowhere')).toMatchObject({ status: 503 });
    expect((await ask('/admin/host/ping')).status).toBe(200);
    expect((await ask('/admin/host/status', withMasterKey)).json()).toMatchObject({ state: 'Error' });
  });

  it('may hold unknown keys, those of older extensions included, and they change nothing', async () => {
    const serviceBus = { messageHandlerOptions: { maxConcurrentCalls: 'nonsense' } };
    const { ask } = await start([
      fixtureApp('http-app.ts', { hostJson: { version: '2.0', extensions: { serviceBus } } }),
    ]);
    expect((await ask('/api/echo')).status).toBe(200);
  });

  it('sets the prefix of all routes, which is api by default', async () => {
    const { ask } = await start([fixtureApp('http-app.ts', { hostJson: { version: '2.0' } })]);
    expect((await ask('/api/echo')).status).toBe(200);
    expect((await ask('/echo')).status).toBe(404);
  });
});

describe('a missing connection setting', () => {
  it('is fatal for the whole app', async () => {
    const { ask, said } = await start([fixtureApp('queue-app.ts', { environment: { WORK_QUEUE: 'work' } })]);
    expect(await ask('/hello')).toMatchObject({ status: 503 });
    expect(said("Service Bus account connection string 'ServiceBus' does not exist.")).toHaveLength(1);
  });
});

describe('two apps behind one URL', () => {
  const apps = () => [fixtureApp('http-app.ts'), fixtureApp('second-app.ts', { name: 'second' })];

  it('are each asked for their own functions, in a process of their own', async () => {
    const { host, ask } = await start(apps());
    expect((await ask('/echo')).status).toBe(200);
    expect((await ask('/secondOnly')).body).toBe('second');
    expect(host.pid('api')).not.toBe(host.pid('second'));
  });

  it('leave a route that both claim to the first', async () => {
    const { host, ask, said } = await start(apps());
    expect(host.registered('second')).not.toContain('echoAgain');
    expect(said("The 'echoAgain' function is in error")[0]).toContain("taken by the function 'echo' of another app");
    expect((await ask('/echo/1')).body).not.toBe('second');
  });

  it('may take with a catch-all every path that the host does not know, /admin included', async () => {
    const { ask } = await start(apps());
    expect((await ask('/admin/unknown', { method: 'PATCH' })).body).toBe('admin/unknown');
    expect((await ask('/', { method: 'PATCH' })).body).toBe('');
  });
});

describe('the port', () => {
  const freePort = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  };

  it('opens only after the apps have started', async () => {
    const port = await freePort();
    const starting = start([fixtureApp('slow-import.ts')], { port });
    await sleep(100);
    const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect((await (await starting).ask('/ready')).status).toBe(200);
  });

  it('that is taken makes the start reject and leaves no process behind', async () => {
    const { host } = await start([fixtureApp('second-app.ts')]);
    const lines: LogLine[] = [];
    const rejected = startLocalHost([fixtureApp('http-app.ts')], { port: host.port, log: (line) => lines.push(line) });
    await expect(rejected).rejects.toMatchObject({ code: 'EADDRINUSE' });
    // The hook runs just before the worker process exits.
    await expect.poll(() => lines.map(({ message }) => message)).toContain('appTerminate ran');
  });
});
