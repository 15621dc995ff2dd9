import { expect, it } from 'vitest';
import { oneAtATime } from '../../../dev/functions-host/message-processing.ts';

it('settlements asked for in one tick leave one after another, each in a tick of its own', async () => {
  const settle = oneAtATime();
  const events: string[] = [];
  const settlement = (name: string) => async () => {
    events.push(name);
    setImmediate(() => events.push('tick'));
  };
  await Promise.all(['complete', 'abandon', 'complete'].map((name) => settle(settlement(name))));
  expect(events).toEqual(['complete', 'tick', 'abandon', 'tick', 'complete']);
});

it('a settlement that fails tells its caller and does not hold up the next one', async () => {
  const settle = oneAtATime();
  const failing = settle(async () => {
    throw new Error('lock lost');
  });
  const next = settle(async () => undefined);
  await expect(failing).rejects.toThrow('lock lost');
  await expect(next).resolves.toBeUndefined();
});
