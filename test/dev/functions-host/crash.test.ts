import { afterEach, describe, expect, it } from 'vitest';
import { ControlValueError } from '../../../dev/control/control.ts';
import { fixtureApp, type LocalHost, startLocalHost } from './local-host.ts';
import { nothingLeft, type QueueHost, startQueueHost } from './queue-host.ts';

let stop: () => Promise<void>;

afterEach(() => stop());

async function startApps(restartDelays: readonly number[], secondApp = false): Promise<LocalHost> {
  const apps = [fixtureApp('http-app.ts')];
  if (secondApp) apps.push(fixtureApp('second-app.ts', { name: 'second' }));
  const local = await startLocalHost(apps, { restartDelays });
  stop = () => local.host.stop();
  return local;
}

async function startQueues(restartDelays: readonly number[]): Promise<QueueHost> {
  const local = await startQueueHost({ restartDelays });
  stop = local.stop;
  return local;
}

async function crash({ ask }: LocalHost, path = '/die'): Promise<void> {
  expect(await ask(path)).toMatchObject({ status: 500, body: '' });
}

describe('a worker process that ends', () => {
  it('fails its own request with an empty 500 and is started again at once', async () => {
    const local = await startApps([0, 10_000]);
    const before = local.host.pid('api');
    await crash(local);
    const answer = await local.ask('/nameAsRoute');
    expect(answer.body).toBe('by name');
    expect(local.host.pid('api')).not.toBe(before);
  });

  it('lets HTTP requests wait until the restart that comes later', async () => {
    const local = await startApps([0, 700]);
    await crash(local);
    await crash(local);
    const start = performance.now();
    expect((await local.ask('/nameAsRoute')).body).toBe('by name');
    expect(performance.now() - start).toBeGreaterThan(600);
  });

  it('for the third time within 30 minutes makes the host of that app stop itself, and of no other', async () => {
    const local = await startApps([0, 0], true);
    for (let count = 0; count < 3; count++) await crash(local);
    expect(await local.ask('/nameAsRoute')).toMatchObject({ status: 503, body: 'Function host is not running.' });
    expect((await local.ask('/admin/host/ping')).status).toBe(200);
    expect(local.host.pid('api')).toBeUndefined();
    expect((await local.ask('/secondOnly')).body).toBe('second');
  });

  it('makes requests that wait end with 503 when the host gives up', async () => {
    const local = await startApps([0, 300]);
    await crash(local);
    await crash(local);
    const waiting = ['/die', '/die', '/slow?ms=5000'].map((path) => local.ask(path).then(({ status }) => status));
    expect((await Promise.all(waiting)).every((status) => status === 500 || status === 503)).toBe(true);
    expect((await local.ask('/nameAsRoute')).status).toBe(503);
  });

  it('may do so for ever when its crashes lie more than 30 minutes apart', async () => {
    const local = await startApps([0, 0]);
    for (let count = 0; count < 5; count++) {
      await crash(local);
      expect((await local.ask('/nameAsRoute')).body).toBe('by name');
      local.clock.advance(31 * 60_000);
    }
  });

  it('through an unhandled rejection is no other matter: the app has to guard itself', async () => {
    const local = await startApps([0, 0]);
    await crash(local, '/rejectUnhandled');
    expect(local.said('nobody waits for this')[0]).toBeDefined();
    expect((await local.ask('/nameAsRoute')).body).toBe('by name');
  });

  it('keeps the time of the clock when it is started again', async () => {
    const local = await startApps([0, 0]);
    local.clock.advance(48 * 3_600_000);
    await local.host.kill('api');
    const { now } = (await local.ask('/now')).json<{ now: number }>();
    expect(Math.abs(now - local.clock.now())).toBeLessThan(2000);
  });
});

describe('an app that guards itself', () => {
  it('survives an unhandled rejection, and so do its neighbours', async () => {
    const local = await startLocalHost([fixtureApp('guarded-app.ts')], { restartDelays: [] });
    stop = () => local.host.stop();
    const neighbour = local.ask('/neighbour');
    const before = local.host.pid('api');
    expect((await local.ask('/rejectUnhandled')).body).toBe('went on');
    expect((await neighbour).body).toBe('went on');
    expect(local.said('a bug was seen: nobody waits for this')).toHaveLength(1);
    expect(local.host.pid('api')).toBe(before);
  });
});

describe('a killed worker process', () => {
  it('takes the message beside it along: abandoned and redelivered while there is no worker, it is soon a dead letter', async () => {
    const local = await startQueues([5000]);
    await local.send(
      'work',
      { body: { step: 'innocent', takes: 60_000 } },
      { body: { step: 'guilty', dies: true, takes: 200 } },
    );
    await expect.poll(() => local.namespace.serviceBus.counts('work')).toEqual({ ...nothingLeft, deadLetter: 2 });
    const began = local.seen('begins').map(({ body }) => (body as { step: string }).step);
    expect(began.sort()).toEqual(['guilty', 'innocent']);
  });

  it('makes messages fail while there is none, so that an innocent one becomes a dead letter within a second', async () => {
    const local = await startQueues([5000]);
    await local.host.kill('worker');
    await local.send('work', { body: 'innocent' });
    await expect
      .poll(() => local.namespace.serviceBus.counts('work'), { interval: 10, timeout: 1000 })
      .toEqual({ ...nothingLeft, deadLetter: 1 });
    expect(local.said('Did not find any initialized language workers')).toHaveLength(3);
    expect(local.seen('begins')).toEqual([]);
  });

  it('that is not started again leaves its messages in the queue', async () => {
    const local = await startQueues([]);
    await local.host.kill('worker');
    expect((await local.ask('/hello')).status).toBe(503);
    await local.send('work', { body: 'patient' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(local.namespace.serviceBus.counts('work')).toEqual({ ...nothingLeft, active: 1 });
  });
});

describe('the control host.workerRestarts', () => {
  it('is "real" unless set, takes "lenient", and nothing else', async () => {
    const local = await startApps([0, 0]);
    const [control] = local.host.controls();
    expect(control).toMatchObject({ name: 'host.workerRestarts' });
    expect(control?.read()).toBe('real');
    expect(() => control?.write('never')).toThrow(ControlValueError);
    expect(control?.read()).toBe('real');
  });

  it('set to "lenient" lets a worker crash as often as it likes', async () => {
    const local = await startApps([0, 0]);
    await local.host.controls()[0]?.write('lenient');
    for (let count = 0; count < 5; count++) await crash(local);
    expect((await local.ask('/nameAsRoute')).body).toBe('by name');
  });

  it('set to "lenient" starts a stopped host again, its listeners included', async () => {
    const local = await startQueues([]);
    await local.host.kill('worker');
    await local.send('work', { body: 'patient' });
    await local.host.controls()[0]?.write('lenient');
    await expect.poll(() => local.seen('ends').map(({ body }) => body)).toEqual(['patient']);
  });
});

describe('a function that runs too long', () => {
  it('fails, and its worker is started again without counting as a crash', async () => {
    const hostJson = { version: '2.0', functionTimeout: '00:00:01', extensions: { http: { routePrefix: '' } } };
    const local = await startLocalHost([fixtureApp('http-app.ts', { hostJson })], { restartDelays: [] });
    stop = () => local.host.stop();
    const neighbour = local.ask('/slow?ms=60000');
    expect((await local.ask('/slow?ms=60000')).status).toBe(500);
    expect((await neighbour).status).toBe(500);
    expect(local.said('Timeout value of 1000 ms exceeded')).not.toEqual([]);
    expect((await local.ask('/nameAsRoute')).body).toBe('by name');
  });
});
