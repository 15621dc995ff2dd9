import { expect, test } from 'vitest';
import { isExamined } from '../../../src/audit/idfix/scope.ts';
import { contact, type Given, group, read, user } from './report.ts';

function examined(given: Given): { 'multi-tenant': boolean; dedicated: boolean } {
  const [object] = read([given]);
  if (object === undefined) throw new Error('Nothing was read.');
  return { 'multi-tenant': isExamined(object, 'multi-tenant'), dedicated: isExamined(object, 'dedicated') };
}
const both = { 'multi-tenant': true, dedicated: true };
const neither = { 'multi-tenant': false, dedicated: false };
const dedicatedOnly = { 'multi-tenant': false, dedicated: true };

test('a user, a contact and a group are examined', () => {
  for (const given of [user('U'), contact('C'), group('G')]) expect(examined(given)).toEqual(both);
});

test.each([
  'PC01$',
  'Administrator',
  'administrative Assistants',
  'CAS_{1}',
  'DiscoverySearchMailbox {1}',
  'FederatedEmail.1',
  'Guesthouse Team',
  'HTTPConnector',
  'krbtgt_1',
  '\u212arbtgt',
  'IUSR_X',
  'iwam',
  'MSOL_1',
  'SUPPORT_1',
  'SystemMailbox{1}',
  'WWIOadmini',
  'HealthMailbox1',
  'exchange online-applicationaccount',
])('the cn %s hides the object', (cn) => {
  expect(examined(user(cn))).toEqual(neither);
  expect(examined(contact(cn))).toEqual(neither);
});

test.each(['The Administrator', 'CAS_1', 'a$b', 'Gast', 'iw'])('the cn %s does not', (cn) => {
  expect(examined(user(cn))).toEqual(both);
});

test('what lost a naming conflict is hidden', () => {
  expect(examined(user('U', { distinguishedName: 'CN=U\\0ACNF:0d1e,DC=contoso,DC=com' }))).toEqual(neither);
  expect(examined(user('U', { distinguishedName: 'CN=U\\0acnf:0d1e,DC=contoso,DC=com' }))).toEqual(neither);
  expect(examined(user('U', { distinguishedName: 'CN=CNF: U,DC=contoso,DC=com' }))).toEqual(both);
});

test('critical system objects are hidden in multi-tenant mode alone: dedicated mode does not ask for the attribute', () => {
  expect(examined(user('U', { isCriticalSystemObject: 'TRUE' }))).toEqual(dedicatedOnly);
  expect(examined(user('U', { isCriticalSystemObject: false }))).toEqual(both);
});

test.each([
  { sAMAccountName: 'cas_1' },
  { sAMAccountName: 'SUPPORT_1' },
  { sAMAccountName: 'Msol_1' },
  { mailNickName: 'CAS_1' },
  { mailNickName: 'SystemMailbox1' },
  { displayName: 'Msol account', msExchHideFromAddressLists: true },
])('a user with %j is hidden in multi-tenant mode, and nobody else', (given) => {
  expect(examined(user('U', given))).toEqual(dedicatedOnly);
  expect(examined(contact('C', given))).toEqual(both);
  expect(examined(user('I', { ...given, objectClass: ['top', 'person', 'user', 'inetOrgPerson'] }))).toEqual(both);
});

test.each([
  { sAMAccountName: 'MSOL' },
  { mailNickName: 'support_1' },
  { displayName: 'MSOL account' },
  { displayName: 'MSOL account', msExchHideFromAddressLists: false },
  { displayName: 'An MSOL account', msExchHideFromAddressLists: true },
])('a user with %j is examined', (given) => {
  expect(examined(user('U', given))).toEqual(both);
});

test.each(['4096', '8192', '16384', '4194304', '8388608', '16777216', '536870912'])(
  'msExchRecipientTypeDetails %s, which IdFix means to hide, is examined: it compares with hexadecimal text',
  (msExchRecipientTypeDetails) => {
    expect(examined(user('U', { msExchRecipientTypeDetails }))).toEqual(both);
    const hexadecimal = `0x${Number(msExchRecipientTypeDetails).toString(16)}`;
    expect(examined(user('U', { msExchRecipientTypeDetails: hexadecimal }))).toEqual(dedicatedOnly);
  },
);

test('in multi-tenant mode a security group needs a mail, a distribution group proxyAddresses', () => {
  const security = { groupType: '-2147483646' };
  const distribution = { groupType: '2' };
  expect(examined(group('G', { ...security, mail: null }))).toEqual(neither);
  expect(examined(group('G', { ...security, proxyAddresses: null }))).toEqual(both);
  expect(examined(group('G', { ...distribution, mail: null }))['multi-tenant']).toBe(true);
  expect(examined(group('G', { ...distribution, proxyAddresses: null }))).toEqual(dedicatedOnly);
  expect(examined(group('G', { groupType: '0', proxyAddresses: [] }))).toEqual(dedicatedOnly);
});

test('a group without groupType is examined', () => {
  expect(examined(group('G', { proxyAddresses: null }))).toEqual(both);
});

test('dedicated mode asks the directory for objects with a mail alone', () => {
  expect(examined(user('U', { mail: null }))).toEqual({ 'multi-tenant': true, dedicated: false });
});

test.each([
  [['top', 'organizationalUnit']],
  [['top', 'person', 'organizationalPerson', 'user', 'computer']],
  [['top', 'person', 'organizationalPerson', 'user', 'computer', 'msDS-GroupManagedServiceAccount']],
  [['top', 'foreignSecurityPrincipal']],
])('%j is neither person nor group', (objectClass) => {
  expect(examined(user('X', { objectClass }))).toEqual(neither);
});

test.each([
  [['top', 'person', 'organizationalPerson', 'contact']],
  [['top', 'person', 'organizationalPerson', 'user', 'fabrikamUser']],
  ['Group'],
  [[]],
])('%j may be one', (objectClass) => {
  expect(examined(user('X', { objectClass }))).toEqual(both);
});

test('objects of Entra are not of the directory that IdFix reads', () => {
  const origin = { side: 'entra', id: 'e1', kind: 'cloud-only' };
  expect(examined(user('U', { origin }))).toEqual(neither);
});
