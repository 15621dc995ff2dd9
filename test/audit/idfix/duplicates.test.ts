import { expect, test } from 'vitest';
import { contact, report, rowsOf, user } from './report.ts';

const mt = (...objects: Parameters<typeof user>[1][]) =>
  report('multi-tenant', ...objects.map((given, place) => user('ABCDEFG'.charAt(place), given)));

test('the first holder passes; the later one and its companion row say Duplicate', () => {
  const upn = { userPrincipalName: 'same@contoso.com' };
  expect(mt(upn, upn)).toEqual([
    '+A userPrincipalName: Duplicate -> Edit same@contoso.com',
    'B userPrincipalName: Duplicate -> Edit same@contoso.com',
  ]);
});

test('N holders give N - 1 companion rows of the same first holder', () => {
  const upn = { userPrincipalName: 'same@contoso.com' };
  expect(mt(upn, upn, upn, upn).map((row) => row.split(' ')[0])).toEqual(['+A', 'B', '+A', 'C', '+A', 'D']);
});

test.each([
  ['userPrincipalName', 'same@contoso.com'],
  ['mail', 'same@contoso.com'],
  ['sAMAccountName', 'same'],
])('%s: a mail recipient keeps it, and the first holder is not shown', (attribute, value) => {
  const same = { [attribute]: value };
  expect(mt(same, { ...same, mailNickName: 'b' })).toEqual([`B ${attribute}: Duplicate -> Complete ${value}`]);
  expect(mt({ ...same, mailNickName: 'a' }, same)).toEqual([
    `+A ${attribute}: Duplicate -> Edit ${value}`,
    `B ${attribute}: Duplicate -> Edit ${value}`,
  ]);
  expect(mt(same, { ...same, mailNickName: '' })).toHaveLength(1);
});

test('mailNickname: who has a homeMDB keeps it', () => {
  expect(mt({ mailNickName: 'same' }, { mailNickName: 'same' })).toEqual([
    'B mailNickName: Duplicate -> Complete same',
  ]);
  expect(mt({ mailNickName: 'same' }, { mailNickName: 'same', homeMDB: null })).toHaveLength(2);
});

test('targetAddress: in every case to be edited', () => {
  const same = { targetAddress: 'smtp:same@contoso.com' };
  expect(mt(same, { ...same, mailNickName: 'b' })).toEqual([
    '+A targetAddress: Duplicate -> Edit smtp:same@contoso.com',
    'B targetAddress: Duplicate -> Edit smtp:same@contoso.com',
  ]);
});

test('proxyAddresses: an SMTP address is complete with a mailNickname and removed without', () => {
  const same = { proxyAddresses: ['smtp:same@contoso.com'] };
  expect(mt(same, same, { ...same, mailNickName: 'c' })).toEqual([
    'B proxyAddresses: Duplicate -> Remove smtp:same@contoso.com',
    'C proxyAddresses: Duplicate -> Complete smtp:same@contoso.com',
  ]);
});

test('proxyAddresses: with a mailNickname, smtp: must stand at the beginning', () => {
  const same = { proxyAddresses: ['notsmtp:same@contoso.com'] };
  expect(mt(same, { ...same, mailNickName: 'b' }, same)).toEqual([
    '+A proxyAddresses: Duplicate -> Edit notsmtp:same@contoso.com',
    'B proxyAddresses: Duplicate -> Edit notsmtp:same@contoso.com',
    'C proxyAddresses: Duplicate -> Remove notsmtp:same@contoso.com',
  ]);
});

test('proxyAddresses: other kinds are edited', () => {
  const same = { proxyAddresses: ['sip:same@contoso.com'], mailNickName: null };
  expect(mt(same, same)).toEqual([
    '+A proxyAddresses: Duplicate -> Edit sip:same@contoso.com',
    'B proxyAddresses: Duplicate -> Edit sip:same@contoso.com',
  ]);
});

test('proxyAddresses: a value that is not the first one stored is edited', () => {
  expect(
    mt(
      { proxyAddresses: ['smtp:same@contoso.com'] },
      { proxyAddresses: ['SMTP:b@contoso.com', 'smtp:same@contoso.com'], mailNickName: 'b' },
    ),
  ).toEqual([
    '+A proxyAddresses: Duplicate -> Edit smtp:same@contoso.com',
    'B proxyAddresses: Duplicate -> Edit smtp:same@contoso.com',
  ]);
});

test('case does not matter: primary and secondary are one value, and each row shows its own spelling', () => {
  expect(
    rowsOf(
      'multi-tenant',
      user('A', { proxyAddresses: ['SMTP:Same@contoso.com', 'smtp:a@contoso.com'] }),
      user('B', { proxyAddresses: ['SMTP:b@contoso.com', 'smtp:SAME@contoso.com'] }),
    ),
  ).toMatchObject([
    { cn: 'A', value: 'smtp:SAME@contoso.com', update: 'smtp:SAME@contoso.com', companion: true },
    { cn: 'B', value: 'smtp:SAME@contoso.com' },
  ]);
});

test('composed and decomposed letters are one value, and so are invisible characters and none', () => {
  expect(mt({ mail: 'caf\u00e9' }, { mail: 'CAFE\u0301' })).toHaveLength(2);
  expect(mt({ mail: 'cafe' }, { mail: 'ca\u200bfe' })).toHaveLength(2);
  expect(mt({ mail: 'cafe' }, { mail: 'café' }, { mail: 'ca\tfe' })).toEqual([]);
});

test('attributes and kinds of address do not meet', () => {
  expect(
    mt(
      { userPrincipalName: 'same@contoso.com', proxyAddresses: ['sip:same@contoso.com'] },
      { mail: 'same@contoso.com', proxyAddresses: ['smtp:same@contoso.com'] },
      { targetAddress: 'smtp:same@contoso.com' },
    ),
  ).toEqual([]);
});

