import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from '../../../dev/stack.ts';
import { eventually, OutsideClient } from './outside-client.ts';
import { isRunning, processesOf } from './processes.ts';
import { startTestStack, type TestStack } from './start-stack.ts';

const fileOf = (stack: Stack): string => join(stack.directory, 'endpoints.json');

describe('a running stack', () => {
  let stack: TestStack;
  let outside: OutsideClient;
  beforeAll(async () => {
    stack = await startTestStack();
    outside = new OutsideClient(fileOf(stack));
  });
  afterAll(() => stack?.stop());

  test('shows all that anyone needs in endpoints.json, to its own user alone', () => {
    const written = JSON.parse(readFileSync(fileOf(stack), 'utf8'));
    expect(Object.keys(written).sort()).toEqual(
      ['ca', 'control', 'functions', 'graph', 'ldap', 'masterKey', 'principals', 'relay'].sort(),
    );
    expect(Object.keys(written.principals)).toEqual(['reader', 'approver', 'approver2', 'operator']);
    expect(Object.keys(written.ldap)).toEqual(['url', 'bindDN', 'password', 'baseDN']);
    expect(written.graph.url).toMatch(/^https:\/\/.*\/v1\.0$/);
    for (const url of [written.functions, written.relay.url, written.control.url]) expect(url).toMatch(/^https:.*\d$/);
    expect(statSync(fileOf(stack)).mode & 0o077).toBe(0);
  });

  test('has people with the claims that App Service sends, each with the roles up to their own', () => {
    const { principals } = stack.endpoints;
    const rolesOf = (value: string): string[] => {
      const { role_typ, claims } = JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
      expect(claims.map(({ typ }: { typ: string }) => typ)).toEqual(expect.arrayContaining(['oid', 'tid', 'name']));
      return claims.flatMap(({ typ, val }: { typ: string; val: string }) => (typ === role_typ ? [val] : []));
    };
    expect(rolesOf(principals.reader)).toEqual(['Reader']);
    expect(rolesOf(principals.approver)).toEqual(['Reader', 'Approver']);
    expect(rolesOf(principals.operator)).toEqual(['Reader', 'Approver', 'Operator']);
    expect(principals.approver).not.toBe(principals.approver2);
  });

  test('serves the health of both apps behind one URL', async () => {
    expect(await outside.api('reader', 'GET', '/health')).toMatchObject({ status: 200, body: { app: 'api' } });
    expect(await outside.api('reader', 'GET', '/worker-health')).toMatchObject({
      status: 200,
      body: { app: 'worker' },
    });
  });

  test('moves time in the processes of the relay and of the apps', async () => {
    const hour = 3600;
    await outside.control('PATCH', { time: { advanceSeconds: hour } });
    await outside.relay('GET', '/v1/scheduler');
    const latest = await eventually('the relay logs a moved moment', async () => {
      const line = stack.lines.filter((one) => one.startsWith('relay: {') && one.includes('/v1/scheduler')).at(-1);
      return line ? Date.parse(JSON.parse(line.slice('relay: '.length)).at) : undefined;
    });
    expect(latest - Date.now()).toBeGreaterThan((hour - 60) * 1000);
    await outside.control('PATCH', { time: { advanceSeconds: -hour } });
  });

  test('starts a killed worker again, and the relay on its port when it is made available', async () => {
    const before = stack.host.pid('api');
    await stack.kill('api');
    expect(await outside.api('reader', 'GET', '/health')).toMatchObject({ status: 200 });
    expect(stack.host.pid('api')).not.toBe(before);

    await outside.control('PATCH', { 'relay.available': false });
    await expect(outside.relay('GET', '/v1/scheduler')).rejects.toThrow('fetch failed');
    await outside.control('PATCH', { 'relay.available': true });
    expect(await outside.relay('GET', '/v1/scheduler')).toMatchObject({ status: 200, body: { installed: true } });
  });

  test('lets storage hang and come back', async () => {
    await outside.control('PATCH', { 'storage.responding': false });
    const waiting = outside.api('reader', 'GET', '/cases');
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 500, 'still waiting'))]);
    expect(first).toBe('still waiting');
    await outside.control('PATCH', { 'storage.responding': true });
    expect((await waiting).status).toBe(200);
  });
});

describe('starting and stopping', { timeout: 60_000 }, () => {
  test('leaves no process and no file behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stack-'));
    const before = processesOf(process.pid);
    const stack = await startTestStack({ directory });
    const started = processesOf(process.pid).filter((pid) => !before.includes(pid));
    expect(started.length).toBeGreaterThanOrEqual(4);
    expect(existsSync(fileOf(stack))).toBe(true);
    await stack.stop();
    expect(started.filter(isRunning)).toEqual([]);
    expect(existsSync(fileOf(stack))).toBe(false);
    rmSync(directory, { recursive: true });
  });

  test('works a second time beside the first, in the same folder', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stack-'));
    const first = await startTestStack({ directory });
    const second = await startTestStack({ directory });
    try {
      expect(fileOf(second)).not.toBe(fileOf(first));
      for (const stack of [first, second]) {
        const outside = new OutsideClient(fileOf(stack));
        expect((await outside.api('reader', 'GET', '/cases')).status).toBe(200);
      }
      await second.stop();
      expect(existsSync(fileOf(first))).toBe(true);
    } finally {
      await second.stop();
      await first.stop();
      rmSync(directory, { recursive: true });
    }
  });

  test('says which port is taken, and takes back what it had started', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const directory = mkdtempSync(join(tmpdir(), 'stack-'));
    const before = processesOf(process.pid);
    await expect(startTestStack({ directory, ports: { functions: port } })).rejects.toThrow(String(port));
    expect(processesOf(process.pid).filter((pid) => !before.includes(pid))).toEqual([]);
    expect(existsSync(join(directory, 'endpoints.json'))).toBe(false);
    squatter.close();
    rmSync(directory, { recursive: true });
  });
});
