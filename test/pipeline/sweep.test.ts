import { describe, expect, test } from 'vitest';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { anna } from '../domain/stories.ts';
import { approvedCases } from './approved-cases.ts';
import { adLane, annaAndBo, annasError, day, diagnosed, hour, World } from './world.ts';

test('a quiet world is left alone', async () => {
  const world = await diagnosed();
  expect(await world.sweep()).toEqual({
    sent: 0,
    lanesWoken: 0,
    expired: 0,
    redriven: 0,
    deadLetters: 0,
    openCases: 1,
  });
  expect(world.messages.sent).toEqual([]);
});

describe('a promised message that was not sent', () => {
  test('is sent when whoever made the promise has had its time', async () => {
    const world = annaAndBo();
    world.messages.available = false;
    await world.detect([annasError]);
    world.messages.available = true;
    expect(await world.sweep()).toMatchObject({ sent: 0 });
    world.pass(31);
    expect(await world.sweep()).toMatchObject({ sent: 1 });
    expect(world.messages.sent).toMatchObject([{ queue: 'diagnose' }]);
    expect(world.store.promises.size).toBe(0);
  });

  test('stays promised while the broker is down', async () => {
    const world = annaAndBo();
    world.messages.available = false;
    await world.detect([annasError]);
    world.pass(31);
    expect(await world.sweep()).toMatchObject({ sent: 0 });
    expect(world.store.promises.size).toBe(1);
  });
});

describe('a lane with approved work', () => {
  test('is woken, once a second at most', async () => {
    const world = new World();
    await approvedCases(world, 3);
    expect(await world.sweep()).toMatchObject({ lanesWoken: 1 });
    await world.sweep();
    expect(world.messages.sent).toMatchObject([{ queue: 'apply', sessionId: adLane }]);
    await world.live(60);
    expect(world.directories.written).toHaveLength(3);
  });

  test('is not woken before its time', async () => {
    const world = new World();
    await approvedCases(world, 1);
    world.directories.answer = () => ({ outcome: 'TryAgain', message: 'busy', afterSeconds: 600 });
    await world.apply(adLane);
    expect(await world.sweep()).toMatchObject({ lanesWoken: 0 });
  });
});

test('an approval that has run out expires', async () => {
  const world = new World();
  await approvedCases(world, 2);
  world.pass(30 * day);
  expect(await world.sweep()).toMatchObject({ expired: 2 });
  expect(world.cases().every((subject) => subject.state === 'Expired')).toBe(true);
});

describe('dead letters', () => {
  test('are sent again after a while, three rounds, before the case fails', async () => {
    const world = annaAndBo();
    await world.detect([annasError]);
    for (let round = 1; round <= 3; round++) {
      const [message] = world.messages.sent.splice(0);
      world.messages.deadLetters.push({ queue: 'diagnose', body: message?.body });
      expect(await world.sweep()).toMatchObject({ deadLetters: 1 });
      expect(world.case()).toMatchObject({ state: 'Detected', deadLetterRounds: round });
      const [again] = world.messages.sent;
      expect(again?.notBefore?.getTime()).toBe(world.clock.now().getTime() + 30_000);
      expect(again?.id).not.toBe(message?.id);
      world.pass(31);
    }
    world.messages.deadLetters.push({ queue: 'diagnose', body: world.messages.sent[0]?.body });
    await world.sweep();
    expect(world.case()).toMatchObject({ state: 'Failed', message: expect.stringContaining('3 rounds') });
  });

  test('of a neighbour that was innocent are diagnosed after all', async () => {
    const world = annaAndBo();
    await world.detect([annasError]);
    const [message] = world.messages.sent.splice(0);
    world.messages.deadLetters.push({ queue: 'diagnose', body: message?.body });
    await world.sweep();
    await world.live(60);
    expect(world.case()).toMatchObject({ state: 'NeedsPerson', deadLetterRounds: 0 });
  });

  test('that are malformed go to rejected, each of them', async () => {
    const world = annaAndBo();
    for (const body of [{ v: 2 }, 'no object', null]) world.messages.deadLetters.push({ queue: 'verify', body });
    expect(await world.sweep()).toMatchObject({ deadLetters: 3 });
    expect(world.messages.sent).toHaveLength(3);
    expect(world.messages.sent[0]).toMatchObject({
      queue: 'rejected',
      body: { received: { v: 2 } },
      properties: { field: 'v' },
    });
  });

  test('of a lane are dropped: the lane is woken anyway', async () => {
    const world = new World();
    await approvedCases(world, 1);
    world.messages.deadLetters.push({ queue: 'apply', body: { v: 1, tenant: 'tenant', lane: adLane } });
    expect(await world.sweep()).toMatchObject({ deadLetters: 1, lanesWoken: 1 });
  });
});

describe('a case that stands still', () => {
  test('has lost its message and is woken, once a quarter of an hour', async () => {
    const world = annaAndBo();
    await world.detect([annasError]);
    world.messages.sent.length = 0;
    world.pass(16 * 60);
    expect(await world.sweep()).toMatchObject({ redriven: 1 });
    await world.sweep();
    expect(world.messages.sent).toHaveLength(1);
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
  });

  test('in Applied is verified', async () => {
    const world = await diagnosed();
    await world.approve(world.case());
    await world.live(60);
    world.messages.sent.length = 0;
    world.directories.cycle(world.clock.now());
    world.directories.release();
    world.pass(16 * 60);
    await world.sweep();
    await world.live(2 * hour);
    expect(world.case().state).toBe('Resolved');
  });

  test('with an absence that nobody looked at is looked at', async () => {
    const world = await diagnosed();
    world.directories.cloud(anna.id).provisioningErrors = [];
    await world.detect([]);
    await world.detect([]);
    world.messages.sent.length = 0;
    world.pass(16 * 60);
    await world.sweep();
    await world.deliver();
    expect(world.case().state).toBe('Resolved');
  });

  test('in Resolved gets its later look, if that was lost', async () => {
    const world = await diagnosed();
    await world.approve(world.case());
    await world.live(60);
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(2 * hour);
    world.messages.sent.length = 0;
    expect(await world.sweep()).toMatchObject({ redriven: 0 });
    world.pass(day + hour);
    expect(await world.sweep()).toMatchObject({ redriven: 1, openCases: 0 });
    await world.deliver();
    expect(world.case().resolution?.confirmedDays).toBe(1);
  });

  test('waiting for a person is left alone', async () => {
    const world = await diagnosed();
    world.pass(30 * day);
    expect(await world.sweep()).toMatchObject({ redriven: 0, openCases: 1 });
    expect(world.case(sightingKeys(annasError)[0]).state).toBe('NeedsPerson');
  });
});
