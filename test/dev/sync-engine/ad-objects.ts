import type { AdObject } from '../../../dev/sync-engine/ad-object.ts';

let created = 0;

/** An AD object in scope, with these attributes in addition; `forest` names its connector and its domain. */
function adObject(
  objectType: AdObject['objectType'],
  name: string,
  attributes: Readonly<Record<string, string | readonly string[]>>,
  forest: string,
): AdObject {
  created += 1;
  const baseDn = forest.split('.').map((part) => `DC=${part}`);
  const lists = Object.entries(attributes).map(
    ([key, value]) => [key, typeof value === 'string' ? [value] : value] as const,
  );
  return {
    connectorName: forest,
    domain: forest,
    objectGuid: `00000000-0000-4000-8000-${created.toString(16).padStart(12, '0')}`,
    distinguishedName: [`CN=${name}`, 'CN=Users', ...baseDn].join(','),
    objectType,
    attributes: Object.fromEntries(lists),
  };
}

type Attributes = Readonly<Record<string, string | readonly string[]>>;

export function user(name: string, attributes: Attributes = {}, forest = 'contoso.com'): AdObject {
  const common = {
    sAMAccountName: name,
    userPrincipalName: `${name}@${forest}`,
    displayName: name,
    userAccountControl: '512',
    objectSid: `S-1-5-21-1-2-3-${1000 + created}`,
  };
  return adObject('user', name, { ...common, ...attributes }, forest);
}

export function contact(name: string, attributes: Attributes = {}, forest = 'contoso.com'): AdObject {
  return adObject('contact', name, { displayName: name, mail: `${name}@${forest}`, ...attributes }, forest);
}

export function group(name: string, attributes: Attributes = {}, forest = 'contoso.com'): AdObject {
  return adObject(
    'group',
    name,
    { sAMAccountName: name, displayName: name, groupType: '-2147483646', ...attributes },
    forest,
  );
}

/** The object with other attributes; one given as undefined is gone. */
export function withAttributes(
  object: AdObject,
  attributes: Readonly<Record<string, readonly string[] | undefined>>,
): AdObject {
  const merged = Object.entries({ ...object.attributes, ...attributes }).filter(
    (pair): pair is [string, readonly string[]] => pair[1] !== undefined,
  );
  return { ...object, attributes: Object.fromEntries(merged) };
}
