import type { Filter } from 'ldapts';
import type { AdObject } from '../../domain/evidence.ts';
import type { SearchRequest, SearchResponse } from '../../relay-contract.ts';
import type { Connection } from './connection.ts';
import { type Directory, type Domain, type Forest, homeDomain } from './directory.ts';
import { readState } from './domain-controller.ts';
import { octetsOf } from './entry.ts';
import type { LdapAnswer, LdapFailure } from './ldap-failure.ts';
import { guidOf } from './octets.ts';
import { searchRaw } from './raw-search.ts';
import { filterFor } from './search-filter.ts';

/** An incomplete search says nothing about who else holds a value, so one silent forest fails it all. */
export type SearchAnswer =
  | { readonly ok: true; readonly value: SearchResponse }
  | { readonly ok: false; readonly forest: string; readonly failure: LdapFailure };

/**
 * Every object of every forest that yields a value. It is looked for in the forest's global catalogue, and on the home
 * controller of each domain, which knows attributes that the catalogue lacks (employeeID) and writes that have not reached
 * it; what is found is read whole on its home controller, and left out when it does not yield the value there any more.
 */
export async function searchDirectory(directory: Directory, by: SearchRequest['by']): Promise<SearchAnswer> {
  const answers = await Promise.all(
    directory.forests.map(async (forest) => ({ forest, answer: await searchForest(forest, by) })),
  );
  const objects: AdObject[] = [];
  const searched: SearchResponse['searched'] = [];
  for (const { forest, answer } of answers) {
    if (!answer.ok) return { ok: false, forest: forest.name, failure: answer.failure };
    objects.push(...answer.value.objects);
    searched.push(answer.value.searched);
  }
  return { ok: true, value: { objects, searched } };
}

interface ForestFinding {
  readonly objects: AdObject[];
  readonly searched: SearchResponse['searched'][number];
}

async function searchForest(forest: Forest, by: SearchRequest['by']): Promise<LdapAnswer<ForestFinding>> {
  const state = await forest.globalCatalogue.read(readState);
  if (!state.ok) return state;
  const filter = filterFor(by);
  const objects =
    by.kind === 'distinguishedName' || filter === null ? await readNamed(forest, by) : await findAll(forest, filter);
  if (!objects.ok) return objects;
  const { dnsName, highestCommittedUsn, invocationId } = state.value;
  const searched = { forest: forest.name, domainController: dnsName, highestCommittedUsn, invocationId };
  return { ok: true, value: { objects: objects.value, searched } };
}

async function readNamed(forest: Forest, by: SearchRequest['by']): Promise<LdapAnswer<AdObject[]>> {
  if (by.kind !== 'distinguishedName') return { ok: true, value: [] };
  const domain = homeDomain(forest, by.distinguishedName);
  if (domain === undefined) return { ok: true, value: [] };
  const read = await (await domain.home()).readByName(by.distinguishedName);
  if (!read.ok) return read;
  return { ok: true, value: read.value === null ? [] : [read.value] };
}

async function findAll(forest: Forest, filter: Filter): Promise<LdapAnswer<AdObject[]>> {
  const homes = await Promise.all(forest.domains.map(async (domain) => ({ domain, controller: await domain.home() })));
  const places = [
    { connection: forest.globalCatalogue, base: '' },
    ...homes.map(({ domain, controller }) => ({ connection: controller.connection, base: domain.baseDn })),
  ];
  const found = new Map<string, string>();
  for (const { connection, base } of places) {
    const answer = await findGuids(connection, base, filter);
    if (!answer.ok) return answer;
    for (const { guid, dn } of answer.value) found.set(guid, dn);
  }

  const objects: AdObject[] = [];
  for (const [guid, dn] of found) {
    const domain = homeDomain(forest, dn);
    const read = domain === undefined ? null : await readAtHome(domain, guid, filter);
    if (read?.ok === false) return read;
    if (read !== null && read.value !== null) objects.push(read.value);
  }
  return { ok: true, value: objects };
}

const findGuids = (
  connection: Connection,
  base: string,
  filter: Filter,
): Promise<LdapAnswer<{ guid: string; dn: string }[]>> =>
  connection.read(async (client) => {
    const entries = await searchRaw(client, { base, scope: 'sub', filter, attributes: ['objectGUID'] });
    return entries.flatMap((entry) =>
      octetsOf(entry, 'objectGUID').map((octets) => ({ guid: guidOf(octets), dn: entry.dn })),
    );
  });

/** An object that has not reached the home controller yet is read on another one of the domain. */
async function readAtHome(domain: Domain, guid: string, filter: Filter): Promise<LdapAnswer<AdObject | null>> {
  const home = await domain.home();
  const others = domain.controllers.filter((controller) => controller !== home);
  for (const controller of [home, ...others]) {
    const exists = await controller.readObject(guid);
    if (!exists.ok) return exists;
    if (exists.value === null) continue;
    const matches = await controller.readObject(guid, filter);
    return matches.ok ? { ok: true, value: matches.value?.object ?? null } : matches;
  }
  return { ok: true, value: null };
}

/** DNs of the objects of a forest that have this userPrincipalName, for telling whom a refused one collides with. */
export async function holdersOfUpn(forest: Forest, userPrincipalName: string): Promise<string[]> {
  const filter = filterFor({ kind: 'address', address: userPrincipalName });
  if (filter === null) return [];
  const found = await findAll(forest, filter);
  if (!found.ok) return [];
  return found.value
    .filter((object) => object.userPrincipalName?.toLowerCase() === userPrincipalName.toLowerCase())
    .map((object) => object.distinguishedName);
}
