import { Chance } from './chance.ts';

export const forests = ['contoso.com', 'fabrikam.com'] as const;
export type Forest = (typeof forests)[number];
export const initialDomain = 'contoso.onmicrosoft.com';

export type MemberKind = 'ad-user' | 'ad-group' | 'ad-contact' | 'cloud-user' | 'guest' | 'm365-group';

/** What can be written into an object to make it yield a value. */
export interface Names {
  readonly userPrincipalName?: string;
  readonly mail?: string;
  readonly mailNickname?: string;
  readonly proxyAddresses?: readonly string[];
}

/** One object of an organisation, as it is made. */
export interface Member {
  readonly name: string;
  readonly kind: MemberKind;
  readonly forest: Forest;
  /** The first wave is synchronised before the second comes. */
  readonly wave: 1 | 2;
  readonly names: Names;
  /** Written in Active Directory with the second wave. */
  readonly later?: Names;
  readonly person?: { readonly givenName: string; readonly surname: string };
  readonly employeeId?: string;
  /** Exchange attributes in Active Directory. */
  readonly recipient?: { readonly type: string; readonly policyOff: boolean };
  readonly exchangePlan?: boolean;
  readonly mailbox?: 'user' | 'shared';
  readonly signedIn?: boolean;
  /** Two days or more old, else made today. */
  readonly old?: boolean;
  readonly role?: string;
  /** Of a cloud user: an anchor of its own, so that nothing is matched with it by address or name. */
  readonly anchored?: boolean;
  /** Deleted before the second wave comes. */
  readonly deleted?: boolean;
}

export interface Organisation {
  readonly seed: number;
  readonly members: readonly Member[];
  readonly allowDirectExchangeWrites: boolean;
}

type Draft = { -readonly [Key in keyof Member]: Member[Key] };

/** Six to twelve objects, most with values of their own, and one to three values that two or three of them want. */
export function randomOrganisation(seed: number): Organisation {
  const chance = new Chance(seed);
  const members: Draft[] = [];
  const contests = chance.oneOf([1, 1, 2, 2, 3]);
  for (let contest = 0; contest < contests; contest++) addContest(chance, members, `wanted${contest}`);
  const size = chance.between(6, 12);
  while (members.length < size) members.push(bystander(chance, `by${members.length}`));
  return { seed, members, allowDirectExchangeWrites: chance.maybe(0.5) };
}

/** A holder of the first wave, a claimant that comes or changes with the second, and at times another of either. */
function addContest(chance: Chance, members: Draft[], wanted: string): void {
  const domain = chance.maybe(0.12) ? initialDomain : 'contoso.com';
  const value = `${wanted}@${domain}`;
  const holder = holderOf(chance, `${wanted}-holder`, value);
  const claimant = claimantOf(chance, `${wanted}-claimant`, value, holder);
  relate(chance, holder, claimant);
  members.push(holder, claimant);
  if (chance.maybe(0.15)) members.push(third(chance, `${wanted}-third`, value, holder));
  if (chance.maybe(0.1))
    members.push({ ...cloudUser(chance, `${wanted}-gone`, { userPrincipalName: value }), deleted: true });
}

/** Active Directory allows a user name once a forest, so that a third wants the address only. */
function third(chance: Chance, name: string, value: string, holder: Draft): Draft {
  const claimant = claimantOf(chance, name, value, { ...holder, names: {} });
  return claimant.kind === 'ad-user' ? { ...claimant, employeeId: `E3-${name.slice(0, 8)}` } : claimant;
}

function holderOf(chance: Chance, name: string, value: string): Draft {
  const [local = '', domain] = value.split('@');
  if (domain === initialDomain) {
    const recipient = { type: '1', policyOff: chance.maybe(0.5) };
    return { ...adUser(chance, name), names: { ...adUser(chance, name).names, mailNickname: local }, recipient };
  }
  const kind = chance.oneOf<MemberKind>([
    'ad-user',
    'ad-user',
    'ad-user',
    'ad-user',
    'ad-group',
    'ad-contact',
    'cloud-user',
    'cloud-user',
    'cloud-user',
    'guest',
    'm365-group',
  ]);
  switch (kind) {
    case 'ad-user':
      return yieldingUser(chance, adUser(chance, name), value);
    case 'ad-group':
      return { ...member(chance, name, kind), names: addresses(chance, name, value) };
    case 'ad-contact':
      return { ...member(chance, name, kind), names: { mail: value, proxyAddresses: [`SMTP:${value}`] } };
    case 'cloud-user': {
      const byName = chance.maybe(0.65);
      const names = byName ? { userPrincipalName: value } : { userPrincipalName: `${name}@contoso.com`, mail: value };
      return cloudUser(chance, name, names);
    }
    case 'guest':
      return { ...member(chance, name, kind), names: { mail: value } };
    case 'm365-group':
      return { ...member(chance, name, kind), names: { mailNickname: local } };
  }
}

function claimantOf(chance: Chance, name: string, value: string, holder: Draft): Draft {
  const kind = chance.oneOf<MemberKind>(['ad-user', 'ad-user', 'ad-user', 'ad-user', 'ad-group', 'ad-contact']);
  const isName = holder.names.userPrincipalName === value;
  const base = kind === 'ad-user' ? adUser(chance, name) : member(chance, name, kind);
  base.forest = holder.forest === 'contoso.com' ? 'fabrikam.com' : 'contoso.com';
  if (!isName && chance.maybe(0.6)) base.forest = holder.forest;
  const claim = claimOf(chance, base, value, isName && (holder.kind === 'cloud-user' || holder.forest !== base.forest));
  const updates = kind === 'ad-contact' ? false : chance.maybe(0.5);
  if (!updates) return { ...base, wave: 2, names: { ...base.names, ...claim } };
  return { ...base, wave: 1, later: claim };
}

