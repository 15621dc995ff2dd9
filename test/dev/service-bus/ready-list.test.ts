import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadyList } from '../../../dev/service-bus/ready-list.ts';

interface Numbered {
  readonly sequenceNumber: number;
}

function drain(list: ReadyList<Numbered>): number[] {
  const numbers: number[] = [];
  for (let next = list.shift(); next; next = list.shift()) numbers.push(next.sequenceNumber);
  return numbers;
}

describe('a ready list', () => {
  it('yields its items by number, whatever was taken, put back or removed before', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('append' as const) }),
      fc.record({ kind: fc.constant('take' as const) }),
      fc.record({ kind: fc.constant('putBack' as const) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const list = new ReadyList<Numbered>();
        const expected: Numbered[] = [];
        const taken: Numbered[] = [];
        let last = 0;
        for (const step of actions) {
          if (step.kind === 'append') {
            const item = { sequenceNumber: ++last };
            list.insert(item);
            expected.push(item);
          } else if (step.kind === 'take') {
            const item = list.shift();
            expect(item).toBe(expected.shift());
            if (item) taken.push(item);
          } else if (step.kind === 'putBack') {
            const item = taken.shift();
            if (item) list.insert(item);
            if (item) expected.push(item);
            expected.sort((a, b) => a.sequenceNumber - b.sequenceNumber);
          } else {
            const [item] = expected.splice(step.at, 1);
            if (item) list.remove(item);
          }
          expect(list.size).toBe(expected.length);
        }
        expect(drain(list)).toEqual(expected.map(({ sequenceNumber }) => sequenceNumber));
      }),
    );
  });

  it('keeps its order over thousands of items, which it forgets as they are taken', () => {
    const list = new ReadyList<Numbered>();
    for (let sequenceNumber = 1; sequenceNumber <= 5_000; sequenceNumber++) list.insert({ sequenceNumber });
    const first = Array.from({ length: 4_000 }, () => list.shift()?.sequenceNumber);
    list.insert({ sequenceNumber: 3_999 });
    expect(first).toEqual(Array.from({ length: 4_000 }, (_, index) => index + 1));
    expect(drain(list).slice(0, 2)).toEqual([3_999, 4_001]);
  });

  it('is not disturbed by the removal of what it does not hold', () => {
    const list = new ReadyList<Numbered>();
    list.insert({ sequenceNumber: 1 });
    list.remove({ sequenceNumber: 1 });
    list.remove({ sequenceNumber: 2 });
    expect(drain(list)).toEqual([1]);
  });
});
