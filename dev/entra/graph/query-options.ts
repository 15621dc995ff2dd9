import type { Switches } from '../switches.ts';
import { badRequest, invalidQuery, unsupportedQuery } from './answer.ts';
import { type EntityType, isNavigation, propertiesOf } from './entity-types.ts';
import { checkFilter } from './filter-support.ts';
import { type Filter, parseFilter } from './filter-syntax.ts';

export interface SearchClause {
  readonly property: string;
  readonly text: string;
}

export interface QueryOptions {
  readonly select: readonly string[] | undefined;
  readonly filter: Filter | undefined;
  /** Quoted clauses of $search, such as displayName:ann; in one of the alternatives all have to hold. */
  readonly search: readonly (readonly SearchClause[])[];
  readonly orderBy: { readonly property: string; readonly descending: boolean } | undefined;
  readonly expand: readonly string[];
  readonly top: number;
  readonly count: boolean;
  readonly skipToken: string | undefined;
}

const known = new Set(['$select', '$filter', '$search', '$orderby', '$expand', '$top', '$count', '$skiptoken']);
const defaultTop = 100;
const largestTop = 999;

/** Reads and checks the query of a request for directory objects; ConsistencyLevel is the header's value. */
export function parseQuery(
  query: URLSearchParams,
  consistencyLevel: string | undefined,
  type: EntityType,
  switches: Switches,
): QueryOptions {
  const option = (name: string) => [...query].find(([key]) => key.toLowerCase() === name)?.[1];
  for (const [key] of query) {
    const isSystemOption = key.startsWith('$');
    if (isSystemOption && !known.has(key.toLowerCase()))
      throw badRequest(`The query parameter '${key}' is not supported.`);
  }
  const eventual = consistencyLevel?.toLowerCase() === 'eventual';
  const advanced = eventual && option('$count') === 'true';
  const filterText = option('$filter');
  const filter = filterText === undefined ? undefined : parseFilter(filterText);
  if (filter) checkFilter(filter, type, advanced, switches);
  return {
    select: parseSelect(option('$select'), type),
    filter,
    search: parseSearch(option('$search'), eventual),
    orderBy: parseOrderBy(option('$orderby'), type, advanced, filter !== undefined),
    expand: parseExpand(option('$expand'), type),
    top: parseTop(option('$top')),
    count: advanced,
    skipToken: option('$skiptoken'),
  };
}

function parseSelect(text: string | undefined, type: EntityType): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const properties = propertiesOf(type);
  const byLowerCase = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  return text.split(',').map((part) => {
    const name = byLowerCase.get(part.trim().toLowerCase());
    if (name === undefined) throw unknownProperty('Parsing OData Select and Expand failed', part.trim(), type);
    return name;
  });
}

function parseExpand(text: string | undefined, type: EntityType): readonly string[] {
  const names = text === undefined ? [] : text.split(',').map((part) => part.trim().replace(/\(.*\)$/, ''));
  for (const name of names) {
    if (!isNavigation(type, name)) throw unknownProperty('Parsing OData Select and Expand failed', name, type);
    if (name !== 'manager' && name !== 'members' && name !== 'memberOf') {
      throw badRequest(`$expand of '${name}' is not supported.`);
    }
  }
  return names;
}

function parseSearch(text: string | undefined, eventual: boolean): QueryOptions['search'] {
  if (text === undefined) return [];
  if (!eventual) {
    throw unsupportedQuery(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  const alternatives: SearchClause[][] = [[]];
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  for (const [position, word] of words.entries()) {
    const isOperator = position % 2 === 1;
    if (isOperator && word === 'OR') alternatives.push([]);
    else if (isOperator && word !== 'AND') throw invalidQuery(`Syntax error: AND or OR was expected, not ${word}.`);
    else if (!isOperator) alternatives.at(-1)?.push(parseClause(word));
  }
  if (words.length % 2 === 0) throw invalidQuery(`Syntax error: ${text} ends without a clause.`);
  return alternatives;
}

function parseClause(word: string): SearchClause {
  const match = /^"(\w+):(.*)"$/.exec(word);
  if (!match?.[1]) throw invalidQuery(`Syntax error: ${word} is not a quoted "property:value" clause.`);
  return { property: match[1], text: (match[2] ?? '').replace(/\\(["\\])/g, '$1') };
}

function parseOrderBy(
  text: string | undefined,
  type: EntityType,
  advanced: boolean,
  filtered: boolean,
): QueryOptions['orderBy'] {
  if (text === undefined) return undefined;
  const [property = '', direction = 'asc'] = text.trim().split(/\s+/);
  if (!(property in propertiesOf(type))) throw unknownProperty('Invalid orderby clause', property, type);
  const isPlain = (property === 'displayName' || property === 'userPrincipalName') && !filtered;
  if (!isPlain && !advanced) throw unsupportedQuery('Sorting not supported for current query.');
  return { property, descending: direction.toLowerCase() === 'desc' };
}

function parseTop(text: string | undefined): number {
  if (text === undefined) return defaultTop;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1) throw badRequest(`Invalid value '${text}' for $top.`);
  if (top > largestTop)
    throw badRequest(`Invalid page size specified: '${text}'. Must be between 1 and ${largestTop} inclusive.`);
  return top;
}

function unknownProperty(where: string, name: string, type: EntityType) {
  return invalidQuery(`${where}: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`);
}
