import { Chance } from './chance.ts';
import { type Member, type Organisation, randomOrganisation } from './organisation.ts';

/** What happens to a member beside what its names say, before the cycle that is predicted. */
export type Oddity =
  /** Gets another member's anchor as its mS-DS-ConsistencyGuid: of a cloud user, or of a user that is gone. */
  | { readonly kind: 'takes anchor'; readonly member: string; readonly of: string }
  /** Leaves the scope. */
  | { readonly kind: 'leaves'; readonly member: string }
  /** Is deleted in Active Directory, and so in Entra, before the second wave. */
  | { readonly kind: 'goes'; readonly member: string }
  /** Is the mailbox of an account of the other forest. */
  | { readonly kind: 'linked mailbox'; readonly member: string; readonly of: string }
  /** Entra has an object of an earlier sync server with its security identifier. */
  | { readonly kind: 'had another anchor'; readonly member: string };

export interface PredictedOrganisation extends Organisation {
  readonly oddities: readonly Oddity[];
}

interface Scene {
  readonly members: readonly Member[];
  readonly oddities?: readonly Oddity[];
}

/** An organisation of the laws, with one to three scenes that only a prediction has to know. */
export function predictedOrganisation(seed: number): PredictedOrganisation {
  const chance = new Chance(seed + 77_777);
  const organisation = randomOrganisation(seed);
  const scenes = Array.from({ length: chance.between(1, 3) }, (_, number) =>
    chance.oneOf(everyScene)(chance, `scene${number}`),
  );
  return {
    ...organisation,
    members: [...organisation.members, ...scenes.flatMap(({ members }) => members)],
    oddities: scenes.flatMap(({ oddities = [] }) => oddities),
  };
}

type MakeScene = (chance: Chance, name: string) => Scene;

/** A user name that Entra refuses, at times with an address that another has. */
const invalidName: MakeScene = (chance, name) => {
  const local = chance.oneOf([`${name} odd`, `${name}&odd`, `${name}.`, `${name}+x`]);
  const address = `${name}.shared@contoso.com`;
  return {
    members: [
      user(name, 2, { userPrincipalName: `${local}@contoso.com`, proxyAddresses: [`SMTP:${address}`] }),
      ...(chance.maybe(0.5)
        ? [user(`${name}-other`, chance.oneOf<1 | 2>([1, 2]), { proxyAddresses: [`SMTP:${address}`] })]
        : []),
    ],
  };
};

/** A suffix that is not verified, or a character that is dropped; the alias at times somebody's already. */
const replacedName: MakeScene = (chance, name) => {
  const userPrincipalName = chance.oneOf([`${name}@corp.local`, `${name}\u200b@contoso.com`]);
  const alias = chance.maybe(0.5) ? { mailNickname: `${name}-alias` } : {};
  const holder = { ...user(`${name}-holder`, 1, { mailNickname: `${name}-alias` }), recipient };
  const replaced = { ...user(name, 2, { userPrincipalName, ...alias }), ...(chance.maybe(0.5) ? { recipient } : {}) };
  return { members: chance.maybe(0.5) ? [replaced] : [holder, replaced] };
};

const manyAddresses: MakeScene = (chance, name) => {
  const count = chance.oneOf([250, 305, 320]);
  const proxyAddresses = Array.from({ length: count }, (_, number) => `smtp:${name}.${number}@contoso.com`);
  return { members: [user(name, chance.oneOf<1 | 2>([1, 2]), { proxyAddresses })] };
};

const sameSip: MakeScene = (chance, name) => {
  const sip = `sip:${name}@contoso.com`;
  const first = user(`${name}-first`, chance.oneOf<1 | 2>([1, 2]), { proxyAddresses: [sip] });
  const second = {
    ...user(`${name}-second`, 2, { proxyAddresses: [sip] }),
    forest: chance.oneOf(['contoso.com', 'fabrikam.com'] as const),
  };
  const another = chance.maybe(0.3) ? [user(`${name}-third`, 2, { proxyAddresses: [sip] })] : [];
  return { members: [first, second, ...another] };
};

/** Two or three of one cycle want one address or one user name. */
const contestOfNew: MakeScene = (chance, name) => {
  const value = `${name}.wanted@contoso.com`;
  if (chance.maybe(0.3)) {
    const names = { userPrincipalName: value };
    return { members: [user(`${name}-one`, 2, names), { ...user(`${name}-two`, 2, names), forest: 'fabrikam.com' }] };
  }
  const count = chance.oneOf([2, 2, 3]);
  const members = Array.from({ length: count }, (_, number) => {
    const one = `${name}-${number}`;
    const kind = chance.oneOf(['ad-user', 'ad-user', 'ad-group', 'ad-group', 'ad-contact'] as const);
    const names = chance.oneOf<Member['names']>([
      { proxyAddresses: [`SMTP:${value}`] },
      { proxyAddresses: [`SMTP:${one}.own@contoso.com`, `smtp:${value}`] },
      { mail: value },
    ]);
    const contact = kind === 'ad-contact' ? { mail: `${one}@partner.example` } : {};
    const base = kind === 'ad-user' ? user(one, 2, {}) : of(kind, one, 2, {});
    const wanted = { ...base.names, ...contact, ...names };
    return chance.maybe(0.3) && kind !== 'ad-contact'
      ? { ...base, wave: 1 as const, later: wanted }
      : { ...base, names: wanted };
  });
  return { members };
};

