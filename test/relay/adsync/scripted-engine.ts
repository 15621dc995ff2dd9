import type { Run } from '../../../src/relay/adsync/engine-answers.ts';
import type { EngineAnswer, SyncEngine } from '../../../src/relay/adsync/sync-engine.ts';

const notScripted = async (): Promise<EngineAnswer<never>> => ({ ok: false, kind: 'Failed', message: 'not scripted' });

/** An engine whose every verb fails, but for those that a test gives. */
export const scriptedEngine = (verbs: Partial<SyncEngine>): SyncEngine => ({
  scheduler: notScripted,
  startCycle: notScripted,
  runHistory: notScripted,
  exportErrors: notScripted,
  connectorSpaceObject: notScripted,
  explainValue: notScripted,
  connectors: notScripted,
  metaverseConnections: notScripted,
  ...verbs,
});

/** An engine that takes `cycleMs` for a cycle, and shows each one as a run. */
export function timedEngine(cycleMs: number) {
  const runs: Run[] = [];
  const started: string[] = [];
  let running = false;
  const state = { result: 'success', refusal: null as string | null, stepResult: 'success' };
  const run = async (policyType: string): Promise<void> => {
    running = true;
    started.push(policyType);
    const entry: Run = {
      runHistoryId: `run-${runs.length}`,
      connectorName: 'contoso.onmicrosoft.com - AAD',
      connectorType: 'AAD',
      runProfileName: 'Export',
      result: 'in-progress',
      startDate: new Date().toISOString(),
      endDate: null,
      steps: [],
    };
    runs.unshift(entry);
    await new Promise((resolve) => setTimeout(resolve, cycleMs));
    entry.result = state.result;
    entry.steps = [{ stepNumber: 1, stepResult: state.stepResult }];
    entry.endDate = new Date().toISOString();
    running = false;
  };
  const engine = scriptedEngine({
    scheduler: async () => ({
      ok: true,
      value: {
        version: '2.5.190.0',
        stagingModeEnabled: false,
        syncCycleEnabled: true,
        schedulerSuspended: false,
        syncCycleInProgress: running,
        nextSyncCycleStartTimeInUtc: null,
        currentlyEffectiveSyncCycleInterval: '00:30:00',
        nextSyncCyclePolicyType: 'Delta',
      },
    }),
    runHistory: async (count) => ({ ok: true, value: runs.slice(0, count).map((entry) => ({ ...entry })) }),
    startCycle: async (policyType) => {
      if (state.refusal !== null) return { ok: true, value: { started: false, reason: state.refusal } };
      if (running) return { ok: true, value: { started: false, reason: 'busy' } };
      void run(policyType);
      return { ok: true, value: { started: true } };
    },
  });
  /** `run` is a cycle that the engine begins by itself. */
  return { engine, started, state, run };
}
