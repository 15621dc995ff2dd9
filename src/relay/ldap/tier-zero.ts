import { AndFilter, type Client, EqualityFilter, ExtensibleFilter, OrFilter } from 'ldapts';
import { octetsOf, readEntry, textOf } from './entry.ts';
import { sidOctets, sidOf } from './octets.ts';
import { type RawEntry, searchRaw } from './raw-search.ts';

/**
 * Groups that rule a forest, by the last part of their SID (Microsoft's "Protected accounts and groups in Active Directory"):
 * Domain Admins, Domain Controllers, Schema Admins, Enterprise Admins, Group Policy Creator Owners, Read-only Domain
 * Controllers, Key Admins, Enterprise Key Admins.
 */
const domainGroups: ReadonlySet<string> = new Set(['512', '516', '518', '519', '520', '521', '526', '527']);
/** Administrators, Account Operators, Server Operators, Print Operators, Backup Operators, Replicator. */
const builtinGroups = ['544', '548', '549', '550', '551', '552'].map((group) => `S-1-5-32-${group}`);

const inChain = '1.2.840.113556.1.4.1941';

export function isTierZeroGroup(sid: string): boolean {
  if (builtinGroups.includes(sid)) return true;
  return sid.startsWith('S-1-5-21-') && domainGroups.has(sid.slice(sid.lastIndexOf('-') + 1));
}

/**
 * Whether an object is such a group, or a member of one, directly or nested.
 *
 * `tokenGroups` holds every group of a security principal, but is answered to base searches only. A contact has none, and
 * for it the groups are asked whether they lead to it.
 * @param entry with `objectSid`
 * @param domainBase DN of the object's domain
 */
export async function isTierZero(client: Client, entry: RawEntry, domainBase: string): Promise<boolean> {
  const [sid] = octetsOf(entry, 'objectSid').map(sidOf);
  if (sid !== undefined && isTierZeroGroup(sid)) return true;
  const token = await readEntry(client, { base: entry.dn, attributes: ['tokenGroups', 'primaryGroupID'] });
  const groups = token === null ? [] : octetsOf(token, 'tokenGroups').map(sidOf);
  if (groups.length > 0) return groups.some(isTierZeroGroup);
  if (token !== null && domainGroups.has(textOf(token, 'primaryGroupID') ?? '')) return true;
  return leadsToIt(client, entry.dn, domainBase);
}

async function leadsToIt(client: Client, dn: string, domainBase: string): Promise<boolean> {
  const [domain] = await searchRaw(client, { base: domainBase, scope: 'base', attributes: ['objectSid'] });
  const [domainSid] = domain === undefined ? [] : octetsOf(domain, 'objectSid').map(sidOf);
  const ofDomain = domainSid === undefined ? [] : [...domainGroups].map((group) => `${domainSid}-${group}`);
  const rulers = [...builtinGroups, ...ofDomain].map(
    (sid) => new EqualityFilter({ attribute: 'objectSid', value: sidOctets(sid) }),
  );
  const filter = new AndFilter({
    filters: [
      new OrFilter({ filters: rulers }),
      new ExtensibleFilter({ matchType: 'member', rule: inChain, value: dn }),
    ],
  });
  const found = await searchRaw(client, { base: domainBase, scope: 'sub', filter, attributes: ['objectSid'] });
  return found.length > 0;
}
