import { expect, test } from 'vitest';
import type { ObjectsCheckpoint, ObjectsRequest } from '../../src/relay-contract.ts';
import { ok, type Reply, startScriptedRelay } from '../adapters/relay/scripted-relay.ts';
import { guid } from '../domain/evidence-builder.ts';
import { AuditWorld } from './audit-world.ts';

/** The audit over the relay's own words. */

const at = '2026-11-22T11:00:00.000Z';
const place = {
  forest: 'contoso.com',
  domain: 'contoso.com',
  domainController: 'dc1.contoso.com',
  invocationId: 'one',
};
const header = (more: object = {}) => ({ header: { ...place, highestCommittedUsn: '900', mode: 'full', ...more } });
const object = (number: number, userPrincipalName = `user${number}@contoso.com`) => ({
  object: {
    origin: { side: 'active-directory', forest: 'contoso.com' },
    distinguishedName: `CN=${number},DC=contoso,DC=com`,
    objectClass: ['top', 'person', 'organizationalPerson', 'user'],
    proxyAddresses: [],
    cn: String(number),
    objectGUID: guid(number),
    sAMAccountName: `user${number}`,
    userPrincipalName,
  },
});
const checkpoint = (more: Partial<ObjectsCheckpoint> = {}): ObjectsCheckpoint => ({
  ...place,
  mode: 'changes',
  next: '901',
  until: null,
  at,
  ...more,
});
const end = (count: number, more: Partial<ObjectsCheckpoint> = {}) => ({
  end: { count, checkpoint: checkpoint(more) },
});

/** Each stream is answered by the next of the replies. */
async function worldOf(replies: readonly Reply[]) {
  const left = [...replies];
  const relay = await startScriptedRelay(({ path }) =>
    path === '/v1/domains'
      ? ok({ domains: [{ forest: 'contoso.com', domain: 'contoso.com' }] })
      : (left.shift() ?? 'cut'),
  );
  const world = new AuditWorld();
  world.relay = relay.objects;
  const froms = () =>
    relay.asked.flatMap(({ path, body }) => (path === '/v1/objects' ? [(body as ObjectsRequest).from] : []));
  return { world, froms };
}

const names = (world: AuditWorld): string[] => world.snapshot().map(({ cn = '' }) => cn);

test('a stream that is cut in the middle is gone on with, and every object is audited once', async () => {
  const resumed = checkpoint({ mode: 'full', next: '500', until: '900' });
  const { world, froms } = await worldOf([
    { lines: [header(), object(1), object(2, 'user 2@contoso.com'), { checkpoint: resumed }, object(3), 'cut'] },
    { lines: [header(), object(3), object(4), end(2)] },
  ]);
  const run = await world.audited();
  expect(run).toMatchObject({
    state: 'complete',
    domains: [{ mode: 'full', read: 4 }],
    objects: { activeDirectory: 4 },
  });
  expect(froms()).toEqual([null, resumed]);
  expect(names(world)).toEqual(['1', '2', '3', '4']);
  expect(world.cases()).toHaveLength(1);
});

test('only what has changed comes the second time', async () => {
  const { world, froms } = await worldOf([
    { lines: [header(), object(1), object(2), end(2)] },
    { lines: [header({ mode: 'changes' }), object(2, 'user 2@contoso.com'), end(1, { next: '950' })] },
  ]);
  await world.audited();
  const run = await world.audited('changes');
  expect(run).toMatchObject({ domains: [{ mode: 'changes', read: 1 }], objects: { activeDirectory: 2 } });
  expect(froms()).toEqual([null, checkpoint()]);
  expect(world.case().error.value).toBe('user 2@contoso.com');
  expect(world.files.current?.checkpoint).toBe(JSON.stringify([checkpoint({ next: '950' })]));
});

test('another database is read in full, and the record says why', async () => {
  const because = 'the database of dc1.contoso.com is another than before: its invocation id was one and is two';
  const { world } = await worldOf([
    { lines: [header(), object(1), object(2), end(2)] },
    { lines: [header({ invocationId: 'two', because }), object(1), object(3), end(2, { invocationId: 'two' })] },
  ]);
  await world.audited();
  expect(await world.audited('changes')).toMatchObject({ domains: [{ mode: 'full', because, read: 2 }] });
  expect(names(world)).toEqual(['1', '3']);
});

test('a controller that goes away in the middle leaves what it told and what was known before', async () => {
  const interrupted: Reply = {
    lines: [
      header(),
      object(1, 'renamed@contoso.com'),
      { interrupted: { message: 'dc1.contoso.com: connection lost' } },
    ],
  };
  const { world, froms } = await worldOf([
    { lines: [header(), object(1), object(2, 'user 2@contoso.com'), end(2)] },
    ...Array.from({ length: 4 }, () => interrupted),
    { lines: [header({ mode: 'changes' }), end(0)] },
  ]);
  await world.audited();
  const run = await world.audited('full');
  expect(run).toMatchObject({ state: 'incomplete', objects: { activeDirectory: 2 } });
  expect(run.problems.join()).toContain('connection lost');
  expect(world.snapshot().map(({ userPrincipalName }) => userPrincipalName)).toEqual([
    'user 2@contoso.com',
    'renamed@contoso.com',
  ]);
  expect(world.case().sources).toEqual({ 'directory-audit': 0 });
  expect(froms()[0]).toBeNull();
}, 30_000);
