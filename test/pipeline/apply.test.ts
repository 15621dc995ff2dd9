import { describe, expect, test } from 'vitest';
import type { PlannedWrite, WriteOutcome } from '../../src/ports.ts';
import { claim, fixOf } from '../domain/case-builder.ts';
import { cloudUser, guid } from '../domain/evidence-builder.ts';
import { address, approvedCase, approvedCases, giveUp } from './approved-cases.ts';
import { adLane, entraLane, World } from './world.ts';

const places = (writes: readonly PlannedWrite[]): number[] =>
  writes.map(({ change }) => Number(change.objectId.slice(0, 8)));
const throttled = (afterSeconds: number): WriteOutcome => ({ outcome: 'TryAgain', message: 'HTTP 429.', afterSeconds });

test('approved work is written oldest first, at most a batch at a time', async () => {
  const world = new World();
  await approvedCases(world, 45);
  await world.apply(adLane);
  expect(world.directories.batches.map((batch) => batch.length)).toEqual([20, 20, 5]);
  expect(world.directories.batches.flatMap(places)).toEqual(Array.from({ length: 45 }, (_, place) => place));
  expect(world.cases().every((subject) => subject.state === 'Applied')).toBe(true);
  expect(world.messages.sent.filter((message) => message.queue === 'verify')).toHaveLength(45);
});

test('applying again writes nothing', async () => {
  const world = new World();
  await approvedCases(world, 3);
  await world.apply(adLane);
  await world.apply(adLane);
  expect(world.directories.written).toHaveLength(3);
});

test('throttled changes are put back after the longest that was asked for, and the lane is woken then', async () => {
  const world = new World();
  const fix = fixOf([giveUp(0), giveUp(1)]);
  await approvedCase(world, 1);
  const id = await approvedCase(world, 0, fix);
  world.directories.answer = ({ change }) => throttled(change.objectId === guid(0) ? 40 : 90);
  world.pass(1);
  await world.apply(adLane);
  const { execution, state } = world.case(id);
  const due = new Date(world.clock.now().getTime() + 90_000);
  expect(state).toBe('Approved');
  expect(execution?.notBefore).toBe(due.toISOString());
  const wakes = world.messages.sent.filter((message) => message.queue === 'apply');
  expect(wakes.map((message) => message.sessionId)).toContain(adLane);
  world.directories.answer = () => undefined;
  await world.live(120);
  expect(world.case(id).state).toBe('Applied');
  expect(world.directories.batches[1]?.every((write) => write.begun)).toBe(true);
});

test('a short wait that the directory asks for is waited out in the same run', async () => {
  const world = new World();
  await approvedCases(world, 30);
  let throttle = 1;
  world.directories.answer = ({ change }) =>
    change.objectId === guid(0) && throttle-- > 0 ? throttled(10) : undefined;
  const begun = world.clock.now().getTime();
  await world.apply(adLane);
  const [first, second] = world.directories.batches;
  expect([first?.length, second?.length]).toEqual([20, 10]);
  expect(world.clock.now().getTime() - begun).toBeGreaterThanOrEqual(10_000);
  expect(world.directories.written).toHaveLength(30);
  expect(world.cases().every((subject) => subject.state === 'Applied')).toBe(true);
});