function claimOf(chance: Chance, { kind, names, name }: Draft, value: string, byName: boolean): Names {
  if (kind === 'ad-user' && byName && chance.maybe(0.7)) return { userPrincipalName: value };
  if (kind === 'ad-user') {
    const forms = [
      { mail: value },
      secondary(name, value),
      secondary(name, value),
      { proxyAddresses: [`SMTP:${value}`] },
    ] as const;
    return chance.oneOf<Names>(forms);
  }
  if (kind === 'ad-contact')
    return { mail: `${name}@partner.example`, proxyAddresses: [`SMTP:${name}@contoso.com`, `smtp:${value}`] };
  return names.mail === undefined ? { mail: value, proxyAddresses: [`SMTP:${value}`] } : secondary(name, value);
}

function yieldingUser(chance: Chance, user: Draft, value: string): Draft {
  const forms = [
    { userPrincipalName: value },
    { userPrincipalName: value },
    { mail: value },
    secondary(user.name, value),
    { proxyAddresses: [`SMTP:${value}`] },
    { userPrincipalName: value, ...secondary(user.name, value) },
    { mail: value, proxyAddresses: [`SMTP:${value}`, `smtp:${user.name}.old@contoso.com`] },
  ] as const;
  return { ...user, names: { ...user.names, ...chance.oneOf<Names>(forms) } };
}

const secondary = (name: string, value: string): Names => ({
  proxyAddresses: [`SMTP:${name}.primary@contoso.com`, `smtp:${value}`],
});

const addresses = (chance: Chance, name: string, value: string): Names =>
  chance.oneOf<Names>([secondary(name, value), { mail: value }, { mail: value, proxyAddresses: [`SMTP:${value}`] }]);

/** The same person, surely another one, or nothing that would tell. */
function relate(chance: Chance, holder: Draft, claimant: Draft): void {
  if (!isUser(holder) || claimant.kind !== 'ad-user') return;
  const relation = chance.oneOf(['same', 'different', 'different', 'different', 'untold', 'both sign in']);
  if (relation === 'same' || relation === 'different') {
    holder.employeeId = `E1-${holder.name.slice(0, 8)}`;
    claimant.employeeId = relation === 'same' ? holder.employeeId : `E2-${claimant.name.slice(0, 8)}`;
  }
  if (relation === 'both sign in') {
    holder.signedIn = true;
    claimant.signedIn = true;
  }
  if (relation === 'same' || chance.maybe(0.1))
    claimant.person = holder.person ?? { givenName: 'Kim', surname: 'Lind' };
}

const isUser = ({ kind }: Draft): boolean => kind === 'ad-user' || kind === 'cloud-user';

function bystander(chance: Chance, name: string): Draft {
  const kind = chance.oneOf<MemberKind>([
    'ad-user',
    'ad-user',
    'ad-group',
    'ad-contact',
    'cloud-user',
    'guest',
    'm365-group',
  ]);
  const wave = chance.oneOf<1 | 2>([1, 1, 2]);
  switch (kind) {
    case 'ad-user':
      return { ...adUser(chance, name), wave };
    case 'cloud-user':
      return { ...cloudUser(chance, name, { userPrincipalName: `${name}@contoso.com` }), deleted: chance.maybe(0.2) };
    case 'guest':
      return { ...member(chance, name, kind), names: { mail: `${name}@partner.example` } };
    case 'm365-group':
      return { ...member(chance, name, kind), names: { mailNickname: name } };
    default:
      return { ...member(chance, name, kind), wave, names: { mail: `${name}@contoso.com` } };
  }
}

function adUser(chance: Chance, name: string): Draft {
  const draft = member(chance, name, 'ad-user');
  const isRecipient = chance.maybe(0.3);
  const type = chance.oneOf(['1', '4', '2147483648', '34359738368']);
  return {
    ...draft,
    names: { userPrincipalName: `${name}@${draft.forest}`, ...(isRecipient ? { mailNickname: name } : {}) },
    ...(isRecipient ? { recipient: { type, policyOff: chance.maybe(0.7) } } : {}),
    exchangePlan: chance.maybe(0.35),
    mailbox: 'user',
    signedIn: chance.maybe(0.3),
  };
}

function cloudUser(chance: Chance, name: string, names: Names): Draft {
  const mailbox = chance.oneOf<'user' | 'shared' | undefined>(['user', undefined, undefined, undefined, 'shared']);
  return {
    ...member(chance, name, 'cloud-user'),
    names,
    exchangePlan: mailbox === 'user',
    ...(mailbox ? { mailbox } : {}),
    signedIn: chance.maybe(0.3),
    anchored: chance.maybe(0.3),
    ...(chance.maybe(0.1) ? { role: 'User Administrator' } : {}),
  };
}

function member(chance: Chance, name: string, kind: MemberKind): Draft {
  const isPerson = kind === 'ad-user' || kind === 'cloud-user';
  return {
    name,
    kind,
    forest: chance.maybe(0.75) ? 'contoso.com' : 'fabrikam.com',
    wave: 1,
    names: {},
    old: chance.maybe(0.8),
    ...(isPerson && (kind === 'ad-user' || chance.maybe(0.8))
      ? { person: { givenName: `Given-${name}`, surname: `Sur-${name}` } }
      : {}),
  };
}

/** One line an object, for a person who looks at a broken law. */
export function describeOrganisation({ seed, members, allowDirectExchangeWrites }: Organisation): string {
  const lines = members.map(({ name, kind, ...rest }) => `  ${name} (${kind}) ${JSON.stringify(rest)}`);
  return [`organisation ${seed}, allowDirectExchangeWrites ${allowDirectExchangeWrites}:`, ...lines].join('\n');
}
