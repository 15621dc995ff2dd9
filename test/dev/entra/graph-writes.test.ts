import { expect, test } from 'vitest';
import type { DirectoryObject } from '../../../dev/entra/directory-object.ts';
import { type Body, createGroup, createUser, patchObject } from '../../../dev/entra/graph-writes.ts';
import { Organisation } from './organisation.ts';

function patch(organisation: Organisation, object: DirectoryObject, body: Body): string {
  const outcome = patchObject(organisation.tenant.state, object, body);
  return outcome.done ? 'done' : outcome.refusal.reason;
}

test('S10: PATCH mail makes a new primary and demotes the old one, removing nothing', () => {
  const organisation = new Organisation();
  const user = organisation.cloudUser('ann@contoso.com', { mail: 'one@contoso.com' });
  expect(patch(organisation, user, { mail: 'two@contoso.com' })).toBe('done');
  expect(user).toMatchObject({
    mail: 'two@contoso.com',
    proxyAddresses: ['SMTP:two@contoso.com', 'smtp:one@contoso.com'],
  });
});

test('S10: PATCH mail to a taken address is a conflict and changes nothing', () => {
  const organisation = new Organisation();
  organisation.cloudUser('bob@contoso.com', { mail: 'taken@contoso.com' });
  const user = organisation.cloudUser('ann@contoso.com', { mail: 'one@contoso.com' });
  expect(patch(organisation, user, { displayName: 'New', mail: 'taken@contoso.com' })).toBe('conflict');
  expect(user.proxyAddresses).toEqual(['SMTP:one@contoso.com']);
  expect(user.properties['displayName']).toBe('ann');
});

test('S10: a mailbox user keeps the old UPN as an alias, others do not', async () => {
  const organisation = new Organisation();
  const mailbox = organisation.cloudUser('ann@contoso.com');
  const plain = organisation.cloudUser('bob@contoso.com');
  await organisation.set('entra.licences', { 'ann@contoso.com': true });
  patch(organisation, mailbox, { userPrincipalName: 'anne@contoso.com' });
  patch(organisation, plain, { userPrincipalName: 'robert@contoso.com' });
  expect(mailbox.proxyAddresses).toEqual(expect.arrayContaining(['SMTP:anne@contoso.com', 'smtp:ann@contoso.com']));
  expect(plain.proxyAddresses).toEqual([]);
});

test('S10: a UPN needs a verified domain, and in a federated one an immutableId', async () => {
  const organisation = new Organisation();
  await organisation.set('entra.domains', [
    { name: 'federated.com', authenticationType: 'Federated' },
    { name: 'unverified.com', isVerified: false },
  ]);
  const user = organisation.cloudUser('ann@contoso.com');
  expect(patch(organisation, user, { userPrincipalName: 'ann@unverified.com' })).toBe('invalidValue');
  expect(patch(organisation, user, { userPrincipalName: 'ann@federated.com' })).toBe('invalidValue');
  expect(patch(organisation, user, { userPrincipalName: 'ann@federated.com', onPremisesImmutableId: 'anchor' })).toBe(
    'done',
  );
});

test('S10: a synchronised user takes nothing but what the cloud owns', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  const user = organisation.bySourceAnchor('a');
  for (const body of [
    { userPrincipalName: 'x@contoso.com' },
    { mail: 'x@contoso.com' },
    { displayName: 'x' },
    { onPremisesImmutableId: null },
  ]) {
    expect(patch(organisation, user, body)).toBe('onPremisesMastered');
  }
  expect(patch(organisation, user, { usageLocation: 'DE' })).toBe('done');
});

test('S10: after the source of authority was switched the same user takes changes and the export is skipped', async () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  await organisation.set('entra.cloudManaged', { 'ann@contoso.com': true });
  const user = organisation.bySourceAnchor('a');
  expect(patch(organisation, user, { userPrincipalName: 'anne@contoso.com' })).toBe('done');
  expect(organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com' })).toEqual({
    sourceAnchor: 'a',
    outcome: 'skipped',
    reason: 'isCloudManaged',
  });
  expect(user).toMatchObject({ userPrincipalName: 'anne@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com'] });
  expect(organisation.tenant.readShadow()[0]?.isCloudManaged).toBe(true);
});

