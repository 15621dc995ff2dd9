import type { MovableClock } from '../clock.ts';
import type { WriteRecord } from './write-record.ts';

/** What goes wrong on purpose. */
export interface Faults {
  /** Host names of controllers that refuse connections and receive no updates. */
  down: readonly string[];
  /** Host names of controllers that answer every operation with busy (51). */
  busy: readonly string[];
  /** DNs of objects on which every write is refused with insufficientAccess (50), whoever writes. */
  insufficientRights: readonly string[];
  /** So many next pages come without an entry but with a cookie. */
  emptyPages: number;
  /** So many next writes are carried out, but the connection breaks before the answer. */
  dropAfterWrite: number;
}

/** What every forest, domain and controller of one stand-in shares. */
export interface Environment {
  readonly clock: MovableClock;
  /** Milliseconds until a write reaches the other controllers. */
  replicationDelay: number;
  faults: Faults;
  readonly writes: WriteRecord[];
}

export const noFaults: Faults = { down: [], busy: [], insufficientRights: [], emptyPages: 0, dropAfterWrite: 0 };
