import { expect, test } from 'vitest';
import { outOfScope } from '../../src/audit/out-of-scope.ts';
import { cloud, contoso, make, user } from './organisation.ts';

const why = (object: Parameters<typeof outOfScope>[0], scope: string[] | null = null) =>
  outOfScope(object, { ...contoso, scope });

test.each([
  ['a critical system object', user('A', { isCriticalSystemObject: true }), 'isCriticalSystemObject'],
  ['a replication victim', user('A', { distinguishedName: 'CN=A\\0ACNF:1f0c,DC=contoso,DC=com' }), 'CNF'],
  ['a replication victim by its name', user('A', { cn: 'A\nCNF:1f0c' }), 'CNF'],
  ['a written-back user', user('A', { adminDescription: 'User_1f0c' }), 'written back'],
  ['a written-back group', make('group', { adminDescription: 'Group_1f0c' }), 'written back'],
  ['the account of the sync service', user('A', { sAMAccountName: 'MSOL_0123456789ab' }), 'synchronisation itself'],
  ['an older one', user('A', { sAMAccountName: 'AAD_0123456789ab' }), 'synchronisation itself'],
  ['a system mailbox', user('A', { mailNickname: 'SystemMailbox{1f0c}' }), 'system account'],
  ['an Exchange account', user('A', { sAMAccountName: 'CAS_{1f0c}' }), 'system account'],
  ['a discovery mailbox', user('A', { msExchRecipientTypeDetails: '536870912' }), 'kind of recipient'],
  ['a role group', make('group', { msExchRecipientTypeDetails: '1073741824' }), 'role group'],
  ['a distribution group without an address', make('group', { groupType: 2 }), 'distribution group'],
  ['a contact without an address', make('contact', { displayName: 'C' }), 'contact without an address'],
  ['a system contact', make('contact', { mail: 'c@contoso.com', mailNickname: 'CAS_{1}' }), 'system contact'],
])('%s stays out', (_, object, words) => {
  expect(why(object)).toContain(words);
});

test.each([
  ['a user without an account name: the file may lack the column', user('A')],
  ['a remote mailbox, whose number is larger than 32 bits', user('A', { msExchRecipientTypeDetails: '2147483648' })],
  ['a remote room', user('A', { msExchRecipientTypeDetails: '8589934592' })],
  ['a security group without an address', make('group', { groupType: -2147483646 })],
  ['a distribution group with an address', make('group', { groupType: 2, mail: 'g@contoso.com' })],
  ['a group of unknown type', make('group', {})],
  ['a contact with an address', make('contact', { proxyAddresses: ['SMTP:c@partner.example'] })],
  ['a contact with a target address alone', make('contact', { targetAddress: 'SMTP:c@partner.example' })],
  ['somebody whose description begins like a written-back one', user('A', { adminDescription: 'Users of floor 1' })],
  ['an object of Entra', cloud('A', { isCriticalSystemObject: true })],
])('%s stays in', (_, object) => {
  expect(why(object)).toBeNull();
});

test('a subtree is its base and everything below, whatever the case and the spaces', () => {
  const scope = ['OU=People,DC=contoso,DC=com'];
  const at = (distinguishedName: string) => why(user('A', { distinguishedName }), scope);
  expect(at('CN=A,OU=Berlin,ou=people,dc=contoso,dc=com')).toBeNull();
  expect(at('ou=people, DC=contoso, DC=com')).toBeNull();
  expect(at('CN=A,OU=No People,DC=contoso,DC=com')).toContain('outside');
  expect(at('CN=A,XOU=People,DC=contoso,DC=com')).toContain('outside');
  expect(why(user('A'), scope)).toBeNull();
});
