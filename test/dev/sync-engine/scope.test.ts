import { describe, expect, test } from 'vitest';
import type { AdObject } from '../../../dev/sync-engine/ad-object.ts';
import { outOfScope } from '../../../dev/sync-engine/scope.ts';
import { contact, group, user } from './ad-objects.ts';

const everything = { scopedOus: [] };

test.each<[string, AdObject, string | undefined]>([
  ['an ordinary user', user('ann'), undefined],
  ['a critical system object', user('ann', { isCriticalSystemObject: 'TRUE' }), 'isCriticalSystemObject'],
  ['a replication conflict', user('ann\\0ACNF:1234'), 'replication conflict object'],
  ['a user with adminDescription User_', user('ann', { adminDescription: 'User_filtered' }), 'adminDescription User_'],
  ['a user with another adminDescription', user('ann', { adminDescription: 'Group_filtered' }), undefined],
  ['a built-in account', user('root', { objectSid: 'S-1-5-21-1-2-3-500' }), 'built-in account'],
  ['an account whose number only ends alike', user('ann', { objectSid: 'S-1-5-21-1-2-3-1500' }), undefined],
  ['the connector account', user('MSOL_0123456789ab'), 'service account'],
  ['an Exchange system mailbox', user('sm', { mailNickname: 'SystemMailbox{1f05}' }), 'Exchange system mailbox'],
  [
    'a group that was written back from Entra',
    group('staff', { adminDescription: 'Group_1234' }),
    'adminDescription Group_',
  ],
  ['a security group', group('staff'), undefined],
  ['a distribution group with mail', group('list', { groupType: '2', mail: 'list@contoso.com' }), undefined],
  ['a distribution group without mail', group('list', { groupType: '2' }), 'neither mail-enabled nor a security group'],
  ['a contact', contact('partner'), undefined],
  ['a contact without mail', contact('partner', { mail: [] }), 'contact without mail'],
])('%s is placed by the default rules', (_name, object, reason) => {
  expect(outOfScope(object, everything)).toBe(reason);
});

describe('filtering by organisational unit', () => {
  const ann = user('ann');

  test('an object below a selected unit is in scope, whatever the case of the name', () => {
    expect(
      outOfScope(ann, { scopedOus: ['OU=Other,DC=contoso,DC=com', 'cn=users,dc=CONTOSO,dc=com'] }),
    ).toBeUndefined();
  });

  test('an object elsewhere is out of scope', () => {
    expect(outOfScope(ann, { scopedOus: ['OU=Users,DC=contoso,DC=com'] })).toBe('organisational unit not selected');
  });

  test('a unit whose name only ends alike selects nothing', () => {
    expect(outOfScope(ann, { scopedOus: ['sers,DC=contoso,DC=com'] })).toBe('organisational unit not selected');
  });
});
