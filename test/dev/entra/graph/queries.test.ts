import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest, type Reply } from './graph-client.ts';

let under: GraphUnderTest;
beforeEach(async () => {
  under = await GraphUnderTest.start();
  await under.organisation.set('entra.filterLagMs', 0);
});
afterEach(() => under.graph.stop());

const advanced = { ConsistencyLevel: 'eventual' };

function filter(clause: string, headers: Record<string, string> = {}, path = '/users'): Promise<Reply> {
  const count = headers['ConsistencyLevel'] ? '&$count=true' : '';
  return under.get(`${path}?$filter=${encodeURIComponent(clause)}&$select=id,displayName${count}`, headers);
}

function names(reply: Reply): string[] {
  return (reply.body.value as { displayName: string }[]).map(({ displayName }) => displayName).toSorted();
}

async function people(): Promise<void> {
  await under.createUser('ann@contoso.com', { mail: 'ann@contoso.com', employeeId: '7', surname: "O'Hara" });
  await under.createUser('bob@contoso.com', { mail: 'bob@contoso.com', accountEnabled: false, department: 'Sales' });
  under.organisation.cycle('add', 'user', 'c', {
    userPrincipalName: 'carl@contoso.com',
    displayName: 'carl',
    proxyAddresses: ['SMTP:c@contoso.com', 'smtp:carl@contoso.com'],
  });
}

test('filters compare, combine, negate and look into collections', async () => {
  await people();
  const cases: [string, string[]][] = [
    ["userPrincipalName eq 'ANN@contoso.com'", ['ann']],
    ["mail eq 'ann@contoso.com' or mail eq 'bob@contoso.com'", ['ann', 'bob']],
    ["startsWith(displayName,'b') and accountEnabled eq false", ['bob']],
    ["(startswith(mail,'ann') or startswith(mail,'bob')) and accountEnabled eq true", ['ann']],
    ["employeeId in ('7','8')", ['ann']],
    ["surname eq 'O''Hara'", ['ann']],
    ['onPremisesSyncEnabled eq true', ['carl']],
    ["onPremisesImmutableId eq 'c'", ['carl']],
    ["proxyAddresses/any(p:p eq 'smtp:carl@contoso.com')", ['carl']],
    ["proxyAddresses/any(p:p eq 'SMTP:carl@contoso.com') or proxyAddresses/any(p:p eq 'SMTP:c@contoso.com')", ['carl']],
    ["proxyAddresses/any(p:startswith(p,'smtp:c'))", ['carl']],
    ['createdDateTime ge 2020-01-01T00:00:00Z', ['ann', 'bob', 'carl']],
  ];
  for (const [clause, expected] of cases) expect(names(await filter(clause)), clause).toEqual(expected);
});

test('the prefix of an address is compared as it is written', async () => {
  await people();
  expect(names(await filter("proxyAddresses/any(p:p eq 'SMTP:carl@contoso.com')"))).toEqual([]);
});

test('ne, not, endsWith, null and some properties are advanced queries', async () => {
  await people();
  const clauses: [string, string[]][] = [
    ["displayName ne 'ann'", ['bob', 'carl']],
    ["not(displayName eq 'ann')", ['bob', 'carl']],
    ["endsWith(mail,'@contoso.com')", ['ann', 'bob', 'carl']],
    ['onPremisesSyncEnabled eq null', ['ann', 'bob']],
    ["department eq 'Sales'", ['bob']],
  ];
  for (const [clause, expected] of clauses) {
    const plain = await filter(clause);
    expect([plain.status, plain.body.error?.code], clause).toEqual([400, 'Request_UnsupportedQuery']);
    const reply = await filter(clause, advanced);
    expect(names(reply), clause).toEqual(expected);
    expect(reply.body['@odata.count']).toBe(expected.length);
  }
});

test('what Graph does not filter is refused, and so is a filter that cannot be read', async () => {
  for (const clause of [
    "contains(displayName,'a')",
    "onPremisesDistinguishedName eq 'x'",
    'serviceProvisioningErrors/any()',
    'onPremisesProvisioningErrors/any()',
    "onPremisesProvisioningErrors/any(o:o/category ne 'x')",
  ]) {
    expect((await filter(clause, advanced)).body.error.code, clause).toBe('Request_UnsupportedQuery');
  }
  for (const clause of [
    'displayName eq',
    "displayName 'x'",
    "favouriteColour eq 'red'",
    "displayName eq 'x",
    "displayName eq 'x') ",
  ]) {
    expect((await filter(clause)).status, clause).toBe(400);
  }
});

test('provisioningErrorFilter decides how quarantined objects can be filtered', async () => {
  const clause = "onPremisesProvisioningErrors/any(o:o/propertyCausingError eq 'ProxyAddress')";
  const seen: Record<string, [number, number]> = {};
  for (const value of ['default', 'needsConsistencyLevel', 'unsupported']) {
    await under.organisation.set('entra.provisioningErrorFilter', value);
    seen[value] = [(await filter(clause)).status, (await filter(clause, advanced)).status];
  }
  expect(seen).toEqual({ default: [200, 200], needsConsistencyLevel: [400, 200], unsupported: [400, 400] });
});

