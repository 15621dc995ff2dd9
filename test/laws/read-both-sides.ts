import type { DirectoryObject } from '../../dev/entra/directory-object.ts';
import type { AuditObject, Origin } from '../../src/audit/audit-object.ts';
import { readObjects } from '../../src/relay/ldap/object-stream.ts';
import { forests } from './organisation.ts';
import type { World } from './world.ts';

/** Further attributes that decide which addresses Entra shows. */
const further = ['msExchRemoteRecipientType', 'msExchMailboxGuid', 'msRTCSIP-PrimaryUserAddress'];

/** Both directories as an audit reads them: Active Directory as the relay streams it, Entra as Graph shows it. */
export async function readBothSides(world: World): Promise<AuditObject[]> {
  const onPremises = await Promise.all(forests.map((forest, place) => readForest(world, forest, place)));
  return [...onPremises.flat(), ...entraObjects(world)];
}

async function readForest({ admins, activeDirectory }: World, forest: string, place: number): Promise<AuditObject[]> {
  const admin = admins[place];
  const domain = activeDirectory.forests[place]?.domains[0];
  if (admin === undefined || domain === undefined) throw new Error(`the world has no forest ${forest}`);
  const reading = { base: domain.baseDn, forest, domainController: `dc1.${forest}`, further };
  const objects: AuditObject[] = [];
  for await (const page of readObjects(admin, reading)) objects.push(...page);
  return objects;
}

export function entraObjects({ tenant }: World): AuditObject[] {
  const { directory, isPrivileged } = tenant.state;
  return (['user', 'group', 'contact'] as const).flatMap((type) =>
    [...directory.all(type)].map((object) => asGraphShows(object, isPrivileged(object.id))),
  );
}

function asGraphShows(object: DirectoryObject, privileged: boolean): AuditObject {
  const { id, type, userPrincipalName, mail, mailNickname, proxyAddresses, sourceAnchor, exchangePlan } = object;
  const displayName = textOf(object, 'displayName');
  const objectSid = textOf(object, 'onPremisesSecurityIdentifier');
  // Graph shows the anchor of users only, and no SID of contacts.
  const isUser = type === 'user';
  return {
    origin: {
      side: 'entra',
      id,
      kind: kindOf(object),
      ...(isUser && sourceAnchor !== undefined ? { onPremisesImmutableId: sourceAnchor } : {}),
      ...(isUser ? { privileged, licensed: exchangePlan } : {}),
      quarantined: object.quarantine.map(({ attribute, value }) => ({
        attribute: attribute === 'ProxyAddress' ? ('proxyAddresses' as const) : ('userPrincipalName' as const),
        value,
      })),
    },
    objectClass: [type],
    proxyAddresses,
    ...(displayName === undefined ? {} : { displayName }),
    ...(userPrincipalName === undefined || !isUser ? {} : { userPrincipalName }),
    ...(mail === undefined ? {} : { mail }),
    ...(mailNickname === undefined ? {} : { mailNickname }),
    ...(objectSid === undefined || type === 'contact' ? {} : { objectSid }),
  };
}

function kindOf(object: DirectoryObject): Extract<Origin, { side: 'entra' }>['kind'] {
  if (object.deletedAt !== undefined) return 'soft-deleted';
  if (object.sync === 'synced') return 'synchronised';
  return object.properties['userType'] === 'Guest' ? 'guest' : 'cloud-only';
}

function textOf({ properties }: DirectoryObject, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}
