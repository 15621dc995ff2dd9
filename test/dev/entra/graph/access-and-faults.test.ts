import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest, token } from './graph-client.ts';

let under: GraphUnderTest;
beforeEach(async () => {
  under = await GraphUnderTest.start();
});
afterEach(() => under.graph.stop());

const as = async (...roles: string[]) => ({ authorization: `Bearer ${await token(roles)}` });

test('a missing, forged, expired or foreign token is 401 InvalidAuthenticationToken', async () => {
  const tokens = [
    '',
    'Bearer x.y.z',
    `Bearer ${await token([], '-1s')}`,
    `Bearer ${await token([], '1h', 'https://management.azure.com')}`,
  ];
  for (const authorization of tokens) {
    const reply = await under.get('/users', { authorization });
    expect([reply.status, reply.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
  }
});

test('only an expired token is said to be expired', async () => {
  const expired = await under.get('/users', { authorization: `Bearer ${await token([], '-1s')}` });
  const foreign = await under.get('/users', {
    authorization: `Bearer ${await token([], '1h', 'https://vault.azure.net')}`,
  });
  expect(expired.body.error.message).toContain('the token is expired');
  expect(foreign.body.error.message).not.toContain('expired');
});

test('each path needs its permission', async () => {
  const paths: [string, string][] = [
    ['/users', 'User.Read.All'],
    ['/groups', 'Group.Read.All'],
    ['/contacts', 'OrgContact.Read.All'],
    ['/domains', 'Domain.Read.All'],
    ['/organization', 'Organization.Read.All'],
    ['/roleManagement/directory/roleAssignments', 'RoleManagement.Read.Directory'],
    ['/roleManagement/directory/roleEligibilitySchedules', 'RoleEligibilitySchedule.Read.Directory'],
    ['/auditLogs/directoryAudits', 'AuditLog.Read.All'],
    ['/directory/deletedItems/microsoft.graph.user', 'User.Read.All'],
  ];
  for (const [path, permission] of paths) {
    expect((await under.get(path, await as(permission))).status, path).toBe(200);
    const denied = await under.get(path, await as('Mail.Read'));
    expect([denied.status, denied.body.error.code], path).toEqual([403, 'Authorization_RequestDenied']);
  }
});

test('reading users does not permit to write them', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  const reader = await as('User.Read.All');
  expect((await under.send('PATCH', `/users/${id}`, { jobTitle: 'x' }, reader)).status).toBe(403);
  expect((await under.send('DELETE', `/users/${id}`, undefined, reader)).status).toBe(403);
});

test('refusals of the tenant have the documented status, code and message', async () => {
  const { organisation } = under;
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'synced@contoso.com' });
  await under.createUser('ann@contoso.com', { mail: 'ann@contoso.com' });
  await under.createUser('admin@contoso.com');
  await organisation.set('entra.roleAssignments', { 'admin@contoso.com': { active: ['Global Administrator'] } });

  const synced = await under.send('PATCH', '/users/synced@contoso.com', { mail: 'x@contoso.com' });
  expect([synced.status, synced.body.error.message]).toEqual([
    400,
    expect.stringContaining('on-premises mastered Directory Sync objects'),
  ]);
  const admin = await under.send('PATCH', '/users/admin@contoso.com', { jobTitle: 'x' });
  expect([admin.status, admin.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);

  const patch = () => under.send('PATCH', '/users/ann@contoso.com', { userPrincipalName: 'synced@contoso.com' });
  const conflict = await patch();
  expect(conflict.status).toBe(400);
  expect(conflict.body.error.details[0]).toMatchObject({ code: 'ObjectConflict', target: 'userPrincipalName' });
  await organisation.set('entra.duplicateStatus', '409');
  const newer = await patch();
  expect([newer.status, newer.body.error.code]).toEqual([409, 'Request_MultipleObjectsWithSameKeyValue']);
});

