import type { Moment } from '../../clock.ts';

/** A fault that Graph commits on purpose. It applies to calls whose method, path and body match, `times` times. */
export interface Fault {
  readonly kind: 'status' | 'timeout' | 'dropResponse';
  /** For `status`: such as 429, 500, 503. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly method?: string;
  /** A regular expression on the path after /v1.0, without the query. */
  readonly path?: string;
  /** A regular expression on the request's body: tells one $batch from another. */
  readonly body?: string;
  readonly times: number;
}

export interface Quota {
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface Throttled {
  readonly retryAfterSeconds: number;
  readonly reason: 'WriteLimitExceeded' | 'ResourceUnitLimitExceeded';
}

/** Throttling, faults and outages of the Graph stand-in; quotas are those of one application in one tenant. */
export class Traffic {
  writeQuota: Quota = { limit: 3000, windowSeconds: 150 };
  resourceUnits: Quota = { limit: 8000, windowSeconds: 10 };
  faults: Fault[] = [];
  outageUntil: Moment = 0;
  readonly #now: () => Moment;
  readonly #spent = new Map<string, { at: Moment; units: number }[]>();

  constructor(now: () => Moment) {
    this.#now = now;
  }

  get isOut(): boolean {
    return this.#now() < this.outageUntil;
  }

  get outageSecondsLeft(): number {
    return Math.max(0, Math.ceil((this.outageUntil - this.#now()) / 1000));
  }

  outFor(seconds: number): void {
    this.outageUntil = this.#now() + seconds * 1000;
  }

  /** Takes the fault that applies to a call, if any; inside a $batch only `status` faults do. */
  takeFault(method: string, path: string, kinds: readonly Fault['kind'][], body = ''): Fault | undefined {
    const position = this.faults.findIndex(
      (fault) =>
        kinds.includes(fault.kind) &&
        (fault.method ?? method) === method &&
        (fault.path === undefined || new RegExp(fault.path).test(path)) &&
        (fault.body === undefined || new RegExp(fault.body).test(body)),
    );
    const fault = this.faults[position];
    if (!fault) return undefined;
    this.faults = this.faults.flatMap((other) =>
      other !== fault ? other : other.times > 1 ? { ...other, times: other.times - 1 } : [],
    );
    return fault;
  }

  /** Books a call, or answers that it has to wait; a refused call costs nothing. */
  admit(application: string, isWrite: boolean, units: number): Throttled | undefined {
    const writes = isWrite ? this.#wait(`write ${application}`, this.writeQuota, 1) : 0;
    if (writes > 0) return { retryAfterSeconds: writes, reason: 'WriteLimitExceeded' };
    const wait = this.#wait(`units ${application}`, this.resourceUnits, units);
    if (wait > 0) return { retryAfterSeconds: wait, reason: 'ResourceUnitLimitExceeded' };
    if (isWrite) this.#book(`write ${application}`, 1);
    this.#book(`units ${application}`, units);
    return undefined;
  }

  /** How much of the resource units are spent: 1 is where throttling starts. */
  usage(application: string): number {
    const recent = this.#recent(`units ${application}`, this.resourceUnits);
    return recent.reduce((sum, { units }) => sum + units, 0) / this.resourceUnits.limit;
  }

  /** Seconds until `units` more fit into the window, rounded up; 0 when they fit now. */
  #wait(key: string, quota: Quota, units: number): number {
    const recent = this.#recent(key, quota);
    let excess = recent.reduce((sum, spent) => sum + spent.units, 0) + units - quota.limit;
    if (excess <= 0) return 0;
    for (const spent of recent) {
      excess -= spent.units;
      if (excess <= 0) return Math.max(1, Math.ceil((spent.at - this.#now()) / 1000 + quota.windowSeconds));
    }
    return quota.windowSeconds;
  }

  #recent(key: string, { windowSeconds }: Quota): { at: Moment; units: number }[] {
    const since = this.#now() - windowSeconds * 1000;
    const all = this.#spent.get(key) ?? [];
    const firstRecent = all.findIndex(({ at }) => at > since);
    const recent = firstRecent < 0 ? [] : all.slice(firstRecent);
    this.#spent.set(key, recent);
    return recent;
  }

  #book(key: string, units: number): void {
    const spent = this.#spent.get(key) ?? [];
    spent.push({ at: this.#now(), units });
    this.#spent.set(key, spent);
  }
}
