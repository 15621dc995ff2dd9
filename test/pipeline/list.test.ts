import { describe, expect, test } from 'vitest';
import { type ListRequest, listCases } from '../../src/pipeline/list.ts';
import { guid, sightingOf } from '../domain/evidence-builder.ts';
import { World } from './world.ts';

/** So many cases, each found a second after the one before. */
async function worldOf(count: number): Promise<World> {
  const world = new World();
  for (let place = 0; place < count; place++) await add(world, place);
  return world;
}

async function add(world: World, place: number): Promise<void> {
  world.pass(1);
  const name = {
    identities: { cloudId: guid(place) },
    value: `smtp:user${place}@contoso.com`,
    displayName: `User ${place}`,
  };
  await world.detect([sightingOf(name)], { complete: false });
}

const list = (world: World, request: Partial<ListRequest> = {}) => listCases(world.store, { pageSize: 4, ...request });
const names = (page: Awaited<ReturnType<typeof list>>): string[] =>
  page?.value.map((one) => one.subject.displayName) ?? [];

async function allPages(
  world: World,
  request: Partial<ListRequest> = {},
  between: () => Promise<void> = async () => undefined,
) {
  const seen: string[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await list(world, { ...request, continuationToken });
    seen.push(...names(page));
    continuationToken = page?.continuationToken;
    await between();
  } while (continuationToken !== undefined);
  return seen;
}

test('pages together show every case once, newest first', async () => {
  const world = await worldOf(10);
  expect(await allPages(world)).toEqual(Array.from({ length: 10 }, (_, place) => `User ${9 - place}`));
  expect((await list(world))?.total).toBe(10);
});

test('cases that are added meanwhile move no page', async () => {
  const world = await worldOf(10);
  let next = 10;
  const seen = await allPages(world, {}, () => add(world, next++));
  expect(seen).toEqual(Array.from({ length: 10 }, (_, place) => `User ${9 - place}`));
});

test('a page that is exactly full has no successor', async () => {
  expect((await list(await worldOf(4)))?.continuationToken).toBeUndefined();
});

describe('a filter', () => {
  test.each<[string, Partial<ListRequest>, string[]]>([
    ['of a state', { state: 'Detected' }, ['User 2', 'User 1', 'User 0']],
    ['of several states', { state: 'Resolved, Detected' }, ['User 2', 'User 1', 'User 0']],
    ['of another state', { state: 'Resolved' }, []],
    ['of a code', { code: 'QuarantinedProxyAddress' }, ['User 2', 'User 1', 'User 0']],
    ['of another code', { code: 'NotUnderstood' }, []],
    ['of a part of the value, in any case', { search: 'USER1@' }, ['User 1']],
    ['of a part of the name', { search: 'ser 2' }, ['User 2']],
  ])('%s', async (_what, request, expected) => {
    expect(names(await list(await worldOf(3), request))).toEqual(expected);
  });

  test('has pages of its own; its token is refused by another', async () => {
    const world = await worldOf(10);
    const page = await list(world, { search: 'user' });
    expect(page?.continuationToken).toBeDefined();
    expect(await list(world, { search: 'user', continuationToken: page?.continuationToken })).not.toBeNull();
    expect(await list(world, { search: 'other', continuationToken: page?.continuationToken })).toBeNull();
    expect(await list(world, { continuationToken: page?.continuationToken })).toBeNull();
  });
});

test.each(['rubbish', '', btoa('[]'), btoa('{"a":1}'), btoa('null'), '%%%'])(
  'the token %j is refused',
  async (continuationToken) => {
    expect(await list(await worldOf(1), { continuationToken })).toBeNull();
  },
);
