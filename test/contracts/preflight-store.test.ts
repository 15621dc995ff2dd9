import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPreflightStore } from '../../src/adapters/blobs/preflight-store.ts';
import type { PreflightJob } from '../../src/domain/preflight.ts';
import { type PreflightStore, StoreUnavailable } from '../../src/ports.ts';
import { InMemoryPreflights } from '../pipeline/in-memory-preflights.ts';
import { startAzuriteStorage } from './azurite-storage.ts';

let azurite: Awaited<ReturnType<typeof startAzuriteStorage>>;
beforeAll(async () => {
  azurite = await startAzuriteStorage();
});
afterAll(() => azurite.stop());

const job: PreflightJob = {
  v: 1,
  tenant: 'tenant',
  state: 'queued',
  createdAt: '2026-11-29T08:00:00.000Z',
  updatedAt: '2026-11-29T08:00:00.000Z',
  total: 25,
  done: 0,
  requestHash: 'a'.repeat(64),
  deadLetters: 0,
  promised: [['0 anna@contoso.com', 3]],
};
const objects = [{ attributes: { displayName: 'Zoë 漢字' } }];
let count = 0;
const freshId = (): string => (++count).toString(16).padStart(32, '0');

describe.each<[string, () => PreflightStore]>([
  ['in memory', () => new InMemoryPreflights()],
  ['of blobs', () => createPreflightStore({ url: azurite.blobsUrl, credential: azurite.credential })],
])('the preflight store %s', (_, open) => {
  test('keeps a request, its job and its answers', async () => {
    const store = open();
    const id = freshId();
    expect(await store.create(id, job, objects)).toBe(true);
    expect(await store.read(id)).toMatchObject({ job });
    expect(await store.objects(id, job.requestHash)).toEqual(objects);
    await store.putAnswers(id, 20, [{ key: '20' }]);
    expect(await store.answers(id, 20)).toEqual([{ key: '20' }]);
    await store.putAnswers(id, 20, [{ key: 'again' }]);
    expect(await store.answers(id, 20)).toEqual([{ key: 'again' }]);
  });

  test('has nothing under an id that was never given', async () => {
    const store = open();
    expect(await store.read(freshId())).toBeNull();
    expect(await store.answers(freshId(), 0)).toBeNull();
    expect(await store.objects(freshId(), job.requestHash)).toEqual([]);
  });

  test('creates once: the first stays', async () => {
    const store = open();
    const id = freshId();
    await store.create(id, job, objects);
    const other = { ...job, requestHash: 'b'.repeat(64), total: 1 };
    expect(await store.create(id, other, [])).toBe(false);
    expect(await store.read(id)).toMatchObject({ job });
    expect(await store.objects(id, job.requestHash)).toEqual(objects);
  });

  test('of two who go on from one state, one may', async () => {
    const store = open();
    const id = freshId();
    await store.create(id, job, objects);
    const revision = (await store.read(id))?.revision ?? '';
    const next = await store.replace(id, { ...job, done: 20 }, revision);
    expect(next).not.toBeNull();
    expect(await store.replace(id, { ...job, done: 40 }, revision)).toBeNull();
    expect(await store.read(id)).toMatchObject({ job: { done: 20 }, revision: next });
  });
});

test('a blob service that cannot be reached is unavailable, and not empty', async () => {
  const store = createPreflightStore({ url: 'https://localhost:1/account', credential: azurite.credential });
  await expect(store.read(freshId())).rejects.toThrow(StoreUnavailable);
}, 30_000);
