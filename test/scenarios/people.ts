import type { Attributes, Organisation } from './organisation.ts';

/** A word that no other story uses: objects of one file share an organisation. */
export const fresh = (): string => Math.random().toString(36).slice(2, 8).padEnd(6, 'q');

export interface UserOptions {
  readonly employeeId?: string;
  readonly userPrincipalName?: string;
  /** Secondary addresses, without prefix. */
  readonly alsoReceives?: readonly string[];
  readonly more?: Attributes;
}

/** LDAP attributes of a user `alias@contoso.com` with that primary address. */
export function user(
  alias: string,
  { employeeId, userPrincipalName, alsoReceives = [], more }: UserOptions = {},
): Attributes {
  const primary = `${alias}@contoso.com`;
  return {
    objectClass: 'user',
    sAMAccountName: alias.slice(0, 20),
    userPrincipalName: userPrincipalName ?? primary,
    mail: primary,
    proxyAddresses: [`SMTP:${primary}`, ...alsoReceives.map((address) => `smtp:${address}`)],
    ...(employeeId === undefined ? {} : { employeeID: employeeId }),
    ...more,
  };
}

/** LDAP attributes of a security group that has addresses. */
export function group(alias: string, alsoReceives: readonly string[] = []): Attributes {
  return { objectClass: 'group', sAMAccountName: alias, groupType: '-2147483640', ...addresses(alias, alsoReceives) };
}

export function contact(alias: string, alsoReceives: readonly string[] = []): Attributes {
  return { objectClass: 'contact', ...addresses(alias, alsoReceives) };
}

function addresses(alias: string, alsoReceives: readonly string[]): Attributes {
  const primary = `${alias}@contoso.com`;
  return { mail: primary, proxyAddresses: [`SMTP:${primary}`, ...alsoReceives.map((address) => `smtp:${address}`)] };
}

/** A user that only Entra knows; answers its id. */
export async function addCloudUser(
  organisation: Organisation,
  name: string,
  userPrincipalName: string,
  more: object = {},
): Promise<string> {
  const { status, body } = await organisation.graph('POST', '/users', {
    accountEnabled: true,
    displayName: name,
    mailNickname: userPrincipalName.replace(/@.*/, '').replace(/[^\w.]/g, ''),
    userPrincipalName,
    passwordProfile: { password: 'Scenario-Passw0rd-1' },
    ...more,
  });
  if (status !== 201) throw new Error(`A cloud user could not be created: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

/** One value that a holder had first and a claimant asked for a cycle later, both masters being Active Directory. */
export interface Conflict {
  /** With its prefix, as the claimant states it. */
  readonly value: string;
  readonly holder: { readonly name: string; readonly dn: string };
  readonly claimant: { readonly name: string; readonly dn: string };
}

/** Several conflicts over secondary addresses between people with different employee numbers, made in two cycles. */
export async function addConflicts(organisation: Organisation, count: number, prefix = fresh()): Promise<Conflict[]> {
  const words = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const holders = await addAll(organisation, 'Holder', words);
  await organisation.cycle();
  const claimants = await addAll(organisation, 'Claimant', words);
  await organisation.cycle();
  return words.flatMap((word, index) => {
    const [holder, claimant] = [holders[index], claimants[index]];
    return holder && claimant ? [{ value: `smtp:shared.${word}@contoso.com`, holder, claimant }] : [];
  });
}

export async function addConflict(organisation: Organisation): Promise<Conflict> {
  const [conflict] = await addConflicts(organisation, 1);
  if (!conflict) throw new Error('There is no conflict.');
  return conflict;
}

async function addAll(organisation: Organisation, role: 'Holder' | 'Claimant', words: readonly string[]) {
  const added: { name: string; dn: string }[] = [];
  for (const word of words) {
    const name = `${role} ${word}`;
    const alias = `${role[0]?.toLowerCase()}.${word}`;
    const options = { employeeId: `${role[0]}${word}`, alsoReceives: [`shared.${word}@contoso.com`] };
    added.push({ name, dn: await organisation.add(name, user(alias, options)) });
  }
  return added;
}

/** Several user names that a cloud user had first and a synchronised user was given later. */
export async function addCloudConflicts(organisation: Organisation, count: number): Promise<CloudConflict[]> {
  const prefix = fresh();
  const conflicts: CloudConflict[] = [];
  for (const word of Array.from({ length: count }, (_, index) => `${prefix}${index}`)) {
    const value = `clash.${word}@contoso.com`;
    const holderId = await addCloudUser(organisation, `Cloud ${word}`, value, { employeeId: `C${word}` });
    const name = `Synced ${word}`;
    const dn = await organisation.add(name, user(`synced.${word}`, { employeeId: `S${word}` }));
    conflicts.push({ value, holderId, claimant: { name, dn } });
  }
  await organisation.cycle();
  for (const { value, claimant } of conflicts) await organisation.replace(claimant.dn, 'userPrincipalName', [value]);
  await organisation.cycle();
  return conflicts;
}

export interface CloudConflict {
  readonly value: string;
  readonly holderId: string;
  readonly claimant: { readonly name: string; readonly dn: string };
}
