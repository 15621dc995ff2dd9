import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest } from './graph-client.ts';

let under: GraphUnderTest;
beforeEach(async () => {
  under = await GraphUnderTest.start();
});
afterEach(() => under.graph.stop());

function createGroup(displayName: string, more: Record<string, unknown> = {}) {
  return under.send('POST', '/groups', {
    displayName,
    mailNickname: displayName,
    mailEnabled: false,
    securityEnabled: true,
    ...more,
  });
}

const link = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });
const ids = (body: { value: { id: string }[] }) => body.value.map(({ id }) => id);

test('memberships are seen from both sides, directly and through groups', async () => {
  const user = (await under.createUser('ann@contoso.com')).body.id;
  const inner = (await createGroup('inner')).body.id;
  const outer = (await createGroup('outer')).body.id;
  expect((await under.send('POST', `/groups/${inner}/members/$ref`, link(user))).status).toBe(204);
  expect((await under.send('POST', `/groups/${outer}/members/$ref`, link(inner))).status).toBe(204);
  expect((await under.send('POST', `/groups/${outer}/members/$ref`, link(inner))).status).toBe(400);
  expect(ids((await under.get(`/groups/${outer}/members`)).body)).toEqual([inner]);
  expect(ids((await under.get(`/groups/${outer}/transitiveMembers`)).body)).toEqual([inner, user]);
  expect(ids((await under.get(`/users/${user}/memberOf`)).body)).toEqual([inner]);
  expect(ids((await under.get(`/users/${user}/transitiveMemberOf`)).body)).toEqual([inner, outer]);
});

test('members of a synchronised group are those that AD names', async () => {
  under.organisation.cycle('add', 'user', 'u', { userPrincipalName: 'ann@contoso.com', displayName: 'Ann' });
  under.organisation.cycle('add', 'group', 'g', { displayName: 'Sales', members: ['u', 'not-yet-there'] });
  const group = under.organisation.bySourceAnchor('g').id;
  const { value } = (await under.get(`/groups/${group}/members`)).body;
  expect(value).toEqual([expect.objectContaining({ '@odata.type': '#microsoft.graph.user', displayName: 'Ann' })]);
});

test('assigned and eligible roles are listed apart, can be filtered, and show among memberships', async () => {
  const user = (await under.createUser('ann@contoso.com')).body.id;
  await under.organisation.set('entra.roleAssignments', {
    [user]: { active: ['User Administrator'], eligible: ['Global Administrator'] },
  });
  const filter = `?$filter=principalId eq '${user}'`;
  const assignments = (await under.get(`/roleManagement/directory/roleAssignments${filter}`)).body.value;
  const schedules = (await under.get(`/roleManagement/directory/roleEligibilitySchedules${filter}`)).body.value;
  expect(assignments).toMatchObject([{ principalId: user, roleDefinitionId: 'fe930be7-5e62-47db-91af-98c3a49a38b1' }]);
  expect(schedules).toMatchObject([{ principalId: user, roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' }]);
  const roles = (await under.get('/directoryRoles')).body.value;
  expect(roles).toMatchObject([{ displayName: 'User Administrator' }]);
  expect(ids((await under.get(`/directoryRoles/${roles[0].id}/members`)).body)).toEqual([user]);
  expect((await under.get(`/users/${user}/transitiveMemberOf`)).body.value[0]['@odata.type']).toBe(
    '#microsoft.graph.directoryRole',
  );
});

test('licences show as plans and licence details, a mailbox as its purpose', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  expect((await under.get(`/users/${id}/licenseDetails`)).body.value).toEqual([]);
  expect((await under.get(`/users/${id}/mailboxSettings`)).status).toBe(404);
  await under.organisation.set('entra.licences', { [id]: true });
  await under.organisation.set('entra.mailboxes', { [id]: 'shared' });
  expect((await under.get(`/users/${id}?$select=assignedPlans`)).body.assignedPlans[0].service).toBe('exchange');
  expect((await under.get(`/users/${id}/licenseDetails`)).body.value[0].skuPartNumber).toBe('EXCHANGESTANDARD');
  expect((await under.get(`/users/${id}/mailboxSettings`)).body.userPurpose).toBe('shared');
});

test('the source of authority is read and switched with onPremisesSyncBehavior', async () => {
  under.organisation.cycle('add', 'user', 'u', { userPrincipalName: 'ann@contoso.com' });
  const path = '/users/ann@contoso.com/onPremisesSyncBehavior';
  expect((await under.get(path)).body.isCloudManaged).toBe(false);
  expect((await under.send('PATCH', path, { isCloudManaged: true })).status).toBe(204);
  expect((await under.get(path)).body.isCloudManaged).toBe(true);
  const user = await under.get('/users/ann@contoso.com?$select=onPremisesSyncEnabled,onPremisesImmutableId');
  expect(user.body).toMatchObject({ onPremisesSyncEnabled: null, onPremisesImmutableId: 'u' });
  const audits = await under.get("/auditLogs/directoryAudits?$filter=startsWith(activityDisplayName,'Change Source')");
  expect(audits.body.value[0].activityDisplayName).toBe('Change Source of Authority from AD to cloud');
});

test('the audit log tells who changed which UPN, and can be filtered by object', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.createUser('bob@contoso.com');
  await under.send('PATCH', `/users/${id}`, { userPrincipalName: 'anne@contoso.com' });
  const { value } = (await under.get(`/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '${id}')`)).body;
  expect(value.map((entry: { activityDisplayName: string }) => entry.activityDisplayName)).toEqual([
    'Update user',
    'Add user',
  ]);
  expect(value[0].initiatedBy.app.servicePrincipalId).toBe('app-oid');
  expect(value[0].targetResources[0].modifiedProperties).toEqual([
    { displayName: 'UserPrincipalName', oldValue: '["ann@contoso.com"]', newValue: '["anne@contoso.com"]' },
  ]);
});

test('objects of any type are read by id, alone and many at once', async () => {
  const user = (await under.createUser('ann@contoso.com')).body.id;
  const group = (await createGroup('Sales')).body.id;
  expect((await under.get(`/directoryObjects/${group}`)).body['@odata.type']).toBe('#microsoft.graph.group');
  const all = await under.send('POST', '/directoryObjects/getByIds', {
    ids: [user, group, '00000000-0000-4000-8000-000000000000'],
  });
  expect(ids(all.body)).toEqual([user, group]);
  const groups = await under.send('POST', '/directoryObjects/getByIds', { ids: [user, group], types: ['group'] });
  expect(ids(groups.body)).toEqual([group]);
});

test('the initial domain and contoso.com are always there, verified and managed', async () => {
  const { value } = (await under.get('/domains')).body;
  expect(value).toMatchObject([
    { id: 'contoso.onmicrosoft.com', isInitial: true, isVerified: true, authenticationType: 'Managed' },
    { id: 'contoso.com', isDefault: true, isVerified: true, authenticationType: 'Managed' },
  ]);
  const [organization] = (await under.get('/organization')).body.value;
  expect(organization).toMatchObject({ id: under.organisation.tenant.tenantId, onPremisesSyncEnabled: null });
  expect(organization.verifiedDomains).toHaveLength(2);
});
