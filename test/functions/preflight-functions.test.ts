import { describe, expect, test } from 'vitest';
import type { Composition } from '../../src/compose.ts';
import { largestPreflightBody, type PreflightJob } from '../../src/domain/preflight.ts';
import { call, register, signedInAs, tenant } from './fake-app.ts';

const header = signedInAs('Reader');
const id = 'f'.repeat(32);
const job: PreflightJob = {
  v: 1,
  tenant,
  state: 'queued',
  createdAt: '2026-11-29T08:00:00.000Z',
  updatedAt: '2026-11-29T08:01:00.000Z',
  total: 25,
  done: 0,
  requestHash: 'a'.repeat(64),
  deadLetters: 0,
  promised: [],
};

type Outcome = Awaited<ReturnType<Composition['askPreflight']>>;

function ask(body: unknown, outcome: Outcome = { outcome: 'answered', answers: [] }) {
  const given: unknown[] = [];
  const api = register('api', {
    askPreflight: async (...all) => {
      given.push(...all);
      return outcome;
    },
  });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { given, answer: call(api, 'askPreflight', { method: 'POST', body: text, header }) };
}

const anna = { attributes: { mail: 'anna@contoso.com' } };
const named = (objectGUID: string) => ({ existing: { objectGUID }, ...anna });
const guid = '0A1B2C3D-0000-4000-8000-00000000000A';

describe('a malformed request names the field', () => {
  test.each<[string, unknown, string]>([
    ['no list', {}, 'objects'],
    ['an empty list', { objects: [] }, 'objects'],
    ['too many', { objects: Array.from({ length: 5001 }, () => anna) }, 'objects'],
    ['a field that is none', { objects: [anna], dryRun: true }, '(body)'],
    ['no attributes', { objects: [anna, {}] }, 'objects.1.attributes'],
    ['nothing among the attributes', { objects: [{ attributes: {} }] }, 'objects.0.attributes'],
    ['a value of no kind', { objects: [{ attributes: { mail: { a: 1 } } }] }, 'objects.0.attributes.mail'],
    ['a type that is none', { objects: [{ ...anna, objectType: 'person' }] }, 'objects.0.objectType'],
    [
      'two names at once',
      { objects: [{ ...anna, existing: { entraId: guid, objectGUID: guid } }] },
      'objects.0.existing',
    ],
    ['no name', { objects: [{ ...anna, existing: {} }] }, 'objects.0.existing'],
    ['a name that is no GUID', { objects: [named('anna')] }, 'objects.0.existing.objectGUID'],
    ['one key twice', { objects: [{ ...anna, key: 'a' }, anna, { ...anna, key: 'A' }] }, 'objects.2.key'],
    ['one object twice', { objects: [named(guid), named(guid.toLowerCase())] }, 'objects.1.existing'],
  ])('%s', async (_, body, field) => {
    const { answer, given } = ask(body);
    const { status, body: said } = await answer;
    expect(status).toBe(400);
    expect(said['errors']).toContainEqual({ field, message: expect.any(String) });
    expect(given).toEqual([]);
  });

  test('a CSV is not JSON', async () => {
    expect(await ask('key,mail\n1,anna@contoso.com').answer).toMatchObject({ status: 400 });
  });

  test('an attribute that nothing looks at', async () => {
    const field = 'objects.0.attributes.proxyAddress';
    const { answer } = ask({ objects: [anna] }, { outcome: 'malformed', problems: [{ field, message: 'is none' }] });
    expect(await answer).toMatchObject({ status: 400, body: { errors: [{ field, message: 'is none' }] } });
  });

  test('of thousands the first fifty', async () => {
    const { answer } = ask({ objects: Array.from({ length: 3000 }, () => ({})) });
    expect(((await answer).body['errors'] as unknown[]).length).toBe(50);
  });
});

test('a body may be larger than those of other functions, but not of any size', async () => {
  const attributes = {
    proxyAddresses: Array.from({ length: 2000 }, (_, index) => `smtp:${'x'.repeat(60)}${index}@a.b`),
  };
  expect(await ask({ objects: [{ attributes }] }).answer).toMatchObject({ status: 200 });
  expect(await ask(`"${'x'.repeat(largestPreflightBody)}"`).answer).toMatchObject({ status: 413 });
});

test('what is asked is handed on with its standards, by whom, and under which key', async () => {
  const { answer, given } = ask({ objects: [{ ...named(guid), key: 'HR-1' }] });
  expect(await answer).toMatchObject({ status: 200, body: { answers: [] } });
  expect(given).toEqual([
    [
      {
        key: 'HR-1',
        existing: { objectGUID: guid.toLowerCase() },
        objectType: 'user',
        createIn: 'active-directory',
        ...anna,
      },
    ],
    'a-person',
    null,
  ]);
});

test('a long request is accepted, with the address of its answers', async () => {
  const { answer } = ask({ objects: [anna] }, { outcome: 'accepted', id, job });
  expect(await answer).toMatchObject({
    status: 202,
    headers: { location: `/api/preflight/${id}`, 'retry-after': '5' },
    body: { id, state: 'queued', done: 0, total: 25 },
  });
});

test('a throttled Graph is 503 with the time to wait, a reused key 409', async () => {
  expect(await ask({ objects: [anna] }, { outcome: 'throttled', seconds: 16.2 }).answer).toMatchObject({
    status: 503,
    headers: { 'retry-after': '17' },
  });
  expect(await ask({ objects: [anna] }, { outcome: 'conflict' }).answer).toMatchObject({
    status: 409,
    body: { code: 'IdempotencyKeyReused' },
  });
});

describe('the answers to a long request', () => {
  const answers = [{ key: '0' }, { key: '1' }];
  const given: unknown[] = [];
  const api = register('api', {
    readPreflight: async (...all) => {
      given.push(all);
      return all[0] === id ? { job: { ...job, state: 'running', done: 20, message: 'It waits.' }, answers } : null;
    },
  });
  const get = (asked: string, query: Record<string, string> = {}) =>
    call(api, 'getPreflight', { id: asked, query, header });

  test('come in pages, with how far the worker is, and nothing of its own notes', async () => {
    expect(await get(id, { from: '3', pageSize: '2' })).toMatchObject({ status: 200 });
    expect(given.at(-1)).toEqual([id, 3, 2]);
    expect((await get(id, { from: '3', pageSize: '2' })).body).toEqual({
      id,
      state: 'running',
      done: 20,
      total: 25,
      message: 'It waits.',
      createdAt: job.createdAt,
      updatedAt: job.updatedAt,
      answers,
      next: `/api/preflight/${id}?from=5&pageSize=2`,
    });
  });

  test.each(['unknown', 'e'.repeat(32), '../cases'])('of %j are not there', async (asked) => {
    expect(await get(asked)).toMatchObject({ status: 404 });
  });

  test.each([{ from: '-1' }, { from: 'x' }, { pageSize: '0' }, { pageSize: '201' }, { other: '1' }])(
    'are not read with %j',
    async (query) => {
      expect(await get(id, query as unknown as Record<string, string>)).toMatchObject({ status: 400 });
    },
  );
});
