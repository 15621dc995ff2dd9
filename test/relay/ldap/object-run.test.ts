import { describe, expect, it } from 'vitest';
import {
  firstWindow,
  narrowed,
  type ObjectRun,
  type PresentState,
  planRun,
  type UsnWindow,
  windowAfter,
} from '../../../src/relay/ldap/object-run.ts';
import type { ObjectsCheckpoint } from '../../../src/relay-contract.ts';

const present: PresentState = {
  dnsName: 'dc1.contoso.com',
  invocationId: 'one',
  highestCommittedUsn: 900n,
  deletedHidden: null,
  now: new Date('2026-11-25T12:00:00Z'),
};
const read: ObjectsCheckpoint = {
  forest: 'contoso.com',
  domain: 'contoso.com',
  domainController: 'DC1.contoso.com',
  invocationId: 'one',
  mode: 'changes',
  next: '701',
  until: null,
  at: '2026-11-24T12:00:00.000Z',
};

describe('what is read', () => {
  it('is everything the first time, without a reason', () => {
    expect(planRun(null, present)).toEqual({
      mode: 'full',
      next: 0n,
      until: 900n,
      at: '2026-11-25T12:00:00.000Z',
      narrowest: 50_000n,
    });
  });

  it('is what has changed since a finished run', () => {
    expect(planRun(read, present)).toEqual({
      mode: 'changes',
      next: 701n,
      until: 900n,
      at: '2026-11-25T12:00:00.000Z',
      narrowest: 50_000n,
    });
  });

  it('is nothing but what is still to come when nothing has changed', () => {
    expect(planRun({ ...read, next: '901' }, present)).toMatchObject({ mode: 'changes', next: 901n, until: 900n });
  });

  it.each(['full', 'changes'] as const)(
    'is the rest of a %s run that was cut, up to where that one had to go',
    (mode) => {
      const cut: ObjectsCheckpoint = { ...read, mode, next: '500', until: '800' };
      expect(planRun(cut, present)).toEqual({ mode, next: 500n, until: 800n, at: cut.at, narrowest: 50_000n });
    },
  );

  it.each([
    ['another controller is read', {}, { dnsName: 'dc2.contoso.com' }, 'dc2.contoso.com is read now'],
    ['the database was restored', {}, { invocationId: 'two' }, 'was one and is two'],
    ['the sequence has gone back', {}, { highestCommittedUsn: 699n }, 'back to update 699; update 700 was'],
    ['a cut run had to go further', { next: '5', until: '901' }, {}, 'update 901 was'],
    ['it is too long ago', { at: '2026-09-20T00:00:00.000Z' }, {}, '60 days'],
    ['deletions are hidden', {}, { deletedHidden: 'no rights' }, 'no rights'],
  ])('is everything when %s, and says why', (_why, from, now, because) => {
    const run = planRun({ ...read, ...from }, { ...present, ...now });
    expect(run).toMatchObject({ mode: 'full', next: 0n, because: expect.stringContaining(because) });
  });

  it('does not need deletions for the rest of a full run', () => {
    const cut: ObjectsCheckpoint = { ...read, mode: 'full', until: '800' };
    expect(planRun(cut, { ...present, deletedHidden: 'no rights' })).toMatchObject({ mode: 'full', next: 701n });
  });
});

describe('windows', () => {
  const run = (next: bigint, until: bigint): ObjectRun => ({ mode: 'full', at: '', next, until, narrowest: 50_000n });

  /** Every window that is read, when one is narrowed as long as it holds more than a page. */
  function windows(whole: ObjectRun, count: (window: UsnWindow) => number): UsnWindow[] {
    const all: UsnWindow[] = [];
    for (let window: UsnWindow | null = firstWindow(whole); window !== null; ) {
      const narrower: UsnWindow | null = count(window) >= 500 ? narrowed(whole, window) : null;
      if (narrower !== null) {
        window = narrower;
        continue;
      }
      all.push(window);
      window = windowAfter(whole, window, count(window));
    }
    return all;
  }

  it.each([0, 400, 5_000, 1_000_000])('follow each other without gap or overlap (%d objects in each)', (found) => {
    const all = windows(run(7n, 3_000_000n), () => found);
    expect(all[0]?.first).toBe(7n);
    for (const [index, { first }] of all.entries())
      if (index > 0) expect(first).toBe((all[index - 1]?.last ?? 0n) + 1n);
    for (const { last } of all.slice(0, -1)) expect(last).toBeLessThan(3_000_000n);
  });

  it('have no bound in the end, for what changes meanwhile', () => {
    expect(windows(run(7n, 3_000_000n), () => 0).at(-1)?.last).toBeNull();
    expect(windows(run(0n, 900n), () => 600)).toEqual([{ first: 0n, last: null }]);
    expect(windows(run(901n, 900n), () => 0)).toEqual([{ first: 901n, last: null }]);
  });

  it('pass what an old controller has forgotten in few steps, and never hold many objects', () => {
    const [dense, until] = [1_999_000_000n, 2_000_000_000n];
    const count = ({ last, first }: UsnWindow) =>
      Math.max(0, Number((last ?? until) - (first > dense ? first - 1n : dense)));
    const all = windows(run(0n, until), count);
    expect(all.length).toBeLessThan(80);
    expect(Math.max(...all.map(count))).toBeLessThanOrEqual(50_000);
  });
});
