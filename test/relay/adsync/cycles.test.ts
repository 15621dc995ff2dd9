import { afterEach, expect, it, vi } from 'vitest';
import { SyncCycles } from '../../../src/relay/adsync/cycles.ts';
import { syncCycleResponse } from '../../../src/relay-contract.ts';
import { scriptedEngine, timedEngine } from './scripted-engine.ts';

const timing = { firstPauseMs: 5, longestPauseMs: 20, appearsWithinMs: 200 };
const open: SyncCycles[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((cycles) => cycles.stop()));
});

function watch(engine: ConstructorParameters<typeof SyncCycles>[0]) {
  const cycles = new SyncCycles(engine, timing);
  open.push(cycles);
  return cycles;
}

async function request(cycles: SyncCycles, policyType: 'Delta' | 'Initial' = 'Delta'): Promise<string> {
  const asked = await cycles.request(policyType);
  if (!asked.ok) throw new Error(asked.kind);
  return asked.id;
}

const stateOf = (cycles: SyncCycles, id: string) => syncCycleResponse.parse(cycles.find(id));
const until = (cycles: SyncCycles, id: string, state: string) =>
  vi.waitFor(() => expect(stateOf(cycles, id).state).toBe(state), { timeout: 3_000, interval: 5 });

it('runs a cycle and tells when it has ended', async () => {
  const { engine, started } = timedEngine(60);
  const cycles = watch(engine);
  const id = await request(cycles);
  await until(cycles, id, 'running');
  await until(cycles, id, 'completed');
  expect(started).toEqual(['Delta']);
  expect(stateOf(cycles, id)).toMatchObject({ policyType: 'Delta', message: null, completedAt: expect.any(String) });
});

it('waits for a cycle that the engine began by itself', async () => {
  const { engine, started, run } = timedEngine(80);
  const own = run('Delta');
  const cycles = watch(engine);
  const id = await request(cycles);
  expect(stateOf(cycles, id).state).toBe('queued');
  await own;
  await until(cycles, id, 'completed');
  expect(started).toHaveLength(2);
});

it('lets equal requests that wait share one cycle, but none join a cycle that runs', async () => {
  const { engine, started } = timedEngine(60);
  const cycles = watch(engine);
  const first = await request(cycles);
  await until(cycles, first, 'running');
  const second = await request(cycles);
  const third = await request(cycles);
  const initial = await request(cycles, 'Initial');
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  expect(initial).not.toBe(second);
  await until(cycles, initial, 'completed');
  expect(started).toEqual(['Delta', 'Delta', 'Initial']);
});

it('goes on waiting when the engine was faster and says that it is busy', async () => {
  const { engine, started, run } = timedEngine(40);
  let raced = false;
  const cycles = watch({
    ...engine,
    startCycle: async (policyType) => {
      if (!raced) void run('Delta');
      raced = true;
      return engine.startCycle(policyType);
    },
  });
  await until(cycles, await request(cycles), 'completed');
  expect(started).toHaveLength(2);
});

it('fails, with the reason, when the engine refuses', async () => {
  const { engine, state } = timedEngine(10);
  state.refusal = 'suspended';
  const cycles = watch(engine);
  const id = await request(cycles);
  await until(cycles, id, 'failed');
  expect(stateOf(cycles, id).message).toContain('suspended');
});

it('fails when a run was stopped, and not for errors of single objects', async () => {
  const { engine, state } = timedEngine(10);
  const cycles = watch(engine);
  state.result = 'completed-export-errors';
  await until(cycles, await request(cycles), 'completed');
  state.result = 'stopped-server-down';
  const id = await request(cycles);
  await until(cycles, id, 'failed');
  expect(stateOf(cycles, id).message).toContain('stopped-server-down');
});

it('fails when the engine does not answer several times in a row', async () => {
  const cycles = watch(scriptedEngine({}));
  const id = await request(cycles);
  await until(cycles, id, 'failed');
  expect(stateOf(cycles, id).message).toBe('not scripted');
});

it('bears an engine that fails to answer once', async () => {
  const { engine } = timedEngine(40);
  let asked = 0;
  const cycles = watch({
    ...engine,
    scheduler: async () => {
      asked += 1;
      return asked % 2 === 0 ? { ok: false, kind: 'Failed', message: 'hiccup' } : engine.scheduler();
    },
  });
  await until(cycles, await request(cycles), 'completed');
});

it('fails when an accepted cycle never shows in the run history', async () => {
  const { engine } = timedEngine(10);
  const cycles = watch({ ...engine, startCycle: async () => ({ ok: true, value: { started: true } }) });
  const id = await request(cycles);
  await until(cycles, id, 'failed');
  expect(stateOf(cycles, id).message).toContain('run history');
});

it('refuses an initial cycle while deletions above the threshold are pending', async () => {
  const { engine, state } = timedEngine(5);
  state.result = 'stopped-deletion-threshold-exceeded';
  const cycles = watch(engine);
  await until(cycles, await request(cycles), 'failed');
  expect(await cycles.request('Initial')).toEqual({ ok: false, kind: 'DeletionsPending' });
  state.result = 'success';
  await until(cycles, await request(cycles), 'completed');
  expect(await cycles.request('Initial')).toMatchObject({ ok: true });
});

it('knows nothing of an id that it did not give', () => {
  expect(watch(scriptedEngine({})).find('nothing')).toBeUndefined();
});

it('remembers a bounded number of ended cycles', async () => {
  const { engine } = timedEngine(0);
  const cycles = new SyncCycles(engine, { firstPauseMs: 0, longestPauseMs: 0, appearsWithinMs: 200 });
  open.push(cycles);
  const first = await request(cycles);
  await until(cycles, first, 'completed');
  for (let count = 0; count < 205; count += 1) await until(cycles, await request(cycles), 'completed');
  expect(cycles.find(first)).toBeUndefined();
});
