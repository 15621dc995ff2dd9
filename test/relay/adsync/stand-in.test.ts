import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ServedSyncEngine, serveSyncEngine } from '../../../dev/sync-engine/serve.ts';
import { SyncCycles } from '../../../src/relay/adsync/cycles.ts';
import { createPowerShellEngine } from '../../../src/relay/adsync/powershell.ts';
import { HybridOrganisation } from '../../dev/sync-engine/hybrid-organisation.ts';
import { ScriptedEndpoint } from '../../dev/sync-engine/scripted-endpoint.ts';

const command = fileURLToPath(new URL('../../../dev/sync-engine/powershell.mjs', import.meta.url));
const endpoint = new ScriptedEndpoint();
let folder = '';
let organisation: HybridOrganisation;
let served: ServedSyncEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-engine-'));
  organisation = await HybridOrganisation.start(() => endpoint);
  served = await serveSyncEngine(organisation.engine, join(folder, 'engine.sock'));
  vi.stubEnv('SYNC_ENGINE_SOCKET', served.socketPath);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await served.stop();
  await organisation.stop();
  await rm(folder, { recursive: true });
});

it('runs a cycle of the stand-in through its scripts, and sees its end', async () => {
  const engine = createPowerShellEngine({ command, scripts: '/relay/adsync' });
  const cycles = new SyncCycles(engine);
  const asked = await cycles.request('Delta');
  const id = asked.ok ? asked.id : '';
  await vi.waitFor(() => expect(cycles.find(id)).toMatchObject({ state: 'completed', message: null }), {
    timeout: 10_000,
    interval: 5,
  });
  expect(await engine.runHistory(10)).toMatchObject({
    ok: true,
    value: expect.arrayContaining([expect.objectContaining({ runProfileName: 'Export' })]),
  });
  await cycles.stop();
});
