import { setTimeout as sleep } from 'node:timers/promises';
import type { MovableClock } from '../clock.ts';
import type { ProvisioningEndpoint } from '../entra/provisioning.ts';
import type { AdChange, AdConnector } from './ad-connector.ts';
import type { EntraConnector } from './entra-connector.ts';
import type { EventLog } from './event-log.ts';
import { exportPending } from './export.ts';
import type { Metaverse, SynchronizationPolicy } from './metaverse.ts';
import type { OtherHandsAtWork } from './other-hands.ts';
import type { Run, RunHistory, RunProfileName } from './run-history.ts';
import type { CustomRule, EngineSettings } from './settings.ts';
import { stepResultOf } from './step-result.ts';
import { defaultRules, type SyncRule } from './sync-rules.ts';

export type PolicyType = 'Delta' | 'Initial';

export interface CycleResult {
  readonly policyType: PolicyType;
  /** `success`, or the first result of another kind among its runs. */
  readonly result: string;
  /** How many objects Entra accepted, and how many it refused. */
  readonly exported: number;
  readonly exportErrors: number;
  readonly runs: readonly Run[];
}

/** The parts of the engine that a cycle works on. */
export interface Engine {
  readonly clock: MovableClock;
  readonly endpoint: ProvisioningEndpoint;
  readonly settings: EngineSettings;
  readonly adConnectors: readonly AdConnector[];
  readonly metaverse: Metaverse;
  readonly entra: EntraConnector;
  readonly history: RunHistory;
  readonly events: EventLog;
  readonly otherHands: OtherHandsAtWork;
}

/**
 * One synchronisation cycle: import from every connector, synchronise, export to Entra, import again to confirm, and
 * let the tenant settle. A step that fails ends with its result, and the steps after it go on with what is there.
 */
export async function runCycle(engine: Engine, policyType: PolicyType): Promise<CycleResult> {
  const cycle = new Cycle(engine);
  const full = policyType === 'Initial';
  if (engine.settings.cycleDelayMs > 0) await sleep(engine.settings.cycleDelayMs);
  await engine.otherHands.writeToDirectories();

  await cycle.importDirectories(full ? 'Full Import' : 'Delta Import');
  cycle.importEntra(full ? 'Full Import' : 'Delta Import');
  cycle.synchronize(full ? 'Full Synchronization' : 'Delta Synchronization');
  if (!engine.settings.stagingMode) {
    engine.otherHands.exportStaleObjects();
    cycle.export();
    cycle.importEntra('Delta Import');
  }
  engine.endpoint.settle();
  engine.history.purge();
  return cycle.result(policyType);
}

class Cycle {
  readonly #engine: Engine;
  readonly #runs: Run[] = [];
  #exported = 0;
  #exportErrors = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async importDirectories(profile: 'Delta Import' | 'Full Import'): Promise<void> {
    const kind = profile === 'Full Import' ? 'full' : 'delta';
    const { adConnectors, clock } = this.#engine;
    await Promise.all(
      adConnectors.map(async (connector) => {
        const run = this.#start(connector.name, 'AD', profile);
        const fault = this.#faultOf(run);
        try {
          if (fault === undefined) await connector.import(kind, clock.now());
          this.#end(run, fault ?? 'success');
        } catch (error) {
          this.#end(run, stepResultOf(error));
        }
      }),
    );
  }

  importEntra(profile: 'Delta Import' | 'Full Import'): void {
    const { entra, endpoint, clock } = this.#engine;
    this.#run(entra.name, 'AAD', profile, () => {
      entra.import(endpoint.readShadow(), clock.now());
      return 'success';
    });
  }

  /** A full synchronisation evaluates every object, a delta only what imports changed. */
  synchronize(profile: 'Delta Synchronization' | 'Full Synchronization'): void {
    const { adConnectors, metaverse, entra, clock } = this.#engine;
    const policy = policyOf(this.#engine.settings);
    for (const connector of adConnectors) {
      this.#run(connector.name, 'AD', profile, () => {
        const changes = [...connector.takePendingChanges()];
        if (profile === 'Full Synchronization') changes.push(...Array.from(connector.objects, unchanged));
        return entra.synchronize(metaverse, metaverse.synchronize(changes, policy), clock.now());
      });
    }
    this.#run(entra.name, 'AAD', profile, () => 'success');
  }

  export(): void {
    const { entra, endpoint, settings, events, clock } = this.#engine;
    this.#run(entra.name, 'AAD', 'Export', () => {
      const outcome = exportPending(entra, endpoint, settings.deletionThreshold, events, clock.now());
      this.#exported += outcome.exported;
      this.#exportErrors += outcome.errors;
      return outcome.stepResult;
    });
  }

  result(policyType: PolicyType): CycleResult {
    const failed = this.#runs.find((run) => run.result !== 'success');
    return {
      policyType,
      result: failed?.result ?? 'success',
      exported: this.#exported,
      exportErrors: this.#exportErrors,
      runs: this.#runs,
    };
  }

  #run(connectorName: string, connectorType: 'AD' | 'AAD', profile: RunProfileName, step: () => string): void {
    const run = this.#start(connectorName, connectorType, profile);
    let result = 'stopped-extension-dll-exception';
    try {
      result = this.#faultOf(run) ?? step();
    } finally {
      // Also when the step throws: a run without an end would look as if it went on for ever.
      this.#end(run, result);
    }
  }

  #start(connectorName: string, connectorType: 'AD' | 'AAD', profile: RunProfileName): Run {
    const run = this.#engine.history.start(connectorName, connectorType, profile);
    this.#runs.push(run);
    return run;
  }

  #end(run: Run, result: string): void {
    this.#engine.history.end(run, result);
  }

  #faultOf(run: Run): string | undefined {
    return this.#engine.settings.faults[`${run.connectorName}/${run.runProfileName}`];
  }
}

function unchanged(object: NonNullable<AdChange['after']>): AdChange {
  return { before: object, after: object };
}

function policyOf(settings: EngineSettings): SynchronizationPolicy {
  const custom = settings.customRules.map((rule, index) => customSyncRule(rule, index));
  return {
    rules: [...custom, ...defaultRules(settings.upnSource)],
    userMatch: settings.userMatch,
    scopedOus: settings.scopedOus,
  };
}

function customSyncRule(rule: CustomRule, precedence: number): SyncRule {
  const flow = { target: rule.target, source: rule.source };
  return {
    name: rule.name,
    precedence,
    objectType: rule.objectType,
    scopingFilter: 'every object',
    flows: [rule.transform === 'direct' ? flow : { ...flow, expression: rule.transform }],
  };
}