test('groups and contacts are filtered by their quarantine too', async () => {
  const { organisation } = under;
  organisation.cycle('add', 'contact', 'a', { displayName: 'a', proxyAddresses: ['SMTP:x@fabrikam.com'] });
  organisation.cycle('add', 'contact', 'b', { displayName: 'b', proxyAddresses: ['SMTP:x@fabrikam.com'] });
  organisation.cycle('add', 'group', 'g', { displayName: 'g', proxyAddresses: ['SMTP:x@fabrikam.com'] });
  const clause = "onPremisesProvisioningErrors/any(o:o/category eq 'PropertyConflict')";
  expect(names(await filter(clause, {}, '/contacts'))).toHaveLength(1);
  expect((await filter(clause, {}, '/groups')).body.value).toHaveLength(1);
});

test('$search, $count and some $orderby need ConsistencyLevel', async () => {
  await people();
  expect((await under.get('/users?$search="displayName:an"')).status).toBe(400);
  expect(names(await under.get('/users?$search="displayName:an"&$select=displayName', advanced))).toEqual(['ann']);
  expect((await under.get('/users/$count')).status).toBe(400);
  expect((await under.get('/users/$count', advanced)).body).toBe('3');
  expect((await under.get('/users?$count=true')).body['@odata.count']).toBeUndefined();
  expect((await under.get('/users?$orderby=createdDateTime')).status).toBe(400);
  const sorted = await under.get('/users?$orderby=displayName desc&$select=displayName');
  expect(sorted.body.value.map((user: { displayName: string }) => user.displayName)).toEqual(['carl', 'bob', 'ann']);
});

test('pages are linked until the last, hold everything once, and default to 100', async () => {
  const { tenant } = under.organisation;
  tenant.provision(
    Array.from({ length: 250 }, (_, number) => ({
      operation: 'add',
      object: {
        sourceAnchor: `${number}`,
        objectType: 'user',
        attributes: { userPrincipalName: `u${number}@contoso.com` },
      },
    })),
  );
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let link = '/users?$select=id'; link; ) {
    const { body } = await under.get(link);
    sizes.push(body.value.length);
    seen.push(...body.value.map(({ id }: { id: string }) => id));
    link = body['@odata.nextLink'];
  }
  expect(sizes).toEqual([100, 100, 50]);
  expect(new Set(seen).size).toBe(250);
  expect((await under.get('/users?$top=999')).body.value).toHaveLength(250);
  expect((await under.get('/users?$top=1000')).status).toBe(400);
  expect((await under.get('/users?$skiptoken=unheard-of')).body.error.code).toBe('Directory_ExpiredPageToken');
});

test('an object deleted between two pages is left out of the second', async () => {
  await people();
  const first = await under.get('/users?$top=2');
  await under.send('DELETE', '/users/carl@contoso.com');
  expect((await under.get(first.body['@odata.nextLink'])).body.value).toEqual([]);
});

test('$expand=manager shows the manager that AD names', async () => {
  under.organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com', manager: 'b' });
  under.organisation.cycle('add', 'user', 'b', { userPrincipalName: 'bob@contoso.com', displayName: 'Bob' });
  const { body } = await under.get('/users/ann@contoso.com?$expand=manager&$select=id');
  expect(body.manager).toMatchObject({ '@odata.type': '#microsoft.graph.user', displayName: 'Bob' });
  expect((await under.get('/users/ann@contoso.com/manager')).body.displayName).toBe('Bob');
  expect((await under.get('/users/bob@contoso.com/manager')).status).toBe(404);
});

test('searches lag behind writes for a second; lists and reads by id or UPN do not', async () => {
  await under.organisation.set('entra.filterLagMs', 1000);
  const { id } = (await under.createUser('ann@contoso.com')).body;
  const bySearch = () => filter("userPrincipalName eq 'ann@contoso.com'");
  expect((await bySearch()).body.value).toEqual([]);
  expect((await under.get('/users')).body.value).toHaveLength(1);
  under.organisation.clock.advance(1001);
  expect(names(await bySearch())).toEqual(['ann']);

  await under.send('PATCH', `/users/${id}`, { userPrincipalName: 'anne@contoso.com' });
  expect((await bySearch()).body.value).toHaveLength(1);
  expect((await under.get(`/users/${id}`)).body.userPrincipalName).toBe('anne@contoso.com');
  under.organisation.clock.advance(1001);
  expect((await bySearch()).body.value).toHaveLength(0);

  await under.send('DELETE', `/users/${id}`);
  expect((await filter("userPrincipalName eq 'anne@contoso.com'")).body.value).toHaveLength(0);
});