describe('what the directory answers', () => {
  test.each<[string, WriteOutcome, string, string]>([
    [
      'stale',
      { outcome: 'Stale', found: { kind: 'single', value: 'x' } },
      'Stale',
      'no longer holds what the plan was made for',
    ],
    ['gone', { outcome: 'Gone', message: 'tombstone' }, 'Stale', 'the object is gone (tombstone)'],
    ['not permitted', { outcome: 'NotPermitted', message: 'rights (50)', remedy: 'Grant it.' }, 'Failed', 'Grant it.'],
    ['refused', { outcome: 'Refused', code: 'Constraint', message: 'taken' }, 'Failed', 'Constraint: taken'],
  ])('%s: nothing is written and the case says why', async (_story, answer, state, words) => {
    const world = new World();
    const id = await approvedCase(world, 0);
    world.directories.answer = () => answer;
    await world.apply(adLane);
    expect(world.case(id).state).toBe(state);
    expect(world.case(id).message).toContain(words);
    expect(world.directories.written).toEqual([]);
  });

  test('a stale case is diagnosed again', async () => {
    const world = new World();
    await approvedCase(world, 0);
    world.directories.ad(guid(0)).proxyAddresses = ['SMTP:new@contoso.com'];
    await world.apply(adLane);
    expect(world.case().state).toBe('Stale');
    expect(world.messages.sent).toMatchObject([{ queue: 'diagnose' }]);
  });

  test('refused half-way: the case is PartlyApplied and names what was written', async () => {
    const world = new World();
    const id = await approvedCase(world, 0, fixOf([giveUp(0), giveUp(1)]));
    world.directories.answer = ({ change }) =>
      change.objectId === guid(1) ? { outcome: 'Refused', code: 'Constraint', message: 'taken' } : undefined;
    await world.apply(adLane);
    expect(world.case(id)).toMatchObject({
      state: 'PartlyApplied',
      done: [{ results: [{ outcome: 'Applied' }, { outcome: 'Refused' }] }],
    });
  });

  test('no answer for one of the batch: that one is tried again', async () => {
    const world = new World();
    const [id = ''] = await approvedCases(world, 1);
    const { target } = world.directories;
    world.ports.target = () => ({ largestBatch: 20, apply: async () => [] });
    await world.apply(adLane);
    expect(world.case(id)).toMatchObject({ state: 'Approved', execution: { attempt: 1 } });
    world.ports.target = () => target;
    await world.live(60);
    expect(world.case(id).state).toBe('Applied');
  });
});

describe('a case that ends the worker', () => {
  const killer = 2;

  /** Runs the lane until it ends by itself; the worker dies whenever it writes the killer's change. */
  async function runs(world: World, most = 12): Promise<number> {
    for (let deaths = 0; deaths < most; deaths++) {
      try {
        await world.apply(adLane);
        return deaths;
      } catch (cause) {
        expect(String(cause)).toContain('the worker ends');
      }
    }
    throw new Error('the lane never got through');
  }

  test('fails after three claims; the innocent ones claimed with it are applied', async () => {
    const world = new World();
    const ids = await approvedCases(world, 5);
    world.directories.answer = ({ change }) => {
      if (change.objectId === guid(killer)) throw new Error('the worker ends');
      return undefined;
    };
    expect(await runs(world)).toBe(3);
    const states = ids.map((id) => world.case(id).state);
    expect(states).toEqual(['Applied', 'Applied', 'Failed', 'Applied', 'Applied']);
    expect(world.directories.written).toHaveLength(4);
  });

  test('is tried alone, and after everyone who is not suspect', async () => {
    const world = new World();
    await approvedCases(world, 2);
    let dies = true;
    world.directories.answer = () => {
      if (dies) throw new Error('the worker ends');
      return undefined;
    };
    await expect(world.apply(adLane)).rejects.toThrow('the worker ends');
    dies = false;
    await approvedCase(world, 7);
    world.pass(1);
    world.directories.batches.length = 0;
    await world.apply(adLane);
    expect(world.directories.batches.map(places)).toEqual([[7], [0], [1]]);
    expect(world.directories.batches.map((batch) => batch[0]?.begun)).toEqual([false, true, true]);
  });
});