test('S10: with Exchange attributes mastered in Exchange Online an export leaves them alone and Graph refuses mail', async () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  await organisation.set('entra.exchangeCloudManaged', { 'ann@contoso.com': true });
  organisation.cycle('update', 'user', 'a', {
    userPrincipalName: 'anne@contoso.com',
    proxyAddresses: ['SMTP:anne@contoso.com'],
  });
  const user = organisation.bySourceAnchor('a');
  expect(user).toMatchObject({ userPrincipalName: 'anne@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com'] });
  expect(patch(organisation, user, { mail: 'x@contoso.com' })).toBe('onPremisesMastered');
});

test('S10: a mail-enabled group of Exchange is refused, a Microsoft 365 group is not', () => {
  const organisation = new Organisation();
  const { state } = organisation.tenant;
  const unified = createGroup(state, {
    displayName: 'Sales',
    mailNickname: 'sales',
    mailEnabled: true,
    securityEnabled: false,
    groupTypes: ['Unified'],
  });
  if (!unified.done) throw new Error('not created');
  expect(unified.object.proxyAddresses).toEqual(['SMTP:sales@contoso.com', 'smtp:sales@contoso.onmicrosoft.com']);
  expect(patch(organisation, unified.object, { displayName: 'x' })).toBe('done');
  state.directory.change(unified.object, { properties: { ...unified.object.properties, groupTypes: [] } });
  expect(patch(organisation, unified.object, { displayName: 'x' })).toBe('externalService');
});

test('S10: privileged and management-restricted targets are not for an application', async () => {
  const organisation = new Organisation();
  const admin = organisation.cloudUser('admin@contoso.com');
  const restricted = organisation.cloudUser('ceo@contoso.com');
  const member = organisation.cloudUser('member@contoso.com');
  const group = createGroup(organisation.tenant.state, {
    displayName: 'Admins',
    mailNickname: 'admins',
    mailEnabled: false,
    securityEnabled: true,
    isAssignableToRole: true,
  });
  if (!group.done) throw new Error('not created');
  organisation.tenant.state.directory.change(group.object, { members: [member.id] });
  await organisation.set('entra.roleAssignments', {
    'admin@contoso.com': { eligible: ['User Administrator'] },
    [group.object.id]: { active: ['Exchange Administrator'] },
  });
  await organisation.set('entra.managementRestricted', { 'ceo@contoso.com': true });
  for (const target of [admin, restricted, member])
    expect(patch(organisation, target, { displayName: 'x' })).toBe('notAuthorized');
});

test('S10: proxyAddresses are read-only for everyone', () => {
  const organisation = new Organisation();
  const user = organisation.cloudUser('ann@contoso.com');
  expect(patch(organisation, user, { proxyAddresses: ['smtp:x@contoso.com'] })).toBe('notAuthorized');
});

test('S10: a new user with a taken UPN, address or immutableId is a conflict', () => {
  const organisation = new Organisation();
  organisation.cloudUser('ann@contoso.com', { mail: 'm@contoso.com', onPremisesImmutableId: 'anchor' });
  const attempt = (body: Body) =>
    createUser(organisation.tenant.state, { mailNickname: 'x', userPrincipalName: 'x@contoso.com', ...body });
  expect(attempt({ userPrincipalName: 'ANN@contoso.com' })).toMatchObject({
    refusal: { reason: 'conflict', property: 'userPrincipalName' },
  });
  expect(attempt({ mail: 'm@contoso.com' })).toMatchObject({
    refusal: { reason: 'conflict', property: 'proxyAddresses' },
  });
  expect(attempt({ onPremisesImmutableId: 'anchor' })).toMatchObject({
    refusal: { property: 'onPremisesImmutableId' },
  });
});

test('S10: a guest whose address a contact holds is created without it, in silence', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'contact', 'c', { proxyAddresses: ['SMTP:ann@fabrikam.com'] });
  const guest = organisation.cloudUser('ann_fabrikam.com#EXT#@contoso.onmicrosoft.com', {
    userType: 'Guest',
    mail: 'ann@fabrikam.com',
  });
  expect(guest).toMatchObject({ proxyAddresses: [], mail: 'ann@fabrikam.com' });
});

test('S10: planted fault S10 rewrites displayName along with the UPN', () => {
  const organisation = new Organisation({ plantedFault: 'S10' });
  const user = organisation.cloudUser('ann@contoso.com');
  patch(organisation, user, { userPrincipalName: 'anne@contoso.com' });
  expect(user.properties['displayName']).toBe('anne@contoso.com');
});
