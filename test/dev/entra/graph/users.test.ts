import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest, token } from './graph-client.ts';

let under: GraphUnderTest;
beforeEach(async () => {
  under = await GraphUnderTest.start();
});
afterEach(() => under.graph.stop());

test('a user is created, read by id and by UPN, and listed at once', async () => {
  const created = await under.createUser('ann@contoso.com');
  expect(created.status).toBe(201);
  const { id } = created.body;
  expect((await under.get(`/users/${id}`)).body.userPrincipalName).toBe('ann@contoso.com');
  expect((await under.get('/users/ann%40contoso.com')).body.id).toBe(id);
  expect((await under.get('/users')).body.value).toHaveLength(1);
});

test('a user without a required property is refused by the name of the property', async () => {
  const reply = await under.send('POST', '/users', { displayName: 'Ann', accountEnabled: true });
  expect(reply.status).toBe(400);
  expect(reply.body.error.message).toContain("'mailNickname'");
});

test('$select returns just what it names, and 400 for a property that does not exist', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  const { '@odata.context': _, ...user } = (await under.get(`/users/${id}?$select=id,proxyAddresses,mail`)).body;
  expect(user).toEqual({ id, proxyAddresses: [], mail: null });
  const refused = await under.get('/users?$select=id,favouriteColour');
  expect(refused.status).toBe(400);
  expect(refused.body.error.code).toBe('BadRequest');
  expect(refused.body.error.message).toContain("'favouriteColour' on type 'microsoft.graph.user'");
  expect(refused.body.error.innerError['request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('a body with an unknown, read-only or ill-typed property is refused', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  for (const body of [{ favouriteColour: 'red' }, { createdDateTime: '2026-01-01T00:00:00Z' }, { displayName: 7 }]) {
    expect((await under.send('PATCH', `/users/${id}`, body)).status).toBe(400);
  }
  expect(under.graph.writes.filter(({ method }) => method === 'PATCH')).toEqual([]);
});

test('a UPN can be changed to a verified domain only, and is logged with before and after', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  expect((await under.send('PATCH', `/users/${id}`, { userPrincipalName: 'ann@fabrikam.com' })).status).toBe(400);
  expect((await under.send('PATCH', `/users/${id}`, { userPrincipalName: 'anne@contoso.com' })).status).toBe(204);
  expect(under.graph.writes.at(-1)).toMatchObject({
    method: 'PATCH',
    objectId: id,
    attribute: 'userPrincipalName',
    before: 'ann@contoso.com',
    after: 'anne@contoso.com',
  });
});

test('a deleted user is found among deletedItems under both casts, and can be restored', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  expect((await under.send('DELETE', `/users/${id}`)).status).toBe(204);
  expect((await under.get(`/users/${id}`)).status).toBe(404);
  for (const cast of ['microsoft.graph.user', 'graph.user']) {
    const { value } = (await under.get(`/directory/deletedItems/${cast}`)).body;
    expect(value[0].userPrincipalName).toBe(`${id.replaceAll('-', '')}ann@contoso.com`);
  }
  expect((await under.send('POST', `/directory/deletedItems/${id}/restore`)).status).toBe(200);
  expect((await under.get('/users/ann@contoso.com')).body.id).toBe(id);
});

test('a contact cannot be created, changed or deleted through Graph', async () => {
  under.organisation.cycle('add', 'contact', 'c', { displayName: 'Carl', proxyAddresses: ['SMTP:carl@fabrikam.com'] });
  const { id } = (await under.get('/contacts')).body.value[0];
  expect((await under.send('POST', '/contacts', { displayName: 'x' })).status).toBe(405);
  expect((await under.send('PATCH', `/contacts/${id}`, { displayName: 'x' })).status).toBe(405);
  expect((await under.send('DELETE', `/contacts/${id}`)).status).toBe(405);
});

test('signInActivity needs an object id, its permission and a licence', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.organisation.set('entra.signIns', { 'ann@contoso.com': '2026-11-01T10:00:00Z' });
  const path = (key: string) => `/users/${key}?$select=id,signInActivity`;
  expect((await under.get(path(id))).body.signInActivity.lastSignInDateTime).toBe('2026-11-01T10:00:00Z');
  expect((await under.get(path('ann@contoso.com'))).status).toBe(400);
  const weak = { authorization: `Bearer ${await token(['User.Read.All'])}` };
  expect((await under.get(path(id), weak)).status).toBe(403);
  await under.organisation.set('entra.signInActivityLicence', 'none');
  expect((await under.get(path(id))).body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant');
});

test('users are filtered by their sign-in, and by nothing beside it', async () => {
  await under.createUser('ann@contoso.com');
  await under.createUser('bea@contoso.com');
  await under.organisation.set('entra.signIns', { 'ann@contoso.com': '2026-01-01T10:00:00Z' });
  under.organisation.clock.advance(1001);
  const path = (filter: string) => `/users?$select=id,displayName&$filter=${encodeURIComponent(filter)}`;
  const old = 'signInActivity/lastSignInDateTime le 2026-06-01T00:00:00Z';
  expect((await under.get(path(old))).body.value).toHaveLength(1);
  expect((await under.get(path(`${old} and accountEnabled eq true`))).status).toBe(400);
  const weak = { authorization: `Bearer ${await token(['User.Read.All'])}` };
  expect((await under.get(path(old), weak)).status).toBe(403);
});

test('quarantined values show as onPremisesProvisioningErrors', async () => {
  const { organisation } = under;
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['smtp:x@contoso.com'],
  });
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'bob@contoso.com',
    proxyAddresses: ['smtp:x@contoso.com'],
  });
  const { value } = (
    await under.get(
      "/users?$filter=onPremisesProvisioningErrors/any(o:o/category eq 'PropertyConflict')&$select=userPrincipalName,onPremisesProvisioningErrors",
    )
  ).body;
  expect(value).toEqual([
    {
      userPrincipalName: 'bob@contoso.com',
      onPremisesProvisioningErrors: [
        {
          category: 'PropertyConflict',
          occurredDateTime: expect.stringMatching(/Z$/),
          propertyCausingError: 'ProxyAddress',
          value: 'smtp:x@contoso.com',
        },
      ],
    },
  ]);
});

test('an invitation makes a guest, whose address is missing when a contact has it', async () => {
  under.organisation.cycle('add', 'contact', 'c', { proxyAddresses: ['SMTP:carl@fabrikam.com'] });
  const guests: unknown[] = [];
  for (const local of ['ann', 'carl']) {
    const invitation = { invitedUserEmailAddress: `${local}@fabrikam.com`, inviteRedirectUrl: 'https://contoso.com' };
    const { invitedUser } = (await under.send('POST', '/invitations', invitation)).body;
    guests.push((await under.get(`/users/${invitedUser.id}?$select=userType,mail,proxyAddresses`)).body);
  }
  expect(guests).toMatchObject([
    { userType: 'Guest', mail: 'ann@fabrikam.com', proxyAddresses: ['SMTP:ann@fabrikam.com'] },
    { userType: 'Guest', mail: 'carl@fabrikam.com', proxyAddresses: [] },
  ]);
  expect((await under.send('POST', '/invitations', { inviteRedirectUrl: 'https://contoso.com' })).status).toBe(400);
});
