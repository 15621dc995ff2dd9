import { describe, expect, test } from 'vitest';
import { type Asked, graphError, list, notFound, ok, type Reply, startScriptedGraph } from './scripted-graph.ts';

const address = 'ann@contoso.com';
const user = {
  id: 'u1',
  displayName: 'Ann',
  userPrincipalName: 'a@contoso.com',
  proxyAddresses: ['smtp:Ann@Contoso.com'],
};
const group = { id: 'g1', displayName: 'Team', mail: address, groupTypes: ['Unified'], mailEnabled: true };
const contact = { id: 'c1', displayName: 'Ann (partner)', proxyAddresses: [`SMTP:${address}`] };
const everything: Record<string, Record<string, unknown>> = {
  '/users/u1': user,
  '/groups/g1': group,
  '/contacts/c1': contact,
};

/** Finds one user, one group and one contact, and nothing deleted, unless the test says otherwise. */
function directory(override: (asked: Asked) => Reply | undefined = () => undefined) {
  return startScriptedGraph({
    route: (asked) => {
      const own = override(asked);
      if (own !== undefined) return own;
      if (asked.path === '/users') return list({ id: 'u1' });
      if (asked.path === '/groups') return list({ id: 'g1' });
      if (asked.path === '/contacts') return list({ id: 'c1' });
      if (asked.path.startsWith('/directory/deletedItems')) return list();
      const object = everything[asked.path];
      return object === undefined ? notFound : ok(object);
    },
  });
}

const idsOf = (result: Awaited<ReturnType<Awaited<ReturnType<typeof directory>>['directory']['findHolders']>>) =>
  result.ok ? result.value.map(({ id }) => id) : result.failure;

test('users, groups and contacts are searched in one round trip and read by id in a second', async () => {
  const graph = await directory();
  expect(idsOf(await graph.directory.findHolders(address))).toEqual(['u1', 'g1', 'c1']);
  expect(graph.roundTrips().map(({ path }) => path)).toEqual(['/$batch', '/$batch']);
});

describe('filters lag behind writes', () => {
  test('a hit that no longer holds the address is none', async () => {
    const graph = await directory(({ path }) =>
      path === '/users/u1' ? ok({ ...user, proxyAddresses: [] }) : undefined,
    );
    expect(idsOf(await graph.directory.findHolders(address))).toEqual(['g1', 'c1']);
  });

  test('a hit that was deleted meanwhile is none', async () => {
    const graph = await directory(({ path }) => (path === '/groups/g1' ? notFound : undefined));
    expect(idsOf(await graph.directory.findHolders(address))).toEqual(['u1', 'c1']);
  });

  test('a user of that name whom the filter does not show yet is found by name', async () => {
    const fresh = { id: 'u2', displayName: 'New', userPrincipalName: 'ANN@contoso.com' };
    const graph = await directory(({ path }) => {
      if (path === '/users') return list();
      return path === `/users/${address}` || path === '/users/u2' ? ok(fresh) : undefined;
    });
    expect(idsOf(await graph.directory.findHolders(address))).toEqual(['g1', 'c1', 'u2']);
  });
});

test('a soft-deleted user is found although the object id stands before its name', async () => {
  const id = '0a1b2c3d-0000-4000-8000-00000000000a';
  const gone = {
    id,
    displayName: 'Old Ann',
    userPrincipalName: `0a1b2c3d00004000800000000000000a${address}`,
    deletedDateTime: '2026-11-01T00:00:00Z',
  };
  const other = { ...gone, id: 'd2', userPrincipalName: `x${address}` };
  const graph = await directory(({ path }) =>
    path.startsWith('/directory/deletedItems') ? list(gone, other) : undefined,
  );
  expect(idsOf(await graph.directory.findHolders(address))).toEqual(['u1', 'g1', 'c1', id]);
});

test('the pages of deleted users are followed', async () => {
  const late = { id: 'd9', displayName: 'Late', mail: address, deletedDateTime: '2026-11-02T00:00:00Z' };
  const graph = await directory(({ path, query }) => {
    if (!path.startsWith('/directory/deletedItems')) return undefined;
    if (query.get('$skiptoken') !== null) return list(late);
    const next = `https://127.0.0.1:${graph.port}/v1.0/directory/deletedItems/microsoft.graph.user?$skiptoken=2`;
    return ok({ value: [], '@odata.nextLink': next });
  });
  expect(idsOf(await graph.directory.findHolders(address))).toContain('d9');
});

test('other mail addresses do not make a holder', async () => {
  const reader = { id: 'u1', displayName: 'Reader', otherMails: [address] };
  const graph = await directory(({ path }) => (path === '/users/u1' ? ok(reader) : undefined));
  expect(idsOf(await graph.directory.findHolders(address))).toEqual(['g1', 'c1']);
});

