import type { DirectoryObject } from '../directory-object.ts';
import type { ObjectType } from '../provisioning.ts';
import { groupsOf, managerOf, membersOf } from '../references.ts';
import type { Answer } from './answer.ts';
import { invalidQuery } from './answer.ts';
import type { Call } from './call.ts';
import { searchCandidates } from './filter-candidates.ts';
import { satisfies } from './filter-evaluation.ts';
import { parseFilter } from './filter-syntax.ts';
import { entityTypeOf, propertyOf, represent, representTyped } from './object-properties.ts';
import { parseQuery, type QueryOptions, type SearchClause } from './query-options.ts';

/** GET of a set of objects of one type. Only what is searched, filtered or counted lags behind writes (S10). */
export function listObjects(call: Call, type: ObjectType, deleted = false): Answer {
  const query = parseQuery(
    call.query,
    call.headers['consistencylevel'],
    entityTypeOf[type],
    call.tenant.settings.switches,
  );
  const belongs = (object: DirectoryObject) => (object.deletedAt !== undefined) === deleted;
  const found = query.skipToken === undefined ? select(call, type, query, deleted) : [];
  const { page, nextToken } =
    query.skipToken === undefined
      ? call.pages.first(
          found.map(({ id }) => id),
          query.top,
        )
      : call.pages.next<string>(query.skipToken, query.top);
  const objects = page.flatMap((id) => call.tenant.state.directory.byId(id) ?? []).filter(belongs);
  const plural = { user: 'users', group: 'groups', contact: 'contacts' }[type];
  return {
    status: 200,
    body: {
      '@odata.context': `${call.baseUrl}/$metadata#${plural}`,
      ...(query.count && query.skipToken === undefined ? { '@odata.count': found.length } : {}),
      ...(nextToken ? { '@odata.nextLink': nextLink(call, nextToken) } : {}),
      value: objects.map((object) => representExpanded(call, object, query)),
    },
  };
}

/** GET of `/users/$count` and its like: plain text. */
export function countObjects(call: Call, type: ObjectType): Answer {
  if (call.headers['consistencylevel']?.toLowerCase() !== 'eventual') {
    throw invalidQuery('$count is not currently supported.');
  }
  const withCount = new URLSearchParams([...call.query, ['$count', 'true']]);
  const query = parseQuery(withCount, 'eventual', entityTypeOf[type], call.tenant.settings.switches);
  const found = select(call, type, query, false);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(found.length) };
}

/** GET of a relation: objects of mixed types, each with its @odata.type. */
export function listRelated(call: Call, objects: readonly DirectoryObject[]): Answer {
  const select = call.query.get('$select')?.split(',');
  const top = Number(call.query.get('$top') ?? 100);
  const token = call.query.get('$skiptoken');
  const { page, nextToken } = token
    ? call.pages.next<DirectoryObject>(token, top)
    : call.pages.first<DirectoryObject>(objects, top);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.baseUrl}/$metadata#directoryObjects`,
      ...(nextToken ? { '@odata.nextLink': nextLink(call, nextToken) } : {}),
      value: page.map((object) => representTyped(object, select)),
    },
  };
}

/** GET of entities that are no directory objects: roles, audits, domains. They take $filter, $select and $top. */
export function listPlain(call: Call, name: string, entities: readonly Readonly<Record<string, unknown>>[]): Answer {
  const text = call.query.get('$filter');
  const filter = text === null ? undefined : parseFilter(text);
  const names = call.query.get('$select')?.split(',');
  const found = filter ? entities.filter((entity) => satisfies(filter, (property) => entity[property])) : entities;
  const token = call.query.get('$skiptoken');
  const top = Number(call.query.get('$top') ?? 1000);
  const { page, nextToken } = token
    ? call.pages.next<Record<string, unknown>>(token, top)
    : call.pages.first(found, top);
  const shown = names ? page.map((entity) => Object.fromEntries(names.map((key) => [key, entity[key]]))) : page;
  return {
    status: 200,
    body: {
      '@odata.context': `${call.baseUrl}/$metadata#${name}`,
      ...(nextToken ? { '@odata.nextLink': nextLink(call, nextToken) } : {}),
      value: shown,
    },
  };
}

export function representExpanded(call: Call, object: DirectoryObject, query: QueryOptions): Record<string, unknown> {
  const { state } = call.tenant;
  const expanded = query.expand.map((name) => {
    const manager = managerOf(state, object);
    if (name === 'manager') return [name, manager ? representTyped(manager, undefined) : undefined];
    const related = name === 'members' ? membersOf(state, object) : groupsOf(state, object);
    return [name, related.map((other) => representTyped(other, undefined))];
  });
  return { ...represent(object, query.select), ...Object.fromEntries(expanded) };
}

function select(
  call: Call,
  type: ObjectType,
  { filter, search, orderBy, count }: QueryOptions,
  deleted: boolean,
): readonly DirectoryObject[] {
  const { directory } = call.tenant.state;
  const searches = filter !== undefined || search.length > 0 || count;
  const candidates = searches ? searchCandidates(directory, type, deleted ? undefined : filter) : directory.all(type);
  const found: DirectoryObject[] = [];
  for (const object of candidates) {
    const read = (name: string) => propertyOf(object, name);
    const isWanted =
      (object.deletedAt !== undefined) === deleted &&
      (filter === undefined || satisfies(filter, read)) &&
      (search.length === 0 || search.some((clauses) => clauses.every((clause) => holds(clause, read))));
    if (isWanted) found.push(object);
  }
  return orderBy ? sorted(found, orderBy) : found;
}

function holds({ property, text }: SearchClause, read: (name: string) => unknown): boolean {
  const value = String(read(property) ?? '');
  return value.toLowerCase().includes(text.toLowerCase());
}

function sorted(
  objects: DirectoryObject[],
  { property, descending }: NonNullable<QueryOptions['orderBy']>,
): DirectoryObject[] {
  const keys = new Map(objects.map((object) => [object, String(propertyOf(object, property) ?? '').toLowerCase()]));
  const order = (left: DirectoryObject, right: DirectoryObject) =>
    (keys.get(left) ?? '') < (keys.get(right) ?? '') ? -1 : keys.get(left) === keys.get(right) ? 0 : 1;
  return objects.sort((left, right) => (descending ? order(right, left) : order(left, right)));
}

function nextLink(call: Call, token: string): string {
  const query = new URLSearchParams([...call.query].filter(([name]) => name.toLowerCase() !== '$skiptoken'));
  query.set('$skiptoken', token);
  return `${call.baseUrl}/${call.segments.map(encodeURIComponent).join('/')}?${query}`;
}
