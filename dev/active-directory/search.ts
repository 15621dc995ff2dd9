import { type Call, controlOid, showsDeleted } from './call.ts';
import { readDirSync } from './dir-sync.ts';
import { parseObjectName } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import type { Filter } from './filter.ts';
import { compileFilter, type Matcher } from './filter-match.ts';
import type { SearchRequest, SearchScope } from './ldap-message.ts';
import type { LdapResult, ResponseControl, SearchEntry } from './ldap-response.ts';
import { type Located, linkTarget, locate } from './locate.ts';
import { type Cursors, nextPage } from './paging.ts';
import { resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import { readSelection, showEntry } from './selection.ts';

/** LDAP policy MaxPageSize: neither a page nor an unpaged search is longer. */
export const maxPageSize = 1000;

export interface SearchAnswer {
  readonly entries: readonly SearchEntry[];
  /** Naming contexts below the base that another server holds. */
  readonly references: readonly string[];
  readonly result: LdapResult;
  readonly controls: readonly ResponseControl[];
}

export function search(call: Call, request: SearchRequest, cursors: Cursors): SearchAnswer {
  if (call.controls.has(controlOid.dirSync)) return readDirSync(call, request);
  const page = call.controls.get(controlOid.pagedResults);
  if (page) return nextPage(call, request, page, cursors);
  const found = findEntries(call, request);
  const limit = Math.min(request.sizeLimit || maxPageSize, maxPageSize);
  const selection = readSelection(call, request.attributes, request.typesOnly);
  return {
    entries: found.slice(0, limit).map(({ entry, replica }) => showEntry(call, replica, entry, selection)),
    references: subordinateReferences(call, request),
    result: { code: found.length > limit ? resultCode.sizeLimitExceeded : resultCode.success },
    controls: [],
  };
}

/** All entries that a search matches, in the order in which they are answered. */
export function findEntries(call: Call, { base, scope, filter }: SearchRequest): Located[] {
  return bases(call, base, scope).flatMap(({ entry, replica }) => {
    const matcher = compile(call, replica, filter);
    return matching(call, entry, scope, matcher).map((found) => ({ entry: found, replica }));
  });
}

/** On the global catalogue the empty base stands for everything, and a domain includes the domains below it. */
function bases(call: Call, base: string, scope: SearchScope): Located[] {
  if (!call.catalogue || scope !== 'subtree') return [locate(call, base, { deleted: showsDeleted(call) })];
  if (base === '') return call.controller.partitions(true).map((replica) => ({ entry: replica.root, replica }));
  const start = locate(call, base, { deleted: showsDeleted(call) });
  const below = call.controller.partitions(true).filter((replica) => isSubordinate(start, replica));
  return [start, ...below.map((replica) => ({ entry: replica.root, replica }))];
}

function isSubordinate({ entry, replica }: Located, other: Replica): boolean {
  return (
    other !== replica &&
    entry === replica.root &&
    other.baseDn.toLowerCase().endsWith(`,${replica.baseDn.toLowerCase()}`)
  );
}

export function compile(call: Call, replica: Replica, filter: Filter): Matcher {
  return compileFilter(filter, { replica, catalogue: call.catalogue, guidOf: (dn) => targetOrNothing(call, dn) });
}

/** A DN in a filter that is no DN matches nothing; it is not an error. */
function targetOrNothing(call: Call, text: string): string | undefined {
  if (!text.includes('=')) return undefined;
  parseObjectName(text);
  return linkTarget(call, text);
}

function matching(call: Call, base: Entry, scope: SearchScope, { test, candidates }: Matcher): Entry[] {
  const deleted = showsDeleted(call);
  const visible = (entry: Entry): boolean => !entry.isDeleted || (deleted && call.identity.isAdministrator);
  const accepted = (entry: Entry): boolean => visible(entry) && test(entry) === true;
  if (scope === 'base') return accepted(base) ? [base] : [];
  const inScope = scope === 'one' ? (entry: Entry) => entry.parent === base : (entry: Entry) => entry.isBelow(base);
  if (candidates) return candidates.filter((entry) => inScope(entry) && accepted(entry));
  return (scope === 'one' ? [...base.children.values()] : [...base.subtree()]).filter(accepted);
}

function subordinateReferences({ controller, controls, catalogue }: Call, { base, scope }: SearchRequest): string[] {
  if (catalogue || scope !== 'subtree' || controls.has(controlOid.domainScope)) return [];
  const { forest, baseDn } = controller.domain;
  if (base.toLowerCase() !== baseDn.toLowerCase()) return [];
  const below = (dn: string): boolean => dn.toLowerCase().endsWith(`,${baseDn.toLowerCase()}`);
  const domains = forest.domains.filter((domain) => below(domain.baseDn));
  const references = domains.map((domain) => `ldap://${domain.dnsName}/${domain.baseDn}`);
  return below(forest.configuration.baseDn)
    ? [...references, `ldap://${forest.name}/${forest.configuration.baseDn}`]
    : references;
}
