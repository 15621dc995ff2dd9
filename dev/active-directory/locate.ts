import type { Call } from './call.ts';
import { type DistinguishedName, formatDn, type ObjectName, parseObjectName } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import type { GuidKey } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import { sidOctets } from './security-identifier.ts';

export interface Located {
  readonly entry: Entry;
  readonly replica: Replica;
}

/** Finds the object that a request names. Refuses with noSuchObject, or with a referral when another domain holds it. */
export function locate(call: Call, text: string, { deleted = false } = {}): Located {
  const name = parseObjectName(text);
  const found = 'dn' in name ? locateDn(call, name.dn) : locateByIdentifier(call, name);
  if (!found || (found.entry.isDeleted && !deleted)) throw noSuchObject(found?.entry.parent?.dn ?? '');
  return found;
}

export function locateDn(call: Call, dn: DistinguishedName): Located {
  const replica = replicaFor(call, dn);
  const place = replica.resolve(dn);
  if (!place?.found) throw noSuchObject(place?.entry.dn ?? '');
  return { entry: place.entry, replica };
}

/** The naming context of a DN among those held here; refuses with a referral when it lies in another one. */
function replicaFor({ controller, catalogue }: Call, dn: DistinguishedName): Replica {
  if (dn.length === 0) throw noSuchObject('');
  const { forest } = controller.domain;
  const home = forest.domainOf(dn);
  const [deepest] = controller
    .partitions(catalogue)
    .filter((replica) => replica.depthOf(dn) !== undefined)
    .sort((a, b) => b.baseDn.length - a.baseDn.length);
  if (deepest && (deepest === forest.configuration || deepest.baseDn === home?.baseDn)) return deepest;
  throw referral(home?.dnsName ?? dnsNameOf(dn), dn);
}

function locateByIdentifier(call: Call, name: Exclude<ObjectName, { dn: unknown }>): Located | undefined {
  for (const replica of call.controller.partitions(call.catalogue)) {
    const entry = 'guid' in name ? replica.byGuid(name.guid) : bySid(replica, name.sid);
    if (entry) return { entry, replica };
  }
  return undefined;
}

function bySid(replica: Replica, sid: string): Entry | undefined {
  return replica.index.find('objectsid', sidOctets(sid).toString('hex'))[0];
}

/** The object that a DN-valued attribute or filter points to, in any domain of the forest. */
export function linkTarget(call: Call, text: string): GuidKey | undefined {
  const name = parseObjectName(text);
  if (!('dn' in name)) return locateByIdentifier(call, name)?.entry.guid;
  const { controller } = call;
  const { forest } = controller.domain;
  const home = forest.domainOf(name.dn);
  const replica = home === controller.domain ? controller.replica : home?.spokesman.replica;
  for (const candidate of [forest.configuration, replica]) {
    const place = candidate?.resolve(name.dn);
    if (place?.found) return place.entry.guid;
  }
  return undefined;
}

/** The present DN of a link's target; `undefined` once it is deleted or while it has not arrived here. */
export function linkDn({ controller }: Call, guid: GuidKey, { deleted = false } = {}): string | undefined {
  const { forest } = controller.domain;
  const own = controller.replica.byGuid(guid);
  const entry = own ?? forest.find(guid);
  const arrived = own !== undefined || !entry?.isBelow(controller.domain.spokesman.replica.root);
  return entry && arrived && (deleted || !entry.isDeleted) ? entry.dn : undefined;
}

const dnsNameOf = (dn: DistinguishedName): string =>
  dn
    .filter(({ type }) => type.toUpperCase() === 'DC')
    .map(({ value }) => value)
    .join('.');

export function noSuchObject(matchedDn: string): Refusal {
  return new Refusal(
    resultCode.noSuchObject,
    `0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'${matchedDn}'\n`,
    { matchedDn },
  );
}

function referral(dnsName: string, dn: DistinguishedName): Refusal {
  return new Refusal(resultCode.referral, '0000202B: RefErr: DSID-03100781, data 0, 1 access points\n', {
    referrals: [`ldap://${dnsName}/${encodeURI(formatDn(dn))}`],
  });
}
