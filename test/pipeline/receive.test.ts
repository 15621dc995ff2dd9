import { describe, expect, test } from 'vitest';
import { receive } from '../../src/pipeline/receive.ts';
import { caseMessage, laneMessage, wakeCase, wakeLane } from '../../src/pipeline/wake.ts';
import { StoreUnavailable } from '../../src/ports.ts';
import { caseIn } from '../domain/case-builder.ts';
import { World } from './world.ts';

const good = { v: 1, tenant: 'tenant', case: 'a'.repeat(32), sequence: 3, attempt: 0 };
const unavailable = async (): Promise<void> => {
  throw new StoreUnavailable('the table store answered 503');
};

function take(world: World, body: unknown, handle: () => Promise<void> = async () => undefined) {
  return receive(world.ports, 'diagnose', caseMessage, body, handle, (message, later) => ({
    queue: 'diagnose',
    id: `${message.case}.${message.sequence}.${message.attempt + 1}`,
    notBefore: later(message.attempt),
    body: { ...message, attempt: message.attempt + 1 },
  }));
}

describe('a malformed message', () => {
  test.each<[string, unknown, string]>([
    ['of another version', { ...good, v: 2 }, 'v'],
    ['without a case', { ...good, case: undefined }, 'case'],
    ['with a case that is no id', { ...good, case: "x' or 1 eq 1" }, 'case'],
    ['with a negative sequence', { ...good, sequence: -1 }, 'sequence'],
    ['with a field too many', { ...good, deliveryCount: 99 }, '(body)'],
    ['that is text', 'hello', '(body)'],
    ['that is empty', null, '(body)'],
    ['that is missing', undefined, '(body)'],
    ['of another tenant', { ...good, tenant: 'another' }, 'tenant'],
  ])('%s goes to rejected with the field', async (_story, body, field) => {
    const world = new World();
    let handled = false;
    const answer = take(world, body, async () => {
      handled = true;
    });
    expect(await answer).toBe('rejected');
    expect(handled).toBe(false);
    expect(world.messages.sent).toMatchObject([
      { queue: 'rejected', body: { v: 1, queue: 'diagnose', received: body ?? null }, properties: { field } },
    ]);
    expect(world.messages.sent[0]?.properties?.['reason']).not.toBe('');
  });

  test('and another of the same millisecond are both kept', async () => {
    const world = new World();
    await take(world, { v: 2 });
    await take(world, { v: 3 });
    expect(world.messages.sent).toHaveLength(2);
  });

  test('goes back to the broker when it cannot be put aside', async () => {
    const world = new World();
    world.messages.available = false;
    await expect(take(world, 'hello')).rejects.toThrow('could not be put aside');
  });
});

describe('when the store is out of reach', () => {
  test('the successor of the message is scheduled: the host would deliver it again at once', async () => {
    const world = new World();
    expect(await take(world, good, unavailable)).toBe('putOff');
    const [successor] = world.messages.sent;
    expect(successor).toMatchObject({ queue: 'diagnose', body: { ...good, attempt: 1 } });
    const wait = (successor?.notBefore?.getTime() ?? 0) - world.clock.now().getTime();
    expect(wait).toBeGreaterThan(10_000);
    expect(wait).toBeLessThanOrEqual(15_000);
  });

  test('and the broker too, the message goes back', async () => {
    const world = new World();
    world.messages.available = false;
    await expect(take(world, good, unavailable)).rejects.toThrow(StoreUnavailable);
  });
});

test('a bug is thrown, not put off', async () => {
  const world = new World();
  const bug = async (): Promise<void> => {
    throw new TypeError('a bug');
  };
  await expect(take(world, good, bug)).rejects.toThrow('a bug');
  expect(world.messages.sent).toEqual([]);
});

describe('no message that is sent', () => {
  const forbidden = ['messageId', 'deliveryCount', 'sessionId', 'enqueuedTimeUtc', 'correlationId', 'subject', 'to'];
  const names = (body: object): string[] => Object.keys(body).map((name) => name.toLowerCase());

  test.each([
    ['for a case', wakeCase('verify', caseIn('Applied'), 60_000, 2)],
    ['for a lane', wakeLane('tenant', 'ad:contoso.com', new Date())],
  ])('%s has a name in its body that the host would take for its own', (_story, { body }) => {
    expect(names(body).filter((name) => forbidden.map((one) => one.toLowerCase()).includes(name))).toEqual([]);
  });

  test('is refused by its own schema', () => {
    const { body } = wakeCase('verify', caseIn('Applied'), 60_000, 2);
    expect(caseMessage.parse(body)).toEqual(body);
    expect(laneMessage.parse(wakeLane('tenant', 'ad:contoso.com', new Date()).body)).toBeDefined();
  });
});

test('wakes of one lane within a second are one message, delivered when the next second begins', () => {
  const at = (text: string) => wakeLane('tenant', 'entra:tenant', new Date(`2026-11-22T12:00:${text}Z`));
  expect(at('10.001').id).toBe(at('10.998').id);
  expect(at('10.500').notBefore?.toISOString()).toBe('2026-11-22T12:00:11.000Z');
  expect(at('11.000').id).not.toBe(at('10.500').id);
});