describe('a lane that is held', () => {
  const held = async (limits: Partial<World['limits']>, recent: { done: number; refused: number }[] = []) => {
    const world = new World();
    Object.assign(world.limits, limits);
    await world.ports.lanes.write(
      adLane,
      recent.map((one) => ({ minute: world.clock.now().toISOString(), ...one })),
    );
    await approvedCases(world, 3);
    await world.apply(adLane);
    return world;
  };

  test.each<[string, Partial<World['limits']>, { done: number; refused: number }[]]>([
    ['the kill switch', { killSwitch: true }, []],
    ['quiet hours', { quietHours: { from: '11:00', to: '13:00', zone: 'UTC' } }, []],
    ['the cap of an hour', { mostChangesPerHour: 10 }, [{ done: 10, refused: 0 }]],
    ['the breaker', {}, [{ done: 5, refused: 15 }]],
  ])('by %s writes nothing; the work stays approved and the lane is looked at again', async (_why, limits, recent) => {
    const world = await held(limits, recent);
    expect(world.directories.batches).toEqual([]);
    expect(world.cases().every((subject) => subject.state === 'Approved')).toBe(true);
    expect(world.messages.sent).toMatchObject([{ queue: 'apply', sessionId: adLane }]);
  });

  test('by the cap of a run goes on in the next run', async () => {
    const world = await held({ mostChangesPerRun: 2 });
    expect(world.directories.written).toHaveLength(2);
    await world.live(120);
    expect(world.directories.written).toHaveLength(3);
  });

  test('however often it is woken meanwhile, has one wake under way', async () => {
    const world = await held({ killSwitch: true });
    for (let wakes = 0; wakes < 10; wakes++) {
      world.pass(20);
      await world.apply(adLane);
    }
    expect(world.messages.sent).toHaveLength(1);
  });

  test('refusals open the breaker in the middle of a lane', async () => {
    const world = new World();
    await approvedCases(world, 60);
    world.directories.answer = () => ({ outcome: 'Refused', code: 'Constraint', message: 'no' });
    await world.apply(adLane);
    expect(world.cases().filter((subject) => subject.state === 'Failed')).toHaveLength(20);
    expect(world.cases().filter((subject) => subject.state === 'Approved')).toHaveLength(40);
  });
});

test('a run hands over to its successor after four minutes', async () => {
  const world = new World();
  await approvedCases(world, 100);
  world.directories.answer = () => {
    world.pass(8);
    return undefined;
  };
  await world.apply(adLane);
  expect(world.directories.written.length).toBeGreaterThanOrEqual(30);
  expect(world.directories.written.length).toBeLessThan(60);
  expect(world.messages.sent.filter((message) => message.queue === 'apply')).toHaveLength(1);
  await world.live(3600);
  expect(world.directories.written).toHaveLength(100);
});

test('each lane does its own work only', async () => {
  const world = new World();
  world.directories.clouds.push(cloudUser({ id: guid(1), userPrincipalName: 'anna.berg@contoso.com' }));
  const inEntra = await approvedCase(world, 5, fixOf([claim()]));
  const inAd = await approvedCase(world, 0);
  await world.apply(adLane);
  expect([world.case(inAd).state, world.case(inEntra).state]).toEqual(['Applied', 'Approved']);
  await world.apply(entraLane);
  expect(world.case(inEntra).state).toBe('Applied');
});

test('one stage in two lanes: what is put off in one is not written through the other', async () => {
  const world = new World();
  world.directories.clouds.push(cloudUser({ id: guid(1), userPrincipalName: 'anna.berg@contoso.com' }));
  world.directories.ads = [];
  const fix = fixOf([giveUp(0), claim({ stage: 'release' }), giveUp(1)]);
  const id = await approvedCase(world, 0, fix);
  await approvedCase(world, 1);
  world.directories.answer = ({ change }) =>
    change.objectId === guid(1) && change.target !== 'entra' ? throttled(5) : undefined;
  await world.apply(adLane);
  world.pass(60);
  await world.apply(entraLane);
  expect(world.directories.batches.at(-1)?.map(({ change, begun }) => [change.target, begun])).toEqual([
    ['entra', false],
  ]);
  world.directories.answer = () => undefined;
  await world.apply(adLane);
  expect(world.case(id).state).toBe('Applied');
  expect(world.directories.ad(guid(0)).proxyAddresses).not.toContain(address(0));
});

test('an approval that ran out before its turn is not carried out', async () => {
  const world = new World();
  const [id = ''] = await approvedCases(world, 1);
  world.pass(30 * 24 * 3600);
  await world.apply(adLane);
  expect(world.case(id).state).toBe('Expired');
  expect(world.directories.batches).toEqual([]);
});

test('an hour of outage delays everything and loses nothing', async () => {
  const world = new World();
  await approvedCases(world, 30);
  world.directories.answer = () => ({ outcome: 'TryAgain', message: 'HTTP 503.' });
  await world.apply(adLane);
  await world.live(3600);
  expect(world.cases().every((subject) => subject.state === 'Approved')).toBe(true);
  world.directories.answer = () => undefined;
  await world.live(1800);
  expect(world.cases().every((subject) => subject.state === 'Applied')).toBe(true);
  expect(world.directories.written).toHaveLength(30);
});