test('an unknown path is 400 and a known one with another method 405', async () => {
  expect((await under.get('/nonsense')).status).toBe(400);
  expect((await under.send('DELETE', '/domains')).status).toBe(405);
  expect((await under.send('PATCH', '/users/x', undefined)).status).toBe(404);
});

test('beyond the write quota a write is 429 with Retry-After, until the window has moved on', async () => {
  await under.organisation.set('entra.writeQuota', { limit: 2, windowSeconds: 30 });
  await under.createUser('a@contoso.com');
  await under.createUser('b@contoso.com');
  const throttled = await under.createUser('c@contoso.com');
  expect(throttled.status).toBe(429);
  expect(throttled.body.error.code).toBe('TooManyRequests');
  expect(throttled.headers['x-ms-throttle-information']).toBe('WriteLimitExceeded');
  expect((await under.get('/users')).status).toBe(200);
  under.organisation.clock.advance(Number(throttled.headers['retry-after']) * 1000);
  expect((await under.createUser('c@contoso.com')).status).toBe(201);
});

test('reads spend resource units, less with $select, and are throttled when they are spent', async () => {
  await under.organisation.set('entra.resourceUnits', { limit: 4, windowSeconds: 10 });
  expect((await under.get('/users')).headers['x-ms-resource-unit']).toBe('2');
  expect((await under.get('/users?$select=id')).headers['x-ms-resource-unit']).toBe('1');
  const last = await under.get('/users?$select=id');
  expect(last.headers['x-ms-throttle-limit-percentage']).toBe('1.0');
  const refused = await under.get('/users');
  expect([refused.status, refused.headers['x-ms-throttle-information']]).toEqual([429, 'ResourceUnitLimitExceeded']);
});

test('a planned status applies to the calls that it names, as often as it says', async () => {
  await under.organisation.set('entra.faults', [
    { kind: 'status', status: 503, retryAfterSeconds: 2, path: '^/groups', times: 2 },
  ]);
  expect((await under.get('/users')).status).toBe(200);
  const first = await under.get('/groups');
  expect([first.status, first.headers['retry-after']]).toEqual([503, '2']);
  expect((await under.get('/groups')).status).toBe(503);
  expect((await under.get('/groups')).status).toBe(200);
});

test('a planned 403 reads as a permission that is missing, for reads or for writes alone', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.organisation.set('entra.faults', [
    { kind: 'status', status: 403, path: '^/groups' },
    { kind: 'status', status: 403, path: '^/users/', method: 'PATCH' },
  ]);
  const denied = { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } };
  expect(await under.get('/groups')).toMatchObject(denied);
  expect((await under.get(`/users/${id}`)).status).toBe(200);
  expect(await under.send('PATCH', `/users/${id}`, { jobTitle: 'Boss' })).toMatchObject(denied);
});

test('dropResponse applies the write and cuts the connection', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.organisation.set('entra.faults', [{ kind: 'dropResponse', method: 'PATCH' }]);
  await expect(under.send('PATCH', `/users/${id}`, { jobTitle: 'Boss' })).rejects.toThrow();
  expect((await under.get(`/users/${id}?$select=jobTitle`)).body.jobTitle).toBe('Boss');
  expect(under.graph.writes.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
});

test('a timeout never answers and applies nothing', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.organisation.set('entra.faults', [{ kind: 'timeout', method: 'PATCH' }]);
  const silence = Promise.race([
    under.send('PATCH', `/users/${id}`, { jobTitle: 'Boss' }).catch(() => 'cut'),
    new Promise((resolve) => setTimeout(resolve, 100, 'silent')),
  ]);
  expect(await silence).toBe('silent');
  expect(under.graph.writes.filter(({ method }) => method === 'PATCH')).toHaveLength(0);
});

test('an outage cuts every connection until its time is over', async () => {
  await under.organisation.set('entra.outageSeconds', 3600);
  await expect(under.get('/users')).rejects.toThrow();
  under.organisation.clock.advance(3_600_001);
  expect((await under.get('/users')).status).toBe(200);
});