/** One gives a value up, the other takes it, in one cycle. */
const move: MakeScene = (chance, name) => {
  const value = `${name}.moved@contoso.com`;
  const kind = chance.oneOf(['ad-user', 'ad-group'] as const);
  const giver = of(kind, `${name}-giver`, 1, { ...upnOf(kind, `${name}-giver`), proxyAddresses: [`SMTP:${value}`] });
  const later = { proxyAddresses: [`SMTP:${name}.kept@contoso.com`] };
  return {
    members: [
      { ...giver, later },
      user(`${name}-taker`, chance.oneOf<1 | 2>([2, 2]), { proxyAddresses: [`SMTP:${value}`] }),
    ],
  };
};

/** A cloud user with an anchor of its own, which a new user of Active Directory takes. */
const hardMatch: MakeScene = (chance, name) => {
  const cloud: Member = {
    ...of('cloud-user', `${name}-cloud`, 1, { userPrincipalName: `${name}.cloud@contoso.com` }),
    anchored: true,
    ...(chance.maybe(0.3) ? { role: 'User Administrator' } : {}),
  };
  const own = chance.maybe(0.5) ? `${name}.cloud@contoso.com` : `${name}@contoso.com`;
  return {
    members: [cloud, user(name, 2, { userPrincipalName: own })],
    oddities: [{ kind: 'takes anchor', member: name, of: cloud.name }],
  };
};

/** A user that was deleted, and is made anew with its old anchor; its address given away meanwhile or not. */
const comesBack: MakeScene = (chance, name) => {
  const value = `${name}.back@contoso.com`;
  const gone = user(`${name}-gone`, 1, { userPrincipalName: value, proxyAddresses: [`SMTP:${value}`] });
  const taker = user(`${name}-taker`, 2, { proxyAddresses: [`SMTP:${value}`] });
  return {
    members: [
      gone,
      user(name, 2, { userPrincipalName: value, proxyAddresses: [`SMTP:${value}`] }),
      ...(chance.maybe(0.5) ? [taker] : []),
    ],
    oddities: [
      { kind: 'goes', member: gone.name },
      { kind: 'takes anchor', member: name, of: gone.name },
    ],
  };
};

/** Who wants what a deleted user had; whether that is free depends on the tenant. */
const heirOfDeleted: MakeScene = (chance, name) => {
  const value = `${name}.gone@contoso.com`;
  const gone = user(`${name}-gone`, 1, { userPrincipalName: value, proxyAddresses: [`SMTP:${value}`] });
  const heir = user(name, 2, { userPrincipalName: value, proxyAddresses: [`SMTP:${value}`] });
  const later = { ...user(name, 1, {}), later: { proxyAddresses: [`SMTP:${value}`] } };
  return { members: [gone, chance.maybe(0.7) ? heir : later], oddities: [{ kind: 'goes', member: gone.name }] };
};

/** Two users with a value that Entra drops without a word. */
const dropped: MakeScene = (chance, name) => {
  const value = chance.oneOf([
    `smtp:${name}@elsewhere.onmicrosoft.com`,
    `smtp:${name} x@contoso.com`,
    `smtp:${name}\u200b@contoso.com`,
    `X400:c=us;a= ;p=contoso;o=${name}`,
    `${name}@contoso.com`,
  ]);
  const names = (one: string) => ({ proxyAddresses: [`SMTP:${one}.own@contoso.com`, value] });
  return { members: [user(`${name}-a`, 1, names(`${name}-a`)), user(`${name}-b`, 2, names(`${name}-b`))] };
};

/** A user leaves the scope, and another wants what it had. */
const leaver: MakeScene = (chance, name) => {
  const value = `${name}.left@contoso.com`;
  const leaving = user(`${name}-leaver`, 1, { proxyAddresses: [`SMTP:${value}`] });
  const heir = user(`${name}-heir`, 2, { proxyAddresses: [`SMTP:${value}`] });
  return {
    members: [leaving, ...(chance.maybe(0.7) ? [heir] : [])],
    oddities: [{ kind: 'leaves', member: leaving.name }],
  };
};

/** A user of another anchor in Entra has the security identifier. */
const sameSecurityIdentifier: MakeScene = (chance, name) => ({
  members: [user(name, chance.oneOf<1 | 2>([1, 2]), { proxyAddresses: [`SMTP:${name}.sid@contoso.com`] })],
  oddities: [{ kind: 'had another anchor', member: name }],
});

