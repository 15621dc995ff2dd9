import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest } from './graph-client.ts';

/** Requests as other SDKs and scripts put them on the wire, sent with plain fetch. */
let under: GraphUnderTest;
let ann: string;
beforeEach(async () => {
  under = await GraphUnderTest.start();
  setDefaultCACertificates([...getCACertificates('bundled'), under.tls.cert]);
  await under.organisation.set('entra.filterLagMs', 0);
  ann = (await under.createUser('ann@contoso.com', { givenName: 'Ann + Co', surname: "O'Hara", employeeId: '7' })).body
    .id;
  await under.createUser('bob@contoso.com');
  await under.createUser('carl@contoso.com');
});
afterEach(() => under.graph.stop());

const eventual = { ConsistencyLevel: 'eventual' };

function ask(path: string, { headers = {}, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
  const url = path.startsWith('https:') ? path : under.graph.url + path;
  return fetch(url, { ...init, headers: { authorization: `Bearer ${under.bearer}`, ...headers } });
}

async function names(path: string, headers: Record<string, string> = {}): Promise<string[]> {
  const body = (await (await ask(path, { headers })).json()) as { value: { displayName: string }[] };
  return body.value.map(({ displayName }) => displayName).toSorted();
}

test('query options are read however a client has encoded them', async () => {
  const clause = "startswith(displayName,'ann') and employeeId eq '7'";
  expect(await names(`/users?%24filter=${encodeURIComponent(clause)}&%24select=id%2CdisplayName&%24top=5`)).toEqual([
    'ann',
  ]);
  // As Python's requests and Java's URLEncoder do it: a space is a plus, a plus %2B.
  expect(await names(`/users?${new URLSearchParams({ $filter: clause })}`)).toEqual(['ann']);
  expect(await names(`/users?${new URLSearchParams({ $filter: "givenName eq 'Ann + Co'" })}`)).toEqual(['ann']);
  expect(await names("/users?$filter=displayName eq 'ann'&$select=displayName")).toEqual(['ann']);
  expect(await names('/Users/?$Filter=surname%20eq%20%27O%27%27Hara%27')).toEqual(['ann']);
});

test('a key may stand in parentheses and quotes, as OData writes it', async () => {
  for (const path of [`/users('${ann}')`, "/users('ann@contoso.com')", '/users/ann%40contoso.com']) {
    expect(await (await ask(`${path}?$select=id`)).json(), path).toMatchObject({ id: ann });
  }
  expect((await ask("/users('nobody@contoso.com')")).status).toBe(404);
});

test('a count is a bare number, with a filter and whatever the case of the header', async () => {
  const counted = await ask("/users/$count?$filter=startswith(displayName,'a')", {
    headers: { consistencylevel: 'EVENTUAL', accept: 'text/plain' },
  });
  expect([counted.headers.get('content-type'), await counted.text()]).toEqual(['text/plain', '1']);
  expect(await (await ask('/users/%24count', { headers: eventual })).text()).toBe('3');
  const listed = await (await ask('/users?%24count=true&%24top=1', { headers: eventual })).json();
  expect(listed).toMatchObject({ '@odata.count': 3, '@odata.nextLink': expect.stringContaining('skiptoken') });
});

test('a link to the next page is complete: it is followed as it is, with nothing but the token', async () => {
  const seen: string[] = [];
  let link: string | undefined =
    `/users?${new URLSearchParams({ $filter: 'accountEnabled eq true', $select: 'id', $top: '2' })}`;
  while (link) {
    const page = (await (await ask(link)).json()) as { value: { id: string }[]; '@odata.nextLink'?: string };
    for (const user of page.value) {
      expect(Object.keys(user)).toEqual(['id']);
      seen.push(user.id);
    }
    link = page['@odata.nextLink'];
  }
  expect(new Set(seen).size).toBe(3);
});

test('$search takes alternatives, and combines them with AND before OR', async () => {
  const search = (text: string) => names(`/users?${new URLSearchParams({ $search: text })}`, eventual);
  expect(await search('"displayName:ann" OR "displayName:bob"')).toEqual(['ann', 'bob']);
  expect(await search('"displayName:ann" AND "surname:hara" OR "displayName:bob" AND "surname:hara"')).toEqual(['ann']);
  expect(await search('"displayName:a OR b"')).toEqual([]);
  for (const text of ['displayName:ann', '"displayName:ann" "displayName:bob"', '"displayName:ann" OR', '"ann"']) {
    const path = `/users?${new URLSearchParams({ $search: text })}`;
    expect((await ask(path, { headers: eventual })).status, text).toBe(400);
  }
});

test('a batch is taken with URLs in any of the usual forms', async () => {
  const requests = [
    { id: 'encoded', method: 'GET', url: "/users?%24filter=displayName%20eq%20'ann'&%24select=id" },
    { id: 'spaced', method: 'get', url: "users?$filter=displayName eq 'ann'&$select=id", headers: {} },
    { id: 'count', method: 'GET', url: '/users/$count', headers: { consistencylevel: 'eventual' } },
    { id: 'after', method: 'DELETE', url: "/users('bob@contoso.com')", dependsOn: ['count'] },
  ];
  for (const path of ['/$batch', '/%24batch']) {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answered = await ask(path, { method: 'POST', headers, body: JSON.stringify({ requests }) });
    const { responses } = (await answered.json()) as { responses: { id: string; status: number; body: unknown }[] };
    const byId = Object.fromEntries(responses.map((response) => [response.id, response]));
    expect(byId['encoded']?.body).toMatchObject({ value: [{ id: ann }] });
    expect(byId['spaced']?.body).toMatchObject({ value: [{ id: ann }] });
    expect(byId['count']?.status).toBe(200);
    expect(byId['after']?.status).toBe(path === '/$batch' ? 204 : 404);
  }
});

test('a body may come in chunks and with a charset, and the request keeps the id that the client gave it', async () => {
  const chunked = {
    method: 'PATCH',
    headers: { 'content-type': 'application/json; charset=utf-8', 'client-request-id': 'my-own-id' },
    body: new Blob(['{"jobTitle":', '"Clerk"}']).stream(),
    duplex: 'half',
  } as const;
  const patched = await ask(`/users/${ann}`, chunked);
  expect([patched.status, patched.headers.get('client-request-id')]).toEqual([204, 'my-own-id']);
  expect(await (await ask(`/users/${ann}?$select=jobTitle`)).json()).toMatchObject({ jobTitle: 'Clerk' });
});
