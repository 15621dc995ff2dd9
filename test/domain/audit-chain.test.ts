import { describe, expect, test } from 'vitest';
import { chainStart, eventHash, type SealedEvent, seal, verifyChain } from '../../src/domain/audit-chain.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { RecordedEvent } from '../../src/domain/recorded-event.ts';
import { type ways as allWays, anApprover, at, ways } from './case-builder.ts';

/** The sealed events of a case that went a way, as a store would hold them. */
function sealedWay(state: keyof typeof allWays): SealedEvent[] {
  const sealed: SealedEvent[] = [];
  let subject: ReturnType<typeof evolve> | undefined;
  for (const command of ways[state]) {
    const decision = decide(command, subject, anApprover);
    for (const event of 'events' in decision ? decision.events : []) {
      const happening = { sequence: sealed.length, at: at(sealed.length), by: anApprover, type: event.type, event };
      subject = evolve(subject, happening);
      const recorded: RecordedEvent = { v: 1, ...happening, state: subject.state };
      const last = sealed.at(-1);
      sealed.push(seal(recorded, last ? eventHash(last) : chainStart, `salt-${sealed.length}`));
    }
  }
  return sealed;
}

const chain = sealedWay('Undone');
const changed = (place: number, properties: Partial<SealedEvent>): SealedEvent[] =>
  chain.map((event, index) => (index === place ? { ...event, ...properties } : event));

test('the chain of an untouched case holds', () => {
  expect(chain.length).toBeGreaterThan(8);
  expect(verifyChain(chain)).toEqual([]);
});

describe('a field that was changed is named by its event', () => {
  test.each<[string, Partial<SealedEvent>, string[]]>([
    ['the time', { at: at(500) }, ['event 3 does not follow the event before it: one of the two was changed.']],
    [
      'the person',
      { by: { oid: 'someone-else' } },
      ['event 3 does not follow the event before it: one of the two was changed.'],
    ],
    ['the type', { type: 'Applied' }, ['event 3 does not follow the event before it: one of the two was changed.']],
    ['the state', { state: 'Resolved' }, ['event 3 does not follow the event before it: one of the two was changed.']],
    [
      'the data',
      { event: { type: 'Rejected', data: { reason: 'forged' } } },
      ['event 2: its data is not what was recorded.'],
    ],
    ['the salt', { salt: 'another' }, ['event 2: its data is not what was recorded.']],
    [
      'the hash of the data',
      { dataHash: 'f'.repeat(64) },
      [
        'event 2: its data is not what was recorded.',
        'event 3 does not follow the event before it: one of the two was changed.',
      ],
    ],
    [
      'the hash of the event before',
      { previousHash: 'f'.repeat(64) },
      [
        'event 2 does not follow the event before it: one of the two was changed.',
        'event 3 does not follow the event before it: one of the two was changed.',
      ],
    ],
    [
      'the number',
      { sequence: 9 },
      [
        'event 2 is missing or out of order (found 9).',
        'event 3 does not follow the event before it: one of the two was changed.',
      ],
    ],
  ])('%s', (_field, properties, breaks) => {
    expect(verifyChain(changed(2, properties))).toEqual(breaks);
  });

  test('an event that was taken out', () => {
    expect(verifyChain(chain.filter((_event, place) => place !== 2))[0]).toBe(
      'event 2 is missing or out of order (found 3).',
    );
  });

  test('two events that changed places', () => {
    const [first, second, third, ...rest] = chain;
    if (!first || !second || !third) throw new Error('too short');
    expect(verifyChain([first, third, second, ...rest]).length).toBeGreaterThan(1);
  });
});

describe('erasing', () => {
  test('data together with its salt leaves the chain valid', () => {
    expect(verifyChain(changed(2, { event: null, salt: null }))).toEqual([]);
    expect(verifyChain(chain.map((event) => ({ ...event, event: null, salt: null })))).toEqual([]);
  });

  test('only one of the two is half an erasure', () => {
    expect(verifyChain(changed(2, { event: null }))).toEqual(['event 2 is half erased.']);
    expect(verifyChain(changed(2, { salt: null }))).toEqual(['event 2 is half erased.']);
  });
});

test('equal data under another salt has another hash, so that erased data cannot be guessed', () => {
  const [first] = chain;
  if (!first) throw new Error('no events');
  const { salt: _s, dataHash: _d, previousHash: _p, ...recorded } = first;
  expect(seal(recorded, chainStart, 'a').dataHash).not.toBe(seal(recorded, chainStart, 'b').dataHash);
});
