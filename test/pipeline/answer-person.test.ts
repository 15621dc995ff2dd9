import { describe, expect, test } from 'vitest';
import { approve, recheck, reject, undo } from '../../src/pipeline/answer-person.ts';
import { StoreUnavailable } from '../../src/ports.ts';
import { anApprover, anotherApprover } from '../domain/case-builder.ts';
import { daysAgo, sightingOf } from '../domain/evidence-builder.ts';
import { anna, annaInAd, bo, boInAd } from '../domain/stories.ts';
import { annaAndBo, annasError, diagnosed, hour, type World } from './world.ts';

async function twoCases(): Promise<World> {
  const world = annaAndBo();
  const second = 'smtp:second@contoso.com';
  for (const object of [annaInAd.objectGuid, boInAd.objectGuid])
    world.directories.ad(object).proxyAddresses.push(second);
  world.directories.cloud(bo.id).proxyAddresses.push(second);
  world.directories.cloud(anna.id).provisioningErrors.push({
    category: 'PropertyConflict',
    propertyCausingError: 'ProxyAddresses',
    value: second,
    occurredDateTime: daysAgo(1),
  });
  await world.detect([annasError, sightingOf({ identities: annasError.identities, value: second })]);
  await world.deliver();
  return world;
}

async function appliedCase(): Promise<World> {
  const world = await diagnosed();
  await world.approve(world.case());
  await world.live(60);
  return world;
}

describe('an approval', () => {
  test('makes the plans of the same pair of objects stale, and they are made anew', async () => {
    const world = await twoCases();
    const [first, second] = world.cases();
    if (!first || !second) throw new Error('two cases are needed');
    await world.approve(first);
    expect(world.case(second.id)).toMatchObject({ state: 'Stale', events: expect.anything() });
    await world.deliver();
    expect(world.case(second.id).state).toBe('NeedsPerson');
  });

  test('of two at once: one wins, the other is told', async () => {
    const world = await diagnosed();
    const both = await Promise.all([world.approve(world.case()), world.approve(world.case())]);
    expect(both.filter((one) => 'case' in one)).toHaveLength(1);
    expect(both.find((one) => 'refusal' in one)).toMatchObject({ refusal: { code: 'WrongState' } });
    await world.live(60);
    expect(world.directories.written).toHaveLength(1);
  });

  test('of an old plan is told the present hash', async () => {
    const world = await diagnosed();
    const fix = world.fixOf(world.case());
    const old = { fixId: fix.id, planHash: '0'.repeat(64), reason: 'r' };
    expect(await approve(world.ports, world.person, world.case().id, anApprover, old)).toMatchObject({
      refusal: { code: 'PlanHashMismatch', planHash: fix.planHash },
    });
  });

  test('stands although its message could not be taken off the books', async () => {
    const world = await diagnosed();
    world.store.kept = async () => {
      throw new StoreUnavailable('503');
    };
    expect(await world.approve(world.case())).toMatchObject({ case: { state: 'Approved' } });
    expect(world.store.promises.size).toBe(1);
  });

  test('of a rejected case is refused', async () => {
    const world = await diagnosed();
    const before = world.case();
    await reject(world.ports, before.id, anApprover, 'not now');
    expect(await world.approve(world.case(), world.fixOf(before))).toMatchObject({ refusal: { code: 'WrongState' } });
  });
});

describe('an undo', () => {
  test('of nothing is refused in words', async () => {
    const world = await diagnosed();
    expect(await undo(world.ports, world.person, world.case().id, anApprover, 'r')).toEqual({
      refusal: {
        code: 'NothingToUndo',
        message: 'Nothing has been written for this case (it is NeedsPerson), so there is nothing to take back.',
      },
    });
  });

  test('of a case that does not exist is refused', async () => {
    const world = await diagnosed();
    expect(await undo(world.ports, world.person, 'f'.repeat(32), anApprover, 'r')).toMatchObject({
      refusal: { code: 'NotFound' },
    });
  });

  test('is a plan of its own, which with four eyes someone else approves', async () => {
    const world = await appliedCase();
    Object.assign(world.person, { fourEyes: true });
    await undo(world.ports, world.person, world.case().id, anApprover, 'Bo needs it');
    const fix = world.case().fixes.find((one) => one.undoOf !== undefined);
    if (!fix) throw new Error('no undo');
    const asked = { fixId: fix.id, planHash: fix.planHash, reason: 'r' };
    expect(await approve(world.ports, world.person, world.case().id, anApprover, asked)).toMatchObject({
      refusal: { code: 'FourEyes' },
    });
    expect(await approve(world.ports, world.person, world.case().id, anotherApprover, asked)).toMatchObject({
      case: { state: 'Approved' },
    });
    await world.live(60);
    expect(world.directories.ad(boInAd.objectGuid).proxyAddresses).toEqual(boInAd.proxyAddresses);
  });

  test('that is rejected lets the verification go on', async () => {
    const world = await appliedCase();
    await undo(world.ports, world.person, world.case().id, anApprover, 'r');
    world.messages.sent.length = 0;
    await reject(world.ports, world.case().id, anApprover, 'no');
    expect(world.case().state).toBe('Applied');
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(2 * hour);
    expect(world.case().state).toBe('Resolved');
  });
});

describe('a recheck', () => {
  test('diagnoses a case anew, an ended one too', async () => {
    const world = await diagnosed();
    await reject(world.ports, world.case().id, anApprover, 'not now');
    expect(await recheck(world.ports, world.case().id, anApprover)).toMatchObject({ case: { state: 'Stale' } });
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
  });

  test('is refused while a plan is under way', async () => {
    const world = await appliedCase();
    expect(await recheck(world.ports, world.case().id, anApprover)).toMatchObject({ refusal: { code: 'WrongState' } });
  });
});
