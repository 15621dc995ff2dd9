import type { Moment } from '../../clock.ts';
import type { DirectoryObject } from '../directory-object.ts';
import { propertyOf } from './object-properties.ts';

/** One accepted write of one attribute through Graph. */
export interface GraphWrite {
  readonly at: Moment;
  readonly method: string;
  readonly objectId: string;
  /** `*` when the object was created, deleted or restored. */
  readonly attribute: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What Graph has accepted, so that a test can count writes. */
export class WriteLog {
  readonly entries: GraphWrite[] = [];
  readonly #now: () => Moment;

  constructor(now: () => Moment) {
    this.#now = now;
  }

  object(method: string, object: DirectoryObject, before: unknown, after: unknown): void {
    this.entries.push({ at: this.#now(), method, objectId: object.id, attribute: '*', before, after });
  }

  /** Runs `write` and records the named attributes as they were before and are after it. */
  attributes<T>(
    method: string,
    object: DirectoryObject,
    names: readonly string[],
    write: () => T,
    accepted: (result: T) => boolean,
  ): T {
    const before = names.map((name) => propertyOf(object, name));
    const result = write();
    if (!accepted(result)) return result;
    for (const [position, attribute] of names.entries()) {
      const after = propertyOf(object, attribute);
      this.entries.push({ at: this.#now(), method, objectId: object.id, attribute, before: before[position], after });
    }
    return result;
  }
}
