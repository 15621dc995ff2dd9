import { expect, test } from 'vitest';
import { restore } from '../../../dev/entra/delete-and-restore.ts';
import type { TenantOptions } from '../../../dev/entra/tenant.ts';
import { Organisation, outcomeOf } from './organisation.ts';

const ann = {
  userPrincipalName: 'ann@contoso.com',
  proxyAddresses: ['SMTP:ann@contoso.com'],
  onPremisesSecurityIdentifier: 'S-1-1',
};

function deleted(options: Omit<TenantOptions, 'clock'> = {}): Organisation {
  const organisation = new Organisation(options);
  organisation.cycle('add', 'user', 'a', ann);
  organisation.export([{ operation: 'delete', sourceAnchor: 'a' }]);
  organisation.tenant.settle();
  return organisation;
}

test('S11: a deleted user keeps its UPN behind 32 hex digits and leaves UPN and addresses to others', () => {
  const organisation = deleted();
  const user = organisation.bySourceAnchor('a');
  expect(user.userPrincipalName).toBe(`${user.id.replaceAll('-', '')}ann@contoso.com`);
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S11: with softDeletedAddresses = held the addresses stay taken, the UPN does not', async () => {
  const organisation = deleted({ switches: { softDeletedAddresses: 'held' } });
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  expect(organisation.quarantineOf('b')).toEqual(['ProxyAddress SMTP:ann@contoso.com']);
  await organisation.set('entra.softDeletedAddresses', 'free');
  organisation.tenant.settle();
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S11: the security identifier of a deleted user is not free', () => {
  const organisation = deleted();
  const result = organisation.cycle('add', 'user', 'b', { ...ann, userPrincipalName: 'b@contoso.com' });
  expect(outcomeOf(result)).toBe('AttributeValueMustBeUnique');
});

test('S11: the same anchor exported again restores the user and joins it again', () => {
  const organisation = deleted();
  const { id } = organisation.bySourceAnchor('a');
  expect(organisation.cycle('add', 'user', 'a', ann)).toEqual({
    sourceAnchor: 'a',
    outcome: 'ok',
    cloudId: id,
    restored: true,
  });
  expect(organisation.bySourceAnchor('a')).toMatchObject({
    deletedAt: undefined,
    sync: 'synced',
    userPrincipalName: 'ann@contoso.com',
  });
});

test('S11: a licensed user comes back with its UPN even where the tenant ignores UPN changes', async () => {
  const organisation = new Organisation({ switches: { synchronizeUpnForManagedUsers: 'off' } });
  organisation.cycle('add', 'user', 'a', ann);
  await organisation.set('entra.licences', { 'ann@contoso.com': true });
  organisation.export([{ operation: 'delete', sourceAnchor: 'a' }]);
  organisation.cycle('add', 'user', 'a', ann);
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.com');
});

test('S11: what others took meanwhile is quarantined when the user comes back', () => {
  const organisation = deleted();
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  organisation.cycle('add', 'user', 'a', ann);
  expect(organisation.quarantineOf('a').toSorted()).toEqual([
    'ProxyAddress SMTP:ann@contoso.com',
    'UserPrincipalName ann@contoso.com',
  ]);
});

test('S11: a privileged soft-deleted user is not restored by an export', async () => {
  const organisation = deleted();
  await organisation.set('entra.roleAssignments', {
    [organisation.bySourceAnchor('a').id]: { active: ['User Administrator'] },
  });
  expect(outcomeOf(organisation.cycle('add', 'user', 'a', ann))).toBe('InvalidHardMatch');
});

test('S11: restored in the cloud a synchronised user is detached, keeps its anchor, and a sync delete fails with 114', () => {
  const organisation = deleted();
  const user = organisation.bySourceAnchor('a');
  expect(restore(organisation.tenant.state, user, {})).toBe('restored');
  expect(user).toMatchObject({ sync: 'detached', sourceAnchor: 'a', proxyAddresses: ['SMTP:ann@contoso.com'] });
  const [result] = organisation.export([{ operation: 'delete', sourceAnchor: 'a' }]);
  expect(result).toMatchObject({ error: { errorType: 'DeletingCloudOnlyObjectNotAllowed', errorCode: '0x8023134a' } });
});

test('S11: a restore onto a taken UPN or address fails unless told what to do', () => {
  const organisation = deleted();
  const user = organisation.bySourceAnchor('a');
  const { state } = organisation.tenant;
  organisation.cloudUser('ann@contoso.com', { mail: 'ann@contoso.com' });
  expect(restore(state, user, {})).toEqual({ conflict: 'userPrincipalName', values: ['ann@contoso.com'] });
  const renamed = { newUserPrincipalName: 'ann2@contoso.com' };
  expect(restore(state, user, renamed)).toEqual({ conflict: 'proxyAddresses', values: ['SMTP:ann@contoso.com'] });
  expect(restore(state, user, { ...renamed, autoReconcileProxyConflict: true })).toBe('restored');
  expect(user).toMatchObject({ userPrincipalName: 'ann2@contoso.com', proxyAddresses: [] });
});

test('S11: a deleted group or contact is gone', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'contact', 'c', { proxyAddresses: ['SMTP:c@fabrikam.com'] });
  organisation.export([{ operation: 'delete', sourceAnchor: 'c' }]);
  expect(() => organisation.bySourceAnchor('c')).toThrow();
});

test('S11: planted fault S11 goes on holding UPN and addresses after deletion', () => {
  const organisation = deleted({ plantedFault: 'S11' });
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  expect(organisation.quarantineOf('b')).toHaveLength(2);
});
