import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixtureApp, startLocalHost } from './local-host.ts';
import { nothingLeft, startQueueHost } from './queue-host.ts';

it('a stopping host lets a running request finish and refuses new connections', async () => {
  const local = await startLocalHost([fixtureApp('http-app.ts')]);
  const running = local.ask('/slow?ms=500');
  await expect.poll(() => local.host.inFlight()).toBe(1);
  const stopped = local.host.stop();
  await expect(local.ask('/nameAsRoute')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await running).body).toBe('done');
  await stopped;
  await expect.poll(() => local.said('appTerminate ran')).toHaveLength(1);
  expect(local.host.pid('api')).toBeUndefined();
});

it('a stopping host still takes and runs new messages while others run', async () => {
  const local = await startQueueHost({ stopGrace: 5000 });
  await local.send('work', { body: { step: 1, takes: 1000 } });
  await expect.poll(() => local.host.inFlight()).toBe(1);
  const stopped = local.host.stop();
  await local.send('work', { body: { step: 2 } });
  await stopped;
  expect(local.namespace.serviceBus.counts('work')).toEqual(nothingLeft);
  await expect.poll(() => local.said('{"ends"')).toHaveLength(2);
  await local.namespace.stop();
});

it('a stopping host cuts what runs longer than the grace, and its message stays locked', async () => {
  const local = await startQueueHost({ stopGrace: 300 });
  await local.send('work', { body: { takes: 60_000 } });
  await expect.poll(() => local.seen('begins')).toHaveLength(1);
  const start = performance.now();
  await local.host.stop();
  expect(performance.now() - start).toBeLessThan(3000);
  expect(local.namespace.serviceBus.counts('work')).toEqual({ ...nothingLeft, locked: 1 });
  await expect.poll(() => local.said('appTerminate ran')).toHaveLength(1);
  local.clock.advance(61_000);
  await expect.poll(() => local.namespace.serviceBus.counts('work')).toEqual({ ...nothingLeft, active: 1 });
  await local.namespace.stop();
});

it('a worker process ends when the process of its host is killed', async () => {
  const parent = fork(join(import.meta.dirname, 'fixtures', 'host-process.ts'), { execArgv: [], silent: true });
  const [worker] = (await once(parent, 'message')) as [number];
  expect(isAlive(worker)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(worker), { timeout: 5000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
