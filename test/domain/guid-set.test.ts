import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuidSet } from '../../src/domain/guid-set.ts';

const zero = '00000000-0000-0000-0000-000000000000';

it('knows what was added, whatever its case, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid()), fc.uuid(), (guids, other) => {
      const set = new GuidSet();
      const fresh = guids.map((guid) => set.add(guid));
      expect(fresh).toEqual(guids.map((guid, index) => guids.indexOf(guid) === index));
      for (const guid of guids) expect(set.has(guid.toUpperCase())).toBe(true);
      expect(set.has(other)).toBe(guids.includes(other));
      expect(set.size).toBe(new Set(guids).size);
    }),
  );
});

it('grows over many that differ in their last or first digits alone', () => {
  const guids = Array.from({ length: 20_000 }, (_, index) => {
    const digits = index.toString(16).padStart(8, '0');
    return index % 2 === 0 ? `00000000-0000-0000-0000-0000${digits}` : `${digits}-0000-0000-0000-000000000000`;
  });
  const set = new GuidSet();
  for (const guid of guids) expect(set.add(guid)).toBe(true);
  expect(guids.every((guid) => set.has(guid))).toBe(true);
  expect(set.size).toBe(20_000);
});

it('takes the GUID of zeros like any other', () => {
  const set = new GuidSet();
  expect([set.has(zero), set.add(zero), set.add(zero), set.has(zero), set.size]).toEqual([false, true, false, true, 1]);
});

it('refuses what is no GUID', () => {
  expect(() => new GuidSet().add('nonsense')).toThrow(RangeError);
});
