/** A person, group or contact of the demo organisation, as an administrator would create it. */
export type DemoObject = DirectoryObject | CloudUser;

export interface DirectoryObject {
  readonly kind: 'user' | 'group' | 'contact';
  /** Display name; also the common name below CN=Users. */
  readonly name: string;
  /** DNS name of the domain it lives in. */
  readonly domain: string;
  /** LDAP attributes besides those that follow from kind and name. */
  readonly attributes: Readonly<Record<string, string | string[]>>;
  readonly facts: Facts;
}

/** Created through Graph: known to Entra alone. */
export interface CloudUser {
  readonly kind: 'cloudUser';
  readonly name: string;
  readonly userPrincipalName: string;
  readonly employeeId?: string;
  readonly facts: Facts;
}

/** What neither LDAP nor Graph can set, in days before the demo starts. */
export interface Facts {
  readonly createdDaysAgo?: number;
  /** To Entra. */
  readonly signedInDaysAgo?: number;
  /** To Windows. */
  readonly loggedOnDaysAgo?: number;
  readonly cloudMailbox?: 'user' | 'shared';
  /** Names of directory roles that it holds. */
  readonly roles?: readonly string[];
}

export interface PersonOptions {
  readonly domain?: string;
  readonly employeeId?: string;
  /** The part of the UPN and of the primary address before the @; from the name by default. */
  readonly alias?: string;
  /** The whole UPN, where it is not alias@domain. */
  readonly userPrincipalName?: string;
  /** Addresses besides the primary one, without prefix. */
  readonly alsoReceives?: readonly string[];
  readonly hasPrimaryAddress?: boolean;
  readonly more?: Readonly<Record<string, string | string[]>>;
  readonly facts?: Facts;
}

/** An enabled account that has been there for a year and is used daily, unless said otherwise. */
export function person(name: string, options: PersonOptions = {}): DirectoryObject {
  const { domain = 'contoso.com', employeeId, alias = aliasOf(name), alsoReceives = [], more = {} } = options;
  const [givenName = name, ...surname] = name.split(' ');
  const primary = options.hasPrimaryAddress === false ? [] : [`SMTP:${alias}@${domain}`];
  const proxyAddresses = [...primary, ...alsoReceives.map((address) => `smtp:${address}`)];
  return {
    kind: 'user',
    name,
    domain,
    attributes: {
      sAMAccountName: alias.slice(0, 20),
      userPrincipalName: options.userPrincipalName ?? `${alias}@${domain}`,
      givenName,
      ...(surname.length > 0 ? { sn: surname.join(' ') } : {}),
      ...(primary.length > 0 ? { mail: `${alias}@${domain}` } : {}),
      ...(proxyAddresses.length > 0 ? { proxyAddresses } : {}),
      ...(employeeId === undefined ? {} : { employeeID: employeeId }),
      ...more,
    },
    facts: { createdDaysAgo: 400, loggedOnDaysAgo: 1, ...options.facts },
  };
}

/** A mail-enabled universal group. */
export function group(name: string, addresses: readonly [string, ...string[]], facts: Facts = {}): DirectoryObject {
  const universalDistribution = '8';
  return {
    kind: 'group',
    name,
    domain: 'contoso.com',
    attributes: {
      sAMAccountName: aliasOf(name),
      groupType: universalDistribution,
      mail: addresses[0],
      proxyAddresses: withPrefixes(addresses),
    },
    facts: { createdDaysAgo: 400, ...facts },
  };
}

export function contact(name: string, addresses: readonly [string, ...string[]]): DirectoryObject {
  return {
    kind: 'contact',
    name,
    domain: 'contoso.com',
    attributes: { mail: addresses[0], proxyAddresses: withPrefixes(addresses) },
    facts: { createdDaysAgo: 400 },
  };
}

export function cloudUser(name: string, options: { employeeId?: string; facts?: Facts } = {}): CloudUser {
  const { employeeId, facts } = options;
  return {
    kind: 'cloudUser',
    name,
    userPrincipalName: `${aliasOf(name)}@contoso.com`,
    ...(employeeId === undefined ? {} : { employeeId }),
    facts: { createdDaysAgo: 400, signedInDaysAgo: 1, ...facts },
  };
}

function withPrefixes([primary, ...others]: readonly [string, ...string[]]): string[] {
  return [`SMTP:${primary}`, ...others.map((address) => `smtp:${address}`)];
}

function aliasOf(name: string): string {
  return name.toLowerCase().replaceAll(' ', '.');
}
