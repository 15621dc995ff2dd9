import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type SealedEvent, verifyChain } from '../../src/domain/audit-chain.ts';
import type { Case } from '../../src/domain/case.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { recordedEvent } from '../../src/domain/recorded-event.ts';

/*
 * Cases as version 1 stored them. They are never written anew: whoever changes an event or `evolve` has to read these.
 */
const stored = JSON.parse(readFileSync(new URL('case-v1.json', import.meta.url), 'utf8')) as {
  events: SealedEvent[];
  states: string[];
  folded: Partial<Case>;
};

test('events of version 1 are still understood', () => {
  for (const { salt: _s, dataHash: _d, previousHash: _p, ...recorded } of stored.events)
    expect(recordedEvent.parse(recorded)).toEqual(recorded);
});

test('their chain still holds', () => {
  expect(verifyChain(stored.events)).toEqual([]);
});

test('they still lead to the same case', () => {
  let subject: Case | undefined;
  const states = stored.events.map((event) => {
    subject = evolve(subject, event);
    return subject.state;
  });
  expect(states).toEqual(stored.states);
  expect(subject).toMatchObject(stored.folded);
});
