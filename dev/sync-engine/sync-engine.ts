import type { MovableClock } from '../clock.ts';
import type { Control } from '../control/control.ts';
import type { ProvisioningEndpoint } from '../entra/provisioning.ts';
import { AdConnector, type AdConnectorOptions } from './ad-connector.ts';
import { type CycleResult, type Engine, type PolicyType, runCycle } from './cycle.ts';
import { EntraConnector } from './entra-connector.ts';
import { EventLog, type LoggedEvent } from './event-log.ts';
import { Metaverse } from './metaverse.ts';
import { OtherHandsAtWork } from './other-hands.ts';
import { RunHistory } from './run-history.ts';
import { Scheduler } from './scheduler.ts';
import { defaultSettings, type EngineSettings, needInitialCycle, settingControls } from './settings.ts';

export interface SyncEngineOptions {
  readonly clock: MovableClock;
  readonly endpoint: ProvisioningEndpoint;
  /** In the order in which they were created, which decides between forests. */
  readonly connectors: readonly AdConnectorOptions[];
  /** `<tenant>.onmicrosoft.com - AAD`. */
  readonly aadConnectorName: string;
  readonly settings?: Partial<EngineSettings>;
}

export type StartOutcome =
  | { readonly started: true }
  | { readonly started: false; readonly reason: 'busy' | 'suspended' };

/** The sync server of the local stack, as its administrator sees it. */
export interface SyncEngine {
  /** Starts a cycle in the background, unless one runs or the scheduler is suspended. */
  startCycle(policyType: PolicyType): StartOutcome;
  readonly cycleRunning: boolean;
  /** Runs a cycle to its end, after the one that may be running. Rejects only on a bug. */
  runCycle(policyType: PolicyType): Promise<CycleResult>;
  readonly events: readonly LoggedEvent[];
  controls(): Control[];
  /** What the PowerShell module reads. */
  readonly parts: Engine;
  readonly scheduler: Scheduler;
  /** Ends after a running cycle, and closes the LDAP connections. */
  stop(): Promise<void>;
}

/** Creates a sync engine that has imported nothing yet; its first import reads everything, whatever was asked. */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  const { clock, endpoint } = options;
  const settings: EngineSettings = { ...defaultSettings, ...options.settings };
  const adConnectors = options.connectors.map((connector) => new AdConnector(connector));
  const entra = new EntraConnector(options.aadConnectorName);
  const events = new EventLog(clock);
  const engine: Engine = {
    clock,
    endpoint,
    settings,
    adConnectors,
    entra,
    events,
    metaverse: new Metaverse(adConnectors.map(({ name }) => name)),
    history: new RunHistory(clock),
    otherHands: new OtherHandsAtWork({
      clock,
      connectors: adConnectors,
      entra,
      endpoint,
      switches: () => settings.otherHands,
    }),
  };
  let running: Promise<unknown> | undefined;

  const run = async (policyType: PolicyType): Promise<CycleResult> => {
    while (running) await running.catch(() => undefined);
    const cycle = runCycle(engine, policyType);
    running = cycle;
    try {
      const result = await cycle;
      if (policyType === 'Initial') scheduler.nextPolicyType = 'Delta';
      return result;
    } finally {
      running = undefined;
    }
  };

  const startCycle = (policyType: PolicyType): StartOutcome => {
    if (running) return { started: false, reason: 'busy' };
    if (settings.suspended) return { started: false, reason: 'suspended' };
    run(policyType).catch((error: unknown) => {
      events.write('ADSync', 6801, `The cycle ended with an unexpected error: ${String(error)}`);
    });
    return { started: true };
  };

  const scheduler = new Scheduler(clock, startCycle);
  scheduler.enable(settings.schedulerEnabled);

  const settingChanged = (name: keyof EngineSettings) => {
    if (name === 'schedulerEnabled') scheduler.enable(settings.schedulerEnabled);
    if (name === 'otherHands') engine.otherHands.remember();
    if (needInitialCycle.has(name)) scheduler.nextPolicyType = 'Initial';
  };

  return {
    startCycle,
    get cycleRunning() {
      return running !== undefined;
    },
    runCycle: run,
    events: events.entries,
    controls: () => settingControls(settings, settingChanged),
    parts: engine,
    scheduler,
    async stop() {
      scheduler.stop();
      await running?.catch(() => undefined);
      await Promise.all(adConnectors.map((connector) => connector.close()));
    },
  };
}