test('an address of another kind is looked for with its prefix, in either case, among proxy addresses alone', async () => {
  const talker = { id: 'u1', displayName: 'Talker', proxyAddresses: ['SIP:Ann@contoso.com'] };
  const graph = await directory(({ path }) => (path === '/users/u1' ? ok(talker) : undefined));
  expect(idsOf(await graph.directory.findHolders('sip:ann@contoso.com'))).toEqual(['u1']);
  const filters = graph.asked.flatMap(({ query }) => query.get('$filter') ?? []);
  expect(new Set(filters)).toEqual(
    new Set(["proxyAddresses/any(p:p eq 'sip:ann@contoso.com') or proxyAddresses/any(p:p eq 'SIP:ann@contoso.com')"]),
  );
});

describe('a part that cannot be searched fails the whole', () => {
  test('contacts may not be read', async () => {
    const graph = await directory(({ path }) =>
      path === '/contacts' ? graphError(403, 'Authorization_RequestDenied') : undefined,
    );
    expect(await graph.directory.findHolders(address)).toMatchObject({
      ok: false,
      failure: { kind: 'NotPermitted', remedy: expect.stringContaining('OrgContact.Read.All') },
    });
  });

  test.each(['/groups', `/users/${address}`, '/directory/deletedItems/microsoft.graph.user', '/contacts/c1'])(
    '%s is throttled inside the batch',
    async (throttled) => {
      const graph = await directory(({ path }) =>
        path === throttled ? graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': '3' }) : undefined,
      );
      expect(await graph.directory.findHolders(address)).toMatchObject({
        ok: false,
        failure: { kind: 'TryAgain', afterSeconds: 3 },
      });
    },
  );
});

describe('values arrive at Graph as they are', () => {
  const hostile = [
    "o'brien@contoso.com",
    'a+b/c@contoso.com',
    'x#1&y=2@contoso.com',
    'müller@contoso.com',
    'a%41@contoso.com',
  ];

  test.each(hostile)('%s in a filter and in a path', async (value) => {
    const graph = await directory(({ path }) => (path.startsWith('/users/') ? notFound : undefined));
    await graph.directory.findHolders(value);
    const filter = graph.asked.find(({ path }) => path === '/users')?.query.get('$filter');
    const quoted = value.replaceAll("'", "''");
    expect(filter).toBe(
      `proxyAddresses/any(p:p eq 'smtp:${quoted}') or proxyAddresses/any(p:p eq 'SMTP:${quoted}') or ` +
        `mail eq '${quoted}' or userPrincipalName eq '${quoted}'`,
    );
    expect(graph.asked.map(({ path }) => path)).toContain(`/users/${value}`);
  });

  test('a source anchor with a plus and a slash, outside of a batch', async () => {
    const anchor = 'MyIRAFVEd2+Imaq/zN3u/w==';
    const graph = await directory(({ path }) =>
      path === '/users/u1' ? ok({ ...user, onPremisesImmutableId: anchor }) : undefined,
    );
    expect(await graph.directory.readBySourceAnchor(anchor)).toMatchObject({ ok: true, value: { id: 'u1' } });
    expect(graph.asked[0]?.query.get('$filter')).toBe(`onPremisesImmutableId eq '${anchor}'`);
  });
});

test('a source anchor that only a deleted user has is found there', async () => {
  const gone = {
    id: 'd1',
    displayName: 'Gone',
    onPremisesImmutableId: 'AAA=',
    deletedDateTime: '2026-11-01T00:00:00Z',
  };
  const graph = await directory(({ path }) => {
    if (path === '/users') return list();
    return path.startsWith('/directory/deletedItems') ? list(gone) : undefined;
  });
  expect(await graph.directory.readBySourceAnchor('AAA=')).toMatchObject({ ok: true, value: { id: 'd1' } });
  expect(await graph.directory.readBySourceAnchor('BBB=')).toEqual({ ok: true, value: null });
});

test('an employee id that three users share names two of them', async () => {
  const graph = await directory(({ path }) => {
    if (path === '/users') return list({ id: 'e1' }, { id: 'e2' }, { id: 'e3' });
    return path.startsWith('/users/e') ? ok({ id: path.slice(7), displayName: 'E', employeeId: '0042' }) : undefined;
  });
  expect(await graph.directory.findByEmployeeId('0042')).toMatchObject({
    ok: true,
    value: [{ id: 'e1' }, { id: 'e2' }],
  });
});

test('only verified domains are told, and why they are unknown', async () => {
  const domain = (id: string, isVerified: boolean) => ({
    id,
    isVerified,
    isInitial: false,
    authenticationType: 'Managed',
  });
  const graph = await directory(({ path }) =>
    path === '/domains' ? list(domain('contoso.com', true), domain('fabrikam.com', false)) : undefined,
  );
  expect(await graph.directory.verifiedDomains()).toEqual({
    state: 'known',
    value: [{ name: 'contoso.com', isInitial: false, authenticationType: 'Managed' }],
    source: 'Graph: domains',
    at: '2026-11-25T10:00:00.000Z',
  });
  const refusing = await directory(() => graphError(403, 'Authorization_RequestDenied'));
  expect(await refusing.directory.verifiedDomains()).toMatchObject({
    state: 'unknown',
    remedy: expect.stringContaining('Domain.Read.All'),
  });
});
