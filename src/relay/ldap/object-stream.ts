import { type Client, type Filter, OrFilter } from 'ldapts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { GuidSet } from '../../domain/guid-set.ts';
import {
  attributesToRead,
  completeEntry,
  type EntrySource,
  type ObjectProblem,
  type ReadAuditEntry,
  readEntryAsItCame,
} from './audit-object.ts';
import { searchPages } from './raw-search.ts';
import { equals } from './search-filter.ts';

/**
 * What can be synchronised: users, inetOrgPersons and contacts have the category `person`, groups `group`; computers and
 * managed service accounts have categories of their own.
 */
export const objectsOfInterest: Filter = new OrFilter({
  filters: [equals('objectCategory', 'person'), equals('objectCategory', 'group')],
});

export interface ObjectReading extends EntrySource {
  /** DN of the domain, or of a container in it. */
  readonly base: string;
  readonly pageSize?: number;
  /** Told of each value that could not be read. */
  readonly report?: (problem: ObjectProblem) => void;
}

/**
 * Every user, inetOrgPerson, group and contact below a base, a page at a time; the next page is asked for when it is wanted.
 * One search from beginning to end: an object that changes meanwhile still matches, so none is missed; one that is moved
 * meanwhile may be met again, and is left out then.
 *
 * @param client bound, and used for nothing else meanwhile
 * @throws what the client throws; see `ldapFailureOf`
 */
export async function* readObjects(
  client: Client,
  { report = () => undefined, ...reading }: ObjectReading,
): AsyncGenerator<readonly AuditObject[], void, undefined> {
  const met = new GuidSet();
  for await (const page of readPages(client, reading, objectsOfInterest)) {
    const fresh = page.filter(({ object: { objectGUID } }) => objectGUID === undefined || met.add(objectGUID));
    for (const { problems } of fresh) for (const problem of problems) report(problem);
    yield fresh.map(({ object }) => object);
  }
}

/** The objects of interest that a filter finds, page by page. */
export async function* readPages(
  client: Client,
  { base, pageSize, ...source }: Omit<ObjectReading, 'report'>,
  filter: Filter,
): AsyncGenerator<readonly ReadAuditEntry[], void, undefined> {
  const search = {
    base,
    scope: 'sub' as const,
    filter,
    attributes: attributesToRead(source.further),
    ...(pageSize === undefined ? {} : { pageSize }),
  };
  for await (const page of searchPages(client, search, (entry) => readEntryAsItCame(entry, source))) {
    const read: ReadAuditEntry[] = [];
    for (const entry of page) {
      const complete = 'cut' in entry ? await completeEntry(client, entry, source) : entry;
      if (complete !== null) read.push(complete);
    }
    yield read;
  }
}
