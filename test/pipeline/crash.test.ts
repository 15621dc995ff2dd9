import { expect, test } from 'vitest';
import { annaAndBo, annasError, type World } from './world.ts';

class Crash extends Error {}

/** Ends the process at the n-th call of a port: before the call, or after it had its effect and before its answer came. */
class CrashPoint {
  calls = 0;
  readonly #at: number;
  readonly #after: boolean;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  wrap<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          this.calls += 1;
          const dies = this.calls === this.#at;
          if (dies && !this.#after) throw new Crash();
          const answer: unknown = await member.apply(target, given);
          if (dies) throw new Crash();
          return answer;
        };
      },
    });
  }
}

/** The world with every port that keeps or changes something behind the crash point; what is stored survives. */
function fragile(world: World, point: CrashPoint): void {
  Object.assign(world.ports, {
    store: point.wrap(world.store),
    messages: point.wrap(world.messages),
    leases: point.wrap(world.ports.leases),
    lanes: point.wrap(world.ports.lanes),
    evidence: point.wrap(world.ports.evidence),
    directory: point.wrap(world.ports.directory),
    target: () => point.wrap(world.directories.target),
  });
}

/** Detect, diagnose, approve, apply, verify, with a message that comes back and a sweep now and then, as in a live app. */
async function wholeLife(world: World): Promise<void> {
  const surviving = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (cause) {
      if (!(cause instanceof Crash)) throw cause;
    }
  };
  const deliver = async (): Promise<void> => {
    for (
      let due = world.messages.takeDue(world.clock.now());
      due.length > 0;
      due = world.messages.takeDue(world.clock.now())
    )
      for (const message of due)
        await surviving(async () => {
          try {
            await world.handle(message);
          } catch (cause) {
            // The lock runs out and the broker delivers the message again.
            world.messages.sent.push(message);
            throw cause;
          }
        });
  };
  const isOver = () => world.cases()[0]?.state === 'Resolved' && world.store.promises.size === 0;
  for (let round = 0; round < 60 && !isOver(); round++) {
    world.pass(240);
    const subject = world.cases()[0];
    if (round % 3 === 0 && (subject === undefined || subject.state !== 'Resolved'))
      await surviving(() => world.detect(subject?.state === 'Applied' ? [] : [annasError]));
    await deliver();
    const waiting = world.cases().find((one) => one.state === 'NeedsPerson');
    if (waiting) await surviving(() => world.approve(waiting));
    await deliver();
    if (world.directories.written.length > 0) {
      world.directories.cycle(world.clock.now());
      world.directories.release();
    }
    await surviving(() => world.sweep());
    await deliver();
  }
}

async function lifeWith(point: CrashPoint): Promise<World> {
  const world = annaAndBo();
  Object.assign(world.proof, { releaseIntervalSeconds: 600 });
  fragile(world, point);
  await wholeLife(world);
  return world;
}

test('a crash at any call of any port leaves one write, one record, and every message sent', async () => {
  const never = new CrashPoint(0, false);
  await lifeWith(never);
  const points = Array.from({ length: never.calls }, (_, place) => place + 1);
  // More points than these and the story is not the one that was meant; fewer and it has not run.
  expect(points.length).toBeGreaterThan(80);
  const broken: unknown[] = [];
  for (const at of points) {
    for (const after of [false, true]) {
      const world = await lifeWith(new CrashPoint(at, after));
      const [subject, ...others] = world.cases();
      const result = {
        cases: others.length + (subject ? 1 : 0),
        state: subject?.state,
        written: world.directories.written.length,
        records: subject?.events.filter((event) => event.type === 'Applied').length,
        promised: world.store.promises.size,
        sequence: subject?.events.every((event, place) => event.sequence === place),
      };
      const whole = { cases: 1, state: 'Resolved', written: 1, records: 1, promised: 0, sequence: true };
      if (JSON.stringify(result) !== JSON.stringify(whole)) broken.push({ at, after, ...result });
    }
  }
  expect(broken).toEqual([]);
}, 60_000);
