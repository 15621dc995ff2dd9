import { expect, test } from 'vitest';
import { contact, type Given, group, report, user } from './report.ts';

const d = (given: Given) => report('dedicated', user('U', given));
const long = (length: number, last = '') => last.padStart(length, 'x');

test('a sound user, contact and group pass', () => {
  expect(report('dedicated', user('U'), contact('C'), group('G'))).toEqual([]);
});

test.each([
  ['displayName', 'displayName', 256],
  ['mailNickname', 'mailNickName', 64],
  ['targetAddress', 'targetAddress', 256],
])('%s is cut at its length', (attribute, attr, most) => {
  expect(d({ [attribute]: long(most) })).toEqual([]);
  expect(d({ [attribute]: long(most + 1) })).toEqual([`U ${attr}: Length -> Edit ${long(most)}`]);
});

test.each(['userPrincipalName', 'sAMAccountName', 'givenName', 'sn'])('%s has no rule', (attribute) => {
  expect(d({ [attribute]: `${long(300)} @@;` })).toEqual([]);
});

test('white space around a displayName goes, within it stays', () => {
  expect(d({ displayName: '\u00a0 a b \n' })).toEqual(['U displayName: Character -> Edit a b']);
  expect(d({ displayName: 'a b' })).toEqual([]);
});

test('a displayName of white space becomes the cn', () => {
  expect(d({ displayName: ' \t' })).toEqual(['U displayName: Character -> Edit U']);
});

test('a group alone must have a displayName', () => {
  for (const displayName of [null, ''])
    expect(
      report('dedicated', group('G', { displayName }), user('U', { displayName }), contact('C', { displayName })),
    ).toEqual(['G displayName: Blank -> Edit G']);
  const named = long(300);
  expect(report('dedicated', group(named, { displayName: null, mail: 'g@contoso.com', proxyAddresses: [] }))).toEqual([
    `${named} displayName: Blank -> Edit ${long(255)}`,
  ]);
});

test.each([
  ['a b@contoso.com', 'Character', 'ab@contoso.com'],
  [' \n', 'Character, Format, DomainPart, LocalPart', 'U'],
  ['u@contoso.local', 'TopLevelDomain', 'u@contoso.local'],
  ['a!b@contoso.com,', 'TopLevelDomain, DomainPart', 'a!b@contoso.com'],
])('mail must have the form of an address: %j', (mail, error, update) => {
  expect(d({ mail })).toEqual([`U mail: ${error} -> Edit ${update}`]);
});

test.each([...' \\!#$%&*+/=?^`{}|~<>()\';:,[]"@'])('mailNickname must not hold %s', (character) => {
  expect(d({ mailNickName: `a${character}b` })).toEqual(['U mailNickName: Character -> Edit ab']);
});

test.each(['a.b', '.a', 'a.', '...', 'a_b-c', 'ä'])(
  'mailNickname %s passes: the rule about periods is dead',
  (nickname) => {
    expect(d({ mailNickName: nickname })).toEqual([]);
  },
);

test.each([
  [{ givenName: 'Ann', sn: 'Lee' }, 'Ann.Lee'],
  [{ givenName: 'Ann' }, 'Ann'],
  [{ sn: 'Lee' }, 'Lee'],
  [{ givenName: '', sn: 'Lee' }, 'Lee'],
  [{ givenName: 'Ann', sn: '' }, 'Ann.'],
  [{ sAMAccountName: 'alee' }, 'alee'],
  [{ givenName: '', sAMAccountName: 'alee' }, 'alee'],
  [{}, 'C'],
])('a contact without mailNickname is offered one: %j', (given, update) => {
  for (const mailNickName of [null, ''])
    expect(report('dedicated', contact('C', { ...given, mailNickName }))).toEqual([
      `C mailNickName: Blank -> Edit ${update}`,
    ]);
});

test('users and groups may go without mailNickname', () => {
  expect(report('dedicated', user('U'), group('G'))).toEqual([]);
});

test('a contact without targetAddress is offered its mail, cut at 256', () => {
  expect(report('dedicated', contact('C', { targetAddress: null }))).toEqual([
    'C targetAddress: Blank -> Edit SMTP:C@contoso.com',
  ]);
  const mail = long(254, '@x.com');
  expect(report('dedicated', contact('C', { mail, targetAddress: null }))).toEqual([
    `C targetAddress: Blank -> Edit ${`SMTP:${mail}`.slice(0, 256)}`,
  ]);
});

test.each([null, '', ' \u00a0'])('a user whose homeMDB is %j is offered nothing for its targetAddress', (homeMDB) => {
  expect(d({ homeMDB })).toEqual(['U targetAddress: Blank -> Edit null']);
  expect(d({ homeMDB, targetAddress: '' })).toEqual(['U targetAddress: Blank -> Edit ']);
  expect(d({ homeMDB, targetAddress: 'smtp:u@contoso.com' })).toEqual([]);
});

test('a mailbox user, a group and an inetOrgPerson may go without targetAddress', () => {
  const inetOrgPerson = user('I', { objectClass: ['user', 'inetOrgPerson'], homeMDB: null });
  expect(report('dedicated', user('U'), group('G'), inetOrgPerson)).toEqual([]);
});

test('of proxyAddresses only length, colons, duplicates and the form of SMTP addresses are minded', () => {
  const proxyAddresses = ['sip:a b<>', "x500:/o=O'N", 'smtp:a:b@contoso.com', long(257), 'smtp:a b@contoso.com'];
  expect(d({ proxyAddresses })).toEqual([
    'U proxyAddresses: Character -> Edit smtp:ab@contoso.com',
    `U proxyAddresses: Length -> Edit ${long(256)}`,
    'U proxyAddresses: LocalPart -> Edit smtp:ab@contoso.com',
  ]);
});

test('targetAddress keeps its colons and its duplicates', () => {
  expect(report('dedicated', user('A', { targetAddress: 'x:a:b' }), user('B', { targetAddress: 'x:a:b' }))).toEqual([]);
  expect(d({ targetAddress: 'smtp:u@contoso.local' })).toEqual([
    'U targetAddress: TopLevelDomain -> Edit smtp:u@contoso.local',
  ]);
});
