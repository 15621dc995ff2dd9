import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest, type Reply } from './graph-client.ts';

let under: GraphUnderTest;
beforeEach(async () => {
  under = await GraphUnderTest.start();
});
afterEach(() => under.graph.stop());

const json = { 'Content-Type': 'application/json' };

function batch(...requests: unknown[]): Promise<Reply> {
  return under.send('POST', '/$batch', { requests });
}

interface Part {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into JSON of any shape
  readonly body: any;
}

function parts(reply: Reply): Record<string, Part> {
  return Object.fromEntries((reply.body.responses as Part[]).map((part) => [part.id, part]));
}

test('each request gets its own status under its own id, in no particular order', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  const orders = new Set<string>();
  for (let round = 0; round < 12; round++) {
    const reply = await batch(
      { id: 'read', method: 'GET', url: `/users/${id}?$select=id` },
      { id: 'missing', method: 'GET', url: '/users/nobody@contoso.com' },
      { id: 'write', method: 'PATCH', url: `users/${id}`, headers: json, body: { jobTitle: `Title ${round}` } },
    );
    expect(reply.status).toBe(200);
    const { read, missing, write } = parts(reply);
    expect([read?.status, missing?.status, write?.status]).toEqual([200, 404, 204]);
    expect(read?.body.id).toBe(id);
    orders.add(reply.body.responses.map((part: Part) => part.id).join());
  }
  expect(orders.size).toBeGreaterThan(1);
});

test('a batch with a fault in its form is refused as a whole and nothing is written', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  const good = { id: '1', method: 'PATCH', url: `/users/${id}`, headers: json, body: { jobTitle: 'x' } };
  const faulty = [
    [good, { ...good }],
    [good, { ...good, id: undefined }],
    [good, { ...good, id: '2', headers: {} }],
    [good, { ...good, id: '2', url: 'https://graph.microsoft.com/v1.0/users' }],
    [good, { ...good, id: '2', dependsOn: ['3'] }],
    Array.from({ length: 21 }, (_, number) => ({ ...good, id: String(number) })),
    [],
  ];
  for (const requests of faulty) expect((await batch(...requests)).status).toBe(400);
  expect(under.graph.writes.filter(({ method }) => method === 'PATCH')).toEqual([]);
});

test('ids are unique without regard to case', async () => {
  const get = { method: 'GET', url: '/users' };
  expect((await batch({ id: 'a', ...get }, { id: 'A', ...get })).status).toBe(400);
});

test('what depends on a failed request fails with 424', async () => {
  const reply = await batch(
    { id: '1', method: 'GET', url: '/users/nobody@contoso.com' },
    { id: '2', method: 'GET', url: '/users', dependsOn: ['1'] },
    { id: '3', method: 'GET', url: '/users', dependsOn: ['2'] },
  );
  const { 1: first, 2: second, 3: third } = parts(reply);
  expect([first?.status, second?.status, third?.status]).toEqual([404, 424, 424]);
});

test('requests are throttled one by one, each with its own Retry-After, and the outer status stays 200', async () => {
  const { id } = (await under.createUser('ann@contoso.com')).body;
  await under.organisation.set('entra.writeQuota', { limit: 3, windowSeconds: 10 });
  const requests = Array.from({ length: 5 }, (_, number) => ({
    id: `${number}`,
    method: 'PATCH',
    url: `/users/${id}`,
    headers: json,
    body: { jobTitle: `${number}` },
  }));
  const reply = await batch(...requests);
  const answered = Object.values(parts(reply));
  expect(reply.status).toBe(200);
  expect(answered.filter(({ status }) => status === 204)).toHaveLength(2);
  const throttled = answered.filter(({ status }) => status === 429);
  expect(throttled).toHaveLength(3);
  for (const { headers } of throttled) expect(Number(headers['Retry-After'])).toBeGreaterThan(0);
});

test('ConsistencyLevel counts for the request that carries it', async () => {
  const url = "/users?$filter=displayName ne 'x'&$count=true";
  const reply = await batch(
    { id: '1', method: 'GET', url, headers: { ConsistencyLevel: 'eventual' } },
    { id: '2', method: 'GET', url },
  );
  expect([parts(reply)['1']?.status, parts(reply)['2']?.status]).toEqual([200, 400]);
});

test('calls within a batch are logged with the batch that they were part of', async () => {
  await batch({ id: '1', method: 'GET', url: '/users' }, { id: '2', method: 'GET', url: '/groups' });
  const [inner, other, outer] = under.graph.calls;
  expect([inner?.path, other?.path, outer?.path]).toEqual(['/users', '/groups', '/$batch']);
  expect(inner?.batch).toBe(other?.batch);
  expect(outer?.batch).toBeUndefined();
});
