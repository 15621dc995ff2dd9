import { randomUUID } from 'node:crypto';
import type { Moment, MovableClock } from '../clock.ts';

export type RunProfileName =
  | 'Delta Import'
  | 'Full Import'
  | 'Delta Synchronization'
  | 'Full Synchronization'
  | 'Export';

/** One run of one run profile of one connector. */
export interface Run {
  readonly runHistoryId: string;
  readonly connectorName: string;
  readonly connectorType: 'AD' | 'AAD';
  readonly runProfileName: RunProfileName;
  /** `in-progress` while it runs, then the result of its step. */
  result: string;
  readonly startDate: Moment;
  endDate: Moment | undefined;
}

/** The default purge interval of the scheduler. */
const keptFor = 7 * 24 * 60 * 60 * 1000;

/** The operations list of the Synchronization Service Manager, newest last. */
export class RunHistory {
  readonly #clock: MovableClock;
  #runs: Run[] = [];

  constructor(clock: MovableClock) {
    this.#clock = clock;
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  start(connectorName: string, connectorType: 'AD' | 'AAD', runProfileName: RunProfileName): Run {
    const startDate = this.#clock.now();
    const run: Run = {
      runHistoryId: randomUUID(),
      connectorName,
      connectorType,
      runProfileName,
      result: 'in-progress',
      startDate,
      endDate: undefined,
    };
    this.#runs.push(run);
    return run;
  }

  end(run: Run, result: string): void {
    run.result = result;
    run.endDate = this.#clock.now();
  }

  purge(): void {
    const oldest = this.#clock.now() - keptFor;
    if ((this.#runs[0]?.startDate ?? oldest) < oldest) this.#runs = this.#runs.filter((run) => run.startDate >= oldest);
  }
}
