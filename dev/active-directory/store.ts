import type { Moment } from '../clock.ts';
import type { Value } from './attribute-value.ts';
import { commit } from './commit.ts';
import type { Named } from './find-named.ts';

/** Writes attributes (by key) in the object's home domain without the checks for clients; replicates like any write. */
export function store({ entry, domain }: Named, attributes: ReadonlyMap<string, readonly Value[]>, at?: Moment): void {
  const { spokesman } = domain;
  commit(spokesman, spokesman.replica, { guid: entry.guid, attributes }, at);
}
