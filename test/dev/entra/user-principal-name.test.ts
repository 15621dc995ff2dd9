import { expect, test } from 'vitest';
import { Organisation } from './organisation.ts';

test('S9: a verified suffix gives the UPN as it is, any other mailNickname at the initial domain', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  organisation.cycle('add', 'user', 'b', { userPrincipalName: 'bob@contoso.local', mailNickname: 'bobby' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.com');
  expect(organisation.bySourceAnchor('b').userPrincipalName).toBe('bobby@contoso.onmicrosoft.com');
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S9: an invisible character is no error, but the UPN is not taken', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'an\u200bn@contoso.com', mailNickname: 'ann' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.onmicrosoft.com');
});

test('S9: the UPN is recalculated only when the shadow UPN changes', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.local', mailNickname: 'ann' });
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.local', mailNickname: 'annie' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.onmicrosoft.com');
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com', mailNickname: 'annie' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.com');
});

test('S9: a newly verified domain recalculates all users, and a removed one too', async () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@fabrikam.com' });
  const user = organisation.bySourceAnchor('a');
  await organisation.set('entra.domains', [{ name: 'fabrikam.com' }]);
  expect(user.userPrincipalName).toBe('ann@fabrikam.com');
  await organisation.set('entra.domains', []);
  expect(user.userPrincipalName).toBe('ann@contoso.onmicrosoft.com');
});

test('S9: with SynchronizeUpnForManagedUsers off the change of a licensed managed user is ignored in silence', async () => {
  const organisation = new Organisation({ switches: { synchronizeUpnForManagedUsers: 'off' } });
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  await organisation.set('entra.licences', { 'ann@contoso.com': true });
  const result = organisation.cycle('update', 'user', 'a', { userPrincipalName: 'anne@contoso.com' });
  expect(result.outcome).toBe('ok');
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.com');
  expect(organisation.tenant.readShadow()[0]?.attributes['userPrincipalName']).toBe('anne@contoso.com');
});

test('S9: in a federated domain, or without a licence, the change goes through', async () => {
  const organisation = new Organisation({ switches: { synchronizeUpnForManagedUsers: 'off' } });
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'anne@contoso.com' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('anne@contoso.com');
  await organisation.set('entra.licences', { 'anne@contoso.com': true });
  await organisation.set('entra.domains', [{ name: 'contoso.com', authenticationType: 'Federated' }]);
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'anna@contoso.com' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('anna@contoso.com');
});

test('S9: oldUpnAlias = everyone keeps the old UPN of a synchronised mailbox user as an alias', async () => {
  for (const [oldUpnAlias, stays] of [
    ['everyone', true],
    ['cloudOnly', false],
  ] as const) {
    const organisation = new Organisation({ switches: { oldUpnAlias } });
    organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
    await organisation.set('entra.licences', { 'ann@contoso.com': true });
    organisation.cycle('update', 'user', 'a', { userPrincipalName: 'anne@contoso.com' });
    expect(organisation.bySourceAnchor('a').proxyAddresses.includes('smtp:ann@contoso.com')).toBe(stays);
  }
});

test('addressSpace = shared: a UPN collides with an address of another object, separate: it does not', () => {
  for (const [addressSpace, collides] of [
    ['shared', true],
    ['separate', false],
  ] as const) {
    const organisation = new Organisation({ switches: { addressSpace } });
    organisation.cycle('add', 'user', 'a', {
      userPrincipalName: 'ann@contoso.com',
      proxyAddresses: ['smtp:x@contoso.com'],
    });
    organisation.cycle('add', 'user', 'b', { userPrincipalName: 'x@contoso.com' });
    expect(organisation.quarantineOf('b').length > 0).toBe(collides);
    organisation.cycle('add', 'user', 'c', {
      userPrincipalName: 'carl@contoso.com',
      proxyAddresses: ['smtp:ann@contoso.com'],
    });
    expect(organisation.quarantineOf('c').length > 0).toBe(collides);
  }
});

test('S9: planted fault S9 sets the UPN to mailNickname at the initial domain with every update', () => {
  const organisation = new Organisation({ plantedFault: 'S9' });
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com', displayName: 'Ann' });
  expect(organisation.bySourceAnchor('a').userPrincipalName).toBe('ann@contoso.onmicrosoft.com');
});
