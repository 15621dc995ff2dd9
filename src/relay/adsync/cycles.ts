import { randomUUID } from 'node:crypto';
import { promises as timers } from 'node:timers';
import type { SyncCycleResponse } from '../../relay-contract.ts';
import type { Run } from './engine-answers.ts';
import type { EngineAnswer, PolicyType, SyncEngine } from './sync-engine.ts';

export type CycleRequested =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly kind: 'NotInstalled' }
  | { readonly ok: false; readonly kind: 'DeletionsPending' };

export interface CycleTiming {
  /** First and longest pause between two looks at the engine; it doubles in between. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long a started cycle may take to appear in the run history. */
  readonly appearsWithinMs: number;
}

const timing: CycleTiming = { firstPauseMs: 40, longestPauseMs: 5_000, appearsWithinMs: 60_000 };
/** Looks at the engine that may fail in a row before a cycle counts as failed. */
const patience = 5;
const remembered = 200;

interface Cycle {
  readonly id: string;
  readonly policyType: PolicyType;
  readonly requestedAt: string;
  state: SyncCycleResponse['state'];
  startedAt: string | null;
  completedAt: string | null;
  message: string | null;
}

/**
 * Sync cycles that somebody asked for. The engine runs one at a time and refuses a second: here a request waits until the
 * running one has ended, also one that the engine began by itself, and equal requests that wait share one cycle.
 */
export class SyncCycles {
  readonly #engine: SyncEngine;
  readonly #timing: CycleTiming;
  readonly #stop = new AbortController();
  readonly #cycles = new Map<string, Cycle>();
  #working: Promise<void> | null = null;

  constructor(engine: SyncEngine, cycleTiming: CycleTiming = timing) {
    this.#engine = engine;
    this.#timing = cycleTiming;
  }

  async request(policyType: PolicyType): Promise<CycleRequested> {
    if (policyType === 'Initial') {
      const history = await this.#engine.runHistory(50);
      if (!history.ok && history.kind === 'NotInstalled') return history;
      if (history.ok && deletionsPending(history.value)) return { ok: false, kind: 'DeletionsPending' };
    }
    const waiting = this.#waiting().find((cycle) => cycle.policyType === policyType);
    if (waiting !== undefined) return { ok: true, id: waiting.id };
    const cycle: Cycle = {
      id: randomUUID(),
      policyType,
      requestedAt: now(),
      state: 'queued',
      startedAt: null,
      completedAt: null,
      message: null,
    };
    this.#cycles.set(cycle.id, cycle);
    this.#working ??= this.#workThrough().finally(() => {
      this.#working = null;
    });
    return { ok: true, id: cycle.id };
  }

  find(id: string): SyncCycleResponse | undefined {
    const cycle = this.#cycles.get(id);
    return cycle === undefined ? undefined : { ...cycle };
  }

  /** Stops watching; a cycle that the engine runs goes on there. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  #waiting(): Cycle[] {
    return [...this.#cycles.values()].filter(({ state }) => state === 'queued');
  }

  async #workThrough(): Promise<void> {
    for (let [next] = this.#waiting(); next !== undefined && !this.#stop.signal.aborted; [next] = this.#waiting()) {
      const failure = await this.#run(next);
      next.state = failure === null ? 'completed' : 'failed';
      next.message = failure;
      next.completedAt = now();
      this.#forgetOldest();
    }
  }

  /** @returns why it failed; null when it completed. */
  async #run(cycle: Cycle): Promise<string | null> {
    const before = await this.#start(cycle);
    if (!before.ok) return before.message;
    return this.#untilEnded(before.newestRun);
  }

  /** Waits for the engine to be free and starts the cycle. Answers the newest run before it. */
  async #start(cycle: Cycle): Promise<{ ok: true; newestRun: string | null } | { ok: false; message: string }> {
    let failures = 0;
    for await (const _ of this.#looks()) {
      const [scheduler, history] = await Promise.all([this.#engine.scheduler(), this.#engine.runHistory(1)]);
      if (!scheduler.ok || !history.ok) {
        failures += 1;
        if (failures >= patience) return { ok: false, message: messageOf(scheduler, history) };
        continue;
      }
      failures = 0;
      if (scheduler.value.syncCycleInProgress) continue;
      cycle.state = 'running';
      cycle.startedAt = now();
      const started = await this.#engine.startCycle(cycle.policyType);
      if (!started.ok) return { ok: false, message: messageOf(started) };
      if (started.value.started) return { ok: true, newestRun: history.value[0]?.runHistoryId ?? null };
      if (started.value.reason !== 'busy')
        return { ok: false, message: `The sync engine refused: ${started.value.reason}` };
      cycle.state = 'queued';
      cycle.startedAt = null;
    }
    return { ok: false, message: stopped };
  }

  async #untilEnded(newestBefore: string | null): Promise<string | null> {
    const begun = performance.now();
    let failures = 0;
    for await (const _ of this.#looks()) {
      const [scheduler, history] = await Promise.all([this.#engine.scheduler(), this.#engine.runHistory(50)]);
      if (!scheduler.ok || !history.ok) {
        failures += 1;
        if (failures >= patience) return messageOf(scheduler, history);
        continue;
      }
      failures = 0;
      if (scheduler.value.syncCycleInProgress) continue;
      const runs = runsSince(history.value, newestBefore);
      if (runs.length > 0 && runs.every(({ endDate }) => endDate !== null)) return failureIn(runs);
      if (runs.length === 0 && performance.now() - begun > this.#timing.appearsWithinMs) {
        return 'The sync engine accepted the cycle, but its run history does not show it.';
      }
    }
    return stopped;
  }

  async *#looks(): AsyncGenerator<void> {
    let wait = this.#timing.firstPauseMs;
    while (!this.#stop.signal.aborted) {
      yield;
      await timers.setTimeout(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      wait = Math.min(wait * 1.5, this.#timing.longestPauseMs);
    }
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#cycles) {
      if (this.#cycles.size <= remembered) return;
      if (state === 'completed' || state === 'failed') this.#cycles.delete(id);
    }
  }
}

const stopped = 'The relay was stopped.';
const now = (): string => new Date().toISOString();

/** `history` is newest first. */
function runsSince(history: readonly Run[], newestBefore: string | null): readonly Run[] {
  const known = history.findIndex(({ runHistoryId }) => runHistoryId === newestBefore);
  return known < 0 ? history : history.slice(0, known);
}

/** A run that did not start or was stopped; errors of single objects do not fail a cycle. Unknown results count as success. */
function failureIn(runs: readonly Run[]): string | null {
  const failed = runs.filter(({ result }) => /^(?:no-start|stopped)-/.test(result));
  if (failed.length === 0) return null;
  return failed.map((run) => `${run.connectorName}: ${run.runProfileName} ended with ${run.result}`).join('; ');
}

/** The last export was stopped because it would have deleted more objects than the threshold allows. */
function deletionsPending(history: readonly Run[]): boolean {
  const lastExport = history.find((run) => run.connectorType === 'AAD' && /export/i.test(run.runProfileName));
  const results =
    lastExport === undefined ? [] : [lastExport.result, ...lastExport.steps.map(({ stepResult }) => stepResult)];
  return results.some((result) => result.includes('deletion-threshold-exceeded'));
}

function messageOf(...answers: readonly EngineAnswer<unknown>[]): string {
  for (const answer of answers) {
    if (!answer.ok)
      return answer.kind === 'Failed' ? answer.message : 'Entra Connect is not installed on this machine.';
  }
  return '';
}
