import type { DemoObject, DirectoryObject } from './demo-object.ts';
import type { ListedObject } from './graph-administrator.ts';

const day = 24 * 3_600_000;

/** Values for the controls of the directory: ages and logons, by DN. */
export function directoryFacts(objects: readonly DirectoryObject[], now: number): Record<string, unknown> {
  const named = objects.map((object) => ({ object, dn: distinguishedNameOf(object) }));
  const ages = named.map(({ object, dn }) => [dn, ago(now, object.facts.createdDaysAgo)] as const);
  const logons = named.map(({ object, dn }) => [dn, ago(now, object.facts.loggedOnDaysAgo)] as const);
  const written = named.flatMap(({ object, dn }) =>
    ['userPrincipalName', 'proxyAddresses', 'mail']
      .filter((attribute) => attribute in object.attributes)
      .map((attribute) => [`${dn}|${attribute}`, ago(now, object.facts.createdDaysAgo)] as const),
  );
  return {
    'ad.whenCreated': present(ages),
    'ad.lastLogon': present(logons),
    'ad.attributeTimes': present(written),
  };
}

/** Values for the controls of the tenant, by id; `listed` are the objects as Graph shows them. */
export function cloudFacts(
  objects: readonly DemoObject[],
  listed: readonly ListedObject[],
  now: number,
): Record<string, unknown> {
  const found = objects.flatMap((object) => {
    const shown = listed.find((candidate) => isSame(object, candidate));
    return shown ? [{ id: shown.id, ...object.facts }] : [];
  });
  return {
    'entra.createdDateTimes': present(found.map((one) => [one.id, ago(now, one.createdDaysAgo)])),
    'entra.signIns': present(found.map((one) => [one.id, ago(now, one.signedInDaysAgo)])),
    'entra.licences': present(found.map((one) => [one.id, one.cloudMailbox === 'user' ? true : undefined])),
    'entra.mailboxes': present(found.map((one) => [one.id, one.cloudMailbox])),
    'entra.roleAssignments': present(found.map(({ id, roles }) => [id, roles && { active: roles, eligible: [] }])),
  };
}

function isSame(object: DemoObject, listed: ListedObject): boolean {
  if (object.name !== listed.displayName) return false;
  return object.kind === 'cloudUser' ? !listed.onPremisesDomainName : listed.onPremisesDomainName === object.domain;
}

function distinguishedNameOf({ name, domain }: DirectoryObject): string {
  return `CN=${name},CN=Users,DC=${domain.replaceAll('.', ',DC=')}`;
}

function ago(now: number, days: number | undefined): string | undefined {
  return days === undefined ? undefined : new Date(now - days * day).toISOString();
}

function present(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