test('one object that has the value twice, and an object that is read twice, are duplicates of themselves', () => {
  expect(mt({ proxyAddresses: ['SMTP:a@contoso.com', 'smtp:a@contoso.com'] })).toEqual([
    '+A proxyAddresses: Duplicate -> Edit smtp:a@contoso.com',
    'A proxyAddresses: Duplicate -> Edit smtp:a@contoso.com',
  ]);
  expect(report('multi-tenant', user('A'), user('A'))).toEqual([
    '+A mail: Duplicate -> Edit A@contoso.com',
    'A mail: Duplicate -> Edit A@contoso.com',
  ]);
});

test('sAMAccountName: a later holder that has a userPrincipalName passes, and a first one claims nothing', () => {
  const same = { sAMAccountName: 'same' };
  const withUserPrincipalName = { ...same, userPrincipalName: 'u@contoso.com' };
  expect(mt(withUserPrincipalName, same)).toEqual([]);
  expect(mt(same, withUserPrincipalName)).toEqual([]);
  expect(mt(same, { ...same, userPrincipalName: '' }).filter((row) => row.includes('sAMAccountName'))).toEqual([]);
  expect(mt(same, same)).toHaveLength(2);
});

test('the value counts as the chain has rewritten it so far, and the first holder is then not found', () => {
  expect(mt({ mailNickName: 'same' }, { mailNickName: '..same' })).toEqual([
    'B mailNickName: Character, Duplicate -> Edit same',
  ]);
  expect(mt({ userPrincipalName: 'same@contoso.com' }, { userPrincipalName: 'sa me@contoso.com' })).toEqual([
    'B userPrincipalName: Character, Duplicate -> Edit same@contoso.com',
  ]);
});

test('of proxyAddresses the value before its characters are taken out counts', () => {
  expect(mt({ proxyAddresses: ['smtp:same@contoso.com'] }, { proxyAddresses: ['smtp:sa me@contoso.com'] })).toEqual([
    'B proxyAddresses: Character -> Edit smtp:same@contoso.com',
  ]);
  const same = { proxyAddresses: ['smtp:sa me@contoso.com'], mailNickName: 'x' };
  expect(mt({ ...same, mailNickName: 'a' }, same)).toEqual([
    'A proxyAddresses: Character -> Edit smtp:same@contoso.com',
    '+A proxyAddresses: Duplicate -> Edit smtp:same@contoso.com',
    'B proxyAddresses: Duplicate, Character -> Edit smtp:same@contoso.com',
  ]);
});

test('a rewritten value that equals the first one stored counts as that one', () => {
  expect(mt({ proxyAddresses: ['smtp:ab@contoso.com', 'smtp:a:b@contoso.com'], mailNickName: 'a' })).toEqual([
    'A proxyAddresses: Character, Duplicate -> Complete smtp:ab@contoso.com',
  ]);
});

test('a stored value that is the rewritten value of somebody else has that one for first holder', () => {
  // All periods become the cn, which is '.x' here: the key '.x' exists though no rule would leave it.
  expect(
    report(
      'multi-tenant',
      user('.x', { mailNickName: '...' }),
      user('x', { mailNickName: 'x' }),
      user('B', { mailNickName: '.x', homeMDB: null }),
    ),
  ).toEqual([
    '.x mailNickName: Character -> Edit .x',
    '+.x mailNickName: Duplicate -> Edit x',
    'B mailNickName: Character, Duplicate -> Edit x',
  ]);
});

test('a value is the first of its kind only after what was examined: hidden objects claim nothing', () => {
  const same = { userPrincipalName: 'same@contoso.com' };
  expect(report('multi-tenant', user('Guest', same), user('B', same))).toEqual([]);
});

test('in a companion row the dn is the first holder’s and the object class the other’s', () => {
  const targetAddress = 'smtp:same@contoso.com';
  const [companion, own] = rowsOf(
    'multi-tenant',
    user('A', { distinguishedName: 'CN=A,DC=contoso', targetAddress }),
    contact('B', { distinguishedName: 'CN=B,DC=contoso', targetAddress }),
  );
  expect(companion).toMatchObject({ cn: 'A', dn: 'CN=A,DC=contoso', objectClass: 'contact', companion: true });
  expect(own).toMatchObject({ cn: 'B', dn: 'CN=B,DC=contoso', objectClass: 'contact' });
  expect(own).not.toHaveProperty('companion');
});

test('an empty value is a value', () => {
  expect(mt({ mailNickName: '' }, { mailNickName: '' })).toEqual(['B mailNickName: Duplicate -> Complete ']);
});

test('dedicated mode: mail counts as its form was mended, mailNickname as its characters were', () => {
  expect(
    report('dedicated', user('A', { mail: 'same@contoso.com' }), user('B', { mail: 'same@@contoso.com' })),
  ).toEqual(['B mail: LocalPart, Duplicate -> Edit same@contoso.com']);
  expect(report('dedicated', user('A', { mailNickName: 'same' }), user('B', { mailNickName: 'same#' }))).toEqual([
    'B mailNickName: Character, Duplicate -> Edit same',
  ]);
});

test('dedicated mode: the last failing rule decides, so that a form error after a duplicate means Edit', () => {
  const same = { proxyAddresses: ['smtp:same@contoso.local'] };
  expect(report('dedicated', user('A', same), user('B', same))).toEqual([
    'A proxyAddresses: TopLevelDomain -> Edit smtp:same@contoso.local',
    '+A proxyAddresses: Duplicate -> Edit smtp:same@contoso.local',
    'B proxyAddresses: Duplicate, TopLevelDomain -> Edit smtp:same@contoso.local',
  ]);
});
