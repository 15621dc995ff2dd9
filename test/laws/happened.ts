import type { DirectoryObject, SyncState } from '../../dev/entra/directory-object.ts';
import { exportErrors } from '../../dev/sync-engine/export-errors.ts';
import type { Outcome } from '../../src/audit/prediction/prediction.ts';
import { bareAddress } from '../../src/domain/proxy-address.ts';
import { initialDomain } from './organisation.ts';
import type { World } from './world.ts';

/** Something that a synchronisation did to an object. */
export interface Happening {
  /** Source anchor; of a guest its object id. */
  readonly object: string;
  readonly outcome: Outcome;
  /** The value without prefix, in lower case; of errors that are about the whole object ''. */
  readonly value: string;
}

export interface Before {
  readonly states: ReadonlyMap<string, { readonly sync: SyncState; readonly isDeleted: boolean }>;
  readonly guests: ReadonlyMap<string, readonly string[]>;
}

export function before({ tenant }: World): Before {
  const objects = everyObject(tenant.state.directory);
  return {
    states: new Map(objects.map(({ id, sync, deletedAt }) => [id, { sync, isDeleted: deletedAt !== undefined }])),
    guests: new Map(objects.filter(isGuest).map(({ id, proxyAddresses }) => [id, proxyAddresses])),
  };
}

/** What the sync engine and Entra show after a cycle: errors, objects that were taken over, and what no error tells of. */
export function happened(world: World, earlier: Before): Happening[] {
  const objects = everyObject(world.tenant.state.directory);
  return [
    ...exportErrors(world.engine.parts).map(({ sourceAnchor, errorType, extraDetails }) => {
      const value = extraDetails.find(({ Key }) => Key === 'AttributeConflictValues')?.Value[0] ?? '';
      return { object: sourceAnchor, outcome: errorType as Outcome, value: bareAddress(value).trim() };
    }),
    ...objects.flatMap((object) => quarantinesOf(object)),
    ...objects.flatMap((object) => takeoverOf(object, earlier)),
    ...objects.flatMap((object) => replacementOf(object, earlier)),
    ...objects.flatMap((object) => deletionOf(object, earlier)),
    ...objects.flatMap((object) => lossesOf(object, earlier)),
  ];
}

const everyObject = (directory: World['tenant']['state']['directory']): DirectoryObject[] =>
  (['user', 'group', 'contact'] as const).flatMap((type) => [...directory.all(type)]);

const isGuest = ({ properties }: DirectoryObject): boolean => properties['userType'] === 'Guest';

function quarantinesOf({ quarantine, sourceAnchor = '', deletedAt }: DirectoryObject): Happening[] {
  if (deletedAt !== undefined) return [];
  return quarantine.map(({ attribute, value }) => ({
    object: sourceAnchor,
    outcome: attribute === 'ProxyAddress' ? 'QuarantinedProxyAddress' : 'QuarantinedUserPrincipalName',
    value: bareAddress(value),
  }));
}

function takeoverOf({ id, sync, deletedAt, sourceAnchor = '' }: DirectoryObject, { states }: Before): Happening[] {
  if (deletedAt !== undefined) return [];
  const earlier = states.get(id);
  if (earlier === undefined || sync !== 'synced' || (earlier.sync === 'synced' && !earlier.isDeleted)) return [];
  return [{ object: sourceAnchor, outcome: 'SoftMatch', value: '' }];
}

function replacementOf(
  { id, sync, sourceAnchor = '', shadow, quarantine, ...object }: DirectoryObject,
  { states }: Before,
): Happening[] {
  const wanted = shadow?.['userPrincipalName'];
  const isQuarantined = quarantine.some(({ attribute }) => attribute === 'UserPrincipalName');
  if (sync !== 'synced' || states.has(id) || typeof wanted !== 'string' || isQuarantined) return [];
  const isReplaced = object.userPrincipalName?.endsWith(`@${initialDomain}`) && object.userPrincipalName !== wanted;
  return isReplaced
    ? [{ object: sourceAnchor, outcome: 'UserPrincipalNameReplaced', value: wanted.toLowerCase() }]
    : [];
}

function deletionOf({ id, sourceAnchor = '', deletedAt }: DirectoryObject, { states }: Before): Happening[] {
  const earlier = states.get(id);
  const isGone = deletedAt !== undefined && earlier?.isDeleted === false;
  return isGone ? [{ object: sourceAnchor, outcome: 'OutOfScope', value: '' }] : [];
}

function lossesOf({ id, proxyAddresses, sync }: DirectoryObject, { guests }: Before): Happening[] {
  const earlier = guests.get(id);
  if (earlier === undefined || sync === 'synced') return [];
  const kept = new Set(proxyAddresses.map(bareAddress));
  const lost = earlier.map(bareAddress).filter((address) => !kept.has(address));
  return lost.map((value) => ({ object: id, outcome: 'GuestLosesAddress', value }));
}