/** A contact that stands for the other forest's user. */
const galSync: MakeScene = (chance, name) => {
  const mail = `${name}.gal@contoso.com`;
  const represented = { ...user(name, chance.oneOf<1 | 2>([1, 2]), { mail, proxyAddresses: [`SMTP:${mail}`] }) };
  const contact = of('ad-contact', `${name}-contact`, chance.oneOf<1 | 2>([1, 2]), {
    mail,
    proxyAddresses: [`SMTP:${mail}`],
  });
  return { members: [represented, { ...contact, forest: 'fabrikam.com' }] };
};

/** A cloud object without an anchor, with the address or name of a new one. */
const matchOfCloud: MakeScene = (chance, name) => {
  const value = `${name}.match@contoso.com`;
  const role = chance.maybe(0.4) ? { role: 'User Administrator' } : {};
  const names = chance.maybe(0.5)
    ? { userPrincipalName: value }
    : { userPrincipalName: `${name}.cloud@contoso.com`, mail: value };
  const cloud: Member = { ...of('cloud-user', `${name}-cloud`, 1, names), ...role };
  const kind = chance.oneOf(['ad-user', 'ad-user', 'ad-user', 'ad-group', 'ad-contact'] as const);
  const wanted = chance.oneOf<Member['names']>([
    { proxyAddresses: [`SMTP:${value}`] },
    { proxyAddresses: [`SMTP:${name}.own@contoso.com`, `smtp:${value}`] },
    kind === 'ad-user' ? { userPrincipalName: value } : { proxyAddresses: [`SMTP:${value}`] },
  ]);
  const contact = kind === 'ad-contact' ? { mail: `${name}@partner.example` } : {};
  const incoming = of(kind, name, 2, { ...upnOf(kind, name), ...contact, ...wanted });
  // One by address, another by name: the address goes first.
  const namesake = user(name, 2, { userPrincipalName: `${name}.other@contoso.com`, proxyAddresses: [`SMTP:${value}`] });
  const byName = of('cloud-user', `${name}-other`, 1, { userPrincipalName: `${name}.other@contoso.com` });
  if (chance.maybe(0.2)) return { members: [cloud, byName, namesake] };
  const rival = chance.maybe(0.2) ? [user(`${name}-rival`, 2, { proxyAddresses: [`SMTP:${value}`] })] : [];
  return { members: [cloud, incoming, ...rival] };
};

/** An account of one forest and its mailbox in the other, with an address that a third has. */
const linkedMailbox: MakeScene = (chance, name) => {
  const value = `${name}.linked@contoso.com`;
  const account = user(`${name}-account`, chance.oneOf<1 | 2>([1, 2]), {});
  const mailbox: Member = {
    ...user(name, 2, {
      userPrincipalName: `${name}@fabrikam.com`,
      proxyAddresses: [`SMTP:${value}`],
    }),
    forest: 'fabrikam.com',
    recipient: { type: '2', policyOff: true },
  };
  const third = user(`${name}-third`, chance.oneOf<1 | 2>([1, 2]), {
    proxyAddresses: [`SMTP:${name}.own@contoso.com`, `smtp:${value}`],
  });
  return {
    members: [account, mailbox, ...(chance.maybe(0.7) ? [third] : [])],
    oddities: [{ kind: 'linked mailbox', member: name, of: account.name }],
  };
};

/** A new user whose user name is the address of a group. */
const nameOfGroup: MakeScene = (chance, name) => {
  const value = `${name}.team@contoso.com`;
  const wave = chance.oneOf<1 | 2>([1, 1, 2]);
  const group = of('ad-group', `${name}-team`, wave, { mail: value, proxyAddresses: [`SMTP:${value}`] });
  const own = chance.maybe(0.3) ? { proxyAddresses: [`SMTP:${value}`] } : {};
  return { members: [group, user(name, 2, { userPrincipalName: value, ...own })] };
};

const everyScene: readonly [MakeScene, ...MakeScene[]] = [
  invalidName,
  replacedName,
  manyAddresses,
  sameSip,
  contestOfNew,
  contestOfNew,
  move,
  hardMatch,
  comesBack,
  leaver,
  heirOfDeleted,
  dropped,
  sameSecurityIdentifier,
  galSync,
  nameOfGroup,
  matchOfCloud,
  matchOfCloud,
  linkedMailbox,
];

const recipient = { type: '1', policyOff: true };

const upnOf = (kind: Member['kind'], name: string) =>
  kind === 'ad-user' ? { userPrincipalName: `${name}@contoso.com` } : {};

const user = (name: string, wave: 1 | 2, names: Member['names']): Member =>
  of('ad-user', name, wave, { userPrincipalName: `${name}@contoso.com`, ...names });

const of = (kind: Member['kind'], name: string, wave: 1 | 2, names: Member['names']): Member => ({
  name,
  kind,
  forest: 'contoso.com',
  wave,
  names,
  old: true,
  ...(kind === 'ad-user' || kind === 'cloud-user' ? { person: { givenName: `G-${name}`, surname: `S-${name}` } } : {}),
});
