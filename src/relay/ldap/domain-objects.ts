import {
  AndFilter,
  type Client,
  Control,
  type Filter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  ResultCodeError,
} from 'ldapts';
import type { EntrySource, ReadAuditEntry } from './audit-object.ts';
import { octetsOf, textOf } from './entry.ts';
import { resultCode } from './ldap-failure.ts';
import { firstWindow, narrowed, type ObjectRun, type UsnWindow, windowAfter } from './object-run.ts';
import { objectsOfInterest, readPages } from './object-stream.ts';
import { guidOf } from './octets.ts';
import { type RawEntry, searchPages, searchRaw } from './raw-search.ts';
import { equals } from './search-filter.ts';

export interface DeletedObject {
  readonly objectGUID: string;
  /** Where it was. */
  readonly distinguishedName: string;
}

/** What a run meets. After `next` everything below that sequence number has been told. */
export type Met =
  | { readonly kind: 'objects'; readonly read: readonly ReadAuditEntry[] }
  | { readonly kind: 'deleted'; readonly deleted: readonly DeletedObject[] }
  | { readonly kind: 'position'; readonly next: bigint };

const pageSize = 500;

/**
 * Reads what a run asks for.
 *
 * An object's uSNChanged is the number of its last change on this controller, so numbers are read in windows, ascending, and a
 * window that was read whole need not be read again. An object that changes while the run lasts leaves its window for the
 * numbers above `until`: the last search takes all of these and has no upper bound, so that what changes once more during it
 * still matches. It may therefore meet objects again that a window had told; it never leaves one out.
 *
 * Renaming or moving a container changes the names of what is in it but not their numbers, so a run over changes reads again
 * what is below a container that has changed.
 */
export async function* readDomain(
  client: Client,
  base: string,
  run: ObjectRun,
  source: EntrySource,
): AsyncGenerator<Met, void, undefined> {
  for (let window: UsnWindow | null = firstWindow(run); window !== null; ) {
    const narrower: UsnWindow | null = narrowed(run, window);
    const found: number | null = yield* readWindow(client, base, window, source, narrower !== null);
    if (found === null) {
      window = narrower;
      continue;
    }
    if (run.mode === 'changes') yield* readIndirectChanges(client, base, source, window.first, window.last);
    yield { kind: 'position', next: window.last + 1n };
    window = windowAfter(run, window, found);
  }

  const first = run.next > run.until ? run.next : run.until + 1n;
  const pages = readPages(client, { base, pageSize, ...source }, changedBetween(objectsOfInterest, first));
  for await (const read of pages) yield { kind: 'objects', read };
  if (run.mode === 'changes') yield* readIndirectChanges(client, base, source, first);
}

/**
 * @param onePage whether the window is to be given up, untold, when it holds more than a page
 * @returns number of objects; null: given up
 */
async function* readWindow(
  client: Client,
  base: string,
  { first, last }: UsnWindow,
  source: EntrySource,
  onePage: boolean,
): AsyncGenerator<Met, number | null, undefined> {
  let found = 0;
  for await (const read of readPages(
    client,
    { base, pageSize, ...source },
    changedBetween(objectsOfInterest, first, last),
  )) {
    if (onePage && read.length >= pageSize) return null;
    found += read.length;
    yield { kind: 'objects', read };
  }
  return found;
}

/** Deleted objects, and those that have another name because a container above them has. */
async function* readIndirectChanges(
  client: Client,
  base: string,
  source: EntrySource,
  first: bigint,
  last?: bigint,
): AsyncGenerator<Met, void, undefined> {
  const deleted = {
    base,
    scope: 'sub' as const,
    filter: changedBetween(deletedOfInterest, first, last),
    attributes: ['objectGUID', 'lastKnownParent'],
    controls: [new ShowRecycledControl()],
    pageSize,
  };
  for await (const page of searchPages(client, deleted, deletedObjectOf)) yield { kind: 'deleted', deleted: page };

  const filter = changedBetween(containers, first, last);
  for (const container of await searchRaw(client, { base, scope: 'sub', filter, attributes: ['objectGUID'] })) {
    yield* readBelow(client, `<GUID=${guidIn(container)}>`, source);
  }
}

async function* readBelow(client: Client, base: string, source: EntrySource): AsyncGenerator<Met, void, undefined> {
  try {
    for await (const read of readPages(client, { base, pageSize, ...source }, objectsOfInterest))
      yield { kind: 'objects', read };
  } catch (thrown) {
    // Deleted meanwhile, and then what was in it too.
    if (!(thrown instanceof ResultCodeError && thrown.code === resultCode.noSuchObject)) throw thrown;
  }
}

/**
 * Tombstones keep their classes but not their category (MS-ADTS 3.1.1.5.5.1.1), so the filter for living objects does not
 * find them.
 */
const deletedOfInterest: Filter = new AndFilter({
  filters: [
    equals('isDeleted', 'TRUE'),
    new OrFilter({
      filters: [equals('objectClass', 'user'), equals('objectClass', 'group'), equals('objectClass', 'contact')],
    }),
    new NotFilter({ filter: equals('objectClass', 'computer') }),
  ],
});

/** What can be renamed or moved and holds objects. */
const containers: Filter = new OrFilter({
  filters: [equals('objectClass', 'organizationalUnit'), equals('objectClass', 'container')],
});

function changedBetween(filter: Filter, first: bigint, last?: bigint): Filter {
  const attribute = 'uSNChanged';
  const upTo = last === undefined ? [] : [new LessThanEqualsFilter({ attribute, value: String(last) })];
  return new AndFilter({
    filters: [filter, new GreaterThanEqualsFilter({ attribute, value: String(first) }), ...upTo],
  });
}

/** Shows deleted objects, and those that the recycle bin has given up (MS-ADTS 3.1.1.3.4.1.23). */
class ShowRecycledControl extends Control {
  constructor() {
    super('1.2.840.113556.1.4.2064', { critical: true });
  }
}

function deletedObjectOf(entry: RawEntry): DeletedObject {
  const parent = textOf(entry, 'lastKnownParent');
  const [name = entry.dn] = entry.dn.split('\\0ADEL:');
  return { objectGUID: guidIn(entry), distinguishedName: parent === undefined ? entry.dn : `${name},${parent}` };
}

const guidIn = (entry: RawEntry): string => octetsOf(entry, 'objectGUID').map(guidOf)[0] ?? '';

/**
 * Whether any deleted object is seen. An account that may not see them gets no error, only none of them; a directory in which
 * nothing was deleted within the last months looks the same.
 */
export async function seesDeleted(client: Client, domainBase: string): Promise<boolean> {
  const search = {
    base: `CN=Deleted Objects,${domainBase}`,
    scope: 'sub' as const,
    // The container itself counts as deleted too, but was nowhere else before.
    filter: new AndFilter({
      filters: [equals('isDeleted', 'TRUE'), new PresenceFilter({ attribute: 'lastKnownParent' })],
    }),
    attributes: ['objectGUID'],
    controls: [new ShowRecycledControl()],
    pageSize: 1,
  };
  try {
    for await (const page of searchPages(client, search, () => true)) if (page.length > 0) return true;
    return false;
  } catch (thrown) {
    if (thrown instanceof ResultCodeError && thrown.code === resultCode.noSuchObject) return false;
    throw thrown;
  }
}
