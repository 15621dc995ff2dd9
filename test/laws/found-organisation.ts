import { Attribute, Change } from 'ldapts';
import { forests, type Member, type Names, type Organisation } from './organisation.ts';
import type { World } from './world.ts';

const day = 24 * 60 * 60 * 1000;

/** Makes the organisation in the stand-ins, by the ways that a tenant has: Graph, LDAP, cycles, and controls for the rest. */
export async function foundOrganisation(world: World, organisation: Organisation): Promise<void> {
  await foundFirstWave(world, organisation);
  await writeSecondWave(world, organisation);
  await world.cycle();
  const { members } = organisation;
  await setFacts(
    world,
    members.filter(({ wave }) => wave === 2),
  );
  await setAges(world, members);
  await world.cycle();
  await world.pass(60_000);
}

/** What was there before, synchronised. */
export async function foundFirstWave(world: World, { members }: Organisation): Promise<void> {
  const first = members.filter(({ wave }) => wave === 1);
  for (const member of first) await create(world, member);
  await world.cycle();
  await setFacts(world, first);
  await world.cycle();
  for (const member of first.filter(({ deleted }) => deleted)) await remove(world, member);
  await world.pass(3 * day);
}

/** What is new and what has changed, before a cycle takes it to Entra. */
export async function writeSecondWave(world: World, { members }: Organisation): Promise<void> {
  for (const member of members.filter(({ wave }) => wave === 2)) await create(world, member);
  for (const member of members) if (member.wave === 1 && member.later) await rename(world, member, member.later);
}

async function create(world: World, member: Member): Promise<void> {
  if (member.kind.startsWith('ad-')) return addToDirectory(world, member);
  const { name, names, person, employeeId, anchored } = member;
  if (member.kind === 'guest') {
    const guest = {
      invitedUserEmailAddress: names.mail,
      invitedUserDisplayName: name,
      inviteRedirectUrl: 'https://my',
    };
    return post(world, '/invitations', guest);
  }
  if (member.kind === 'm365-group') {
    const alias = names.mailNickname ?? name;
    const group = { displayName: name, mailEnabled: true, mailNickname: alias, securityEnabled: false };
    return post(world, '/groups', { ...group, groupTypes: ['Unified'] });
  }
  await post(world, '/users', {
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    passwordProfile: { password: 'Correct-Horse-7' },
    userPrincipalName: names.userPrincipalName,
    ...(names.mail ? { mail: names.mail } : {}),
    ...person,
    ...(employeeId ? { employeeId } : {}),
    ...(anchored ? { onPremisesImmutableId: Buffer.from(name.padEnd(16).slice(0, 16)).toString('base64') } : {}),
  });
}

async function post(world: World, path: string, body: unknown): Promise<void> {
  const answer = await send(world, 'POST', path, body);
  // What the organisation already has is refused, as Graph would: then there is one object less.
  if (!answer.ok && ![400, 409].includes(answer.status)) throw new Error(`${path}: ${await answer.text()}`);
}

async function remove(world: World, member: Member): Promise<void> {
  const id = cloudIdOf(world, member);
  if (id) await send(world, 'DELETE', `/users/${id}`);
}

function send({ ground }: World, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: 'Bearer laws', 'content-type': 'application/json' };
  return fetch(`${ground.graph.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

const objectClass = { 'ad-user': 'user', 'ad-group': 'group', 'ad-contact': 'contact' } as const;
const policyOff = '{26491CFC-9E50-4857-861B-0CB8DF22B5D7}';

async function addToDirectory(world: World, member: Member): Promise<void> {
  const { name, kind, names, person, employeeId, recipient } = member;
  if (kind !== 'ad-user' && kind !== 'ad-group' && kind !== 'ad-contact') return;
  const account = kind === 'ad-contact' ? {} : { sAMAccountName: name };
  const attributes: Record<string, string | string[]> = {
    objectClass: objectClass[kind],
    displayName: name,
    ...account,
    ...(kind === 'ad-user' ? { userAccountControl: '512' } : {}),
    ...(kind === 'ad-group' ? { groupType: '-2147483646' } : {}),
    ...directoryNames(names),
    ...(person ? { givenName: person.givenName, sn: person.surname } : {}),
    ...(employeeId ? { employeeID: employeeId } : {}),
    ...(recipient ? { msExchRecipientTypeDetails: recipient.type } : {}),
    ...(recipient?.policyOff ? { msExchPoliciesExcluded: policyOff } : {}),
  };
  await adminOf(world, member).add(dnOf(member), attributes);
}

async function rename(world: World, member: Member, later: Names): Promise<void> {
  for (const [type, value] of Object.entries(directoryNames(later))) {
    const modification = new Attribute({ type, values: [value].flat() });
    await adminOf(world, member).modify(dnOf(member), new Change({ operation: 'replace', modification }));
  }
}

function directoryNames({ userPrincipalName, mail, mailNickname, proxyAddresses }: Names) {
  return {
    ...(userPrincipalName ? { userPrincipalName } : {}),
    ...(mail ? { mail } : {}),
    ...(mailNickname ? { mailNickname } : {}),
    ...(proxyAddresses ? { proxyAddresses: [...proxyAddresses] } : {}),
  };
}

export function adminOf({ admins }: World, { forest }: Member) {
  const admin = admins[forests.indexOf(forest)];
  if (!admin) throw new Error(`the world has no forest ${forest}`);
  return admin;
}

export const dnOf = ({ name, forest }: Member): string => `CN=${name},CN=Users,DC=${forest.replace('.', ',DC=')}`;

/** Licences, mailboxes, sign-ins and roles: nobody can set them through Graph or LDAP. */
async function setFacts(world: World, members: readonly Member[]): Promise<void> {
  const now = new Date(world.clock.now() - day).toISOString();
  for (const member of members) {
    const id = cloudIdOf(world, member);
    if (!id || (member.kind !== 'ad-user' && member.kind !== 'cloud-user')) continue;
    if (member.exchangePlan) await world.set('entra.licences', { [id]: true });
    if (member.exchangePlan && member.mailbox) await world.set('entra.mailboxes', { [id]: member.mailbox });
    if (member.signedIn) await world.set('entra.signIns', { [id]: now });
    if (member.role) await world.set('entra.roleAssignments', { [id]: { active: [member.role] } });
  }
}

async function setAges(world: World, members: readonly Member[]): Promise<void> {
  const long = new Date(world.clock.now() - 400 * day).toISOString();
  for (const member of members.filter(({ old }) => old)) {
    const id = cloudIdOf(world, member);
    if (id) await world.set('entra.createdDateTimes', { [id]: long });
  }
}

export function cloudIdOf({ tenant }: World, { name }: Member): string | undefined {
  const objects = (['user', 'group', 'contact'] as const).flatMap((type) => [...tenant.state.directory.all(type)]);
  return objects.find(({ properties }) => properties['displayName'] === name)?.id;
}
