import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClaimHash, hashBytes, hashFolded, hashText } from '../../src/audit/claim-hash.ts';
import { ClaimTable, comparedAs, mostClaimants } from '../../src/audit/claim-table.ts';
import { DeferredClaims } from '../../src/audit/deferred-claims.ts';

test('the first claimant of a value is remembered, each later one is told of it', () => {
  const table = new ClaimTable();
  expect(table.claim(0, 'anna@contoso.com', 7)).toBe(-1);
  expect(table.claim(0, 'anna@contoso.com', 9)).toBe(7);
  expect(table.claim(0, 'anna@contoso.com', 7)).toBe(7);
  expect(table.find(0, 'anna@contoso.com')).toBe(7);
  expect(table.size).toBe(1);
});

test('one value in two spaces is two values', () => {
  const table = new ClaimTable();
  table.claim(0, 'anna', 1);
  expect(table.find(1, 'anna')).toBe(-1);
  expect(table.claim(1, 'anna', 2)).toBe(-1);
});

test('an empty table holds nothing, not even the empty text', () => {
  expect(new ClaimTable().find(0, '')).toBe(-1);
});

test('the first object of all can be the claimant', () => {
  const table = new ClaimTable();
  table.claim(0, 'anna', 0);
  expect(table.find(0, 'anna')).toBe(0);
});

test('more objects than a table can tell apart are refused, with their number', () => {
  expect(() => new ClaimTable().claim(0, 'anna', mostClaimants)).toThrow(`${mostClaimants} objects`);
});

test('a table answers as a Map does, however it has grown', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.string({ maxLength: 3 })), { maxLength: 500 }),
      (seed, claims) => {
        const table = new ClaimTable(seed);
        const map = new Map<string, number>();
        claims.forEach(([space, value], ordinal) => {
          const key = `${space} ${value}`;
          expect(table.claim(space, value, ordinal)).toBe(map.get(key) ?? -1);
          if (!map.has(key)) map.set(key, ordinal);
        });
        for (const [space, value] of claims) expect(table.find(space, value)).toBe(map.get(`${space} ${value}`));
        expect(table.size).toBe(map.size);
      },
    ),
  );
});

const structured = (count: number): string[] =>
  Array.from({ length: count }, (_, number) => `user${String(number).padStart(6, '0')}@contoso.com`);

test('300,000 values that differ in digits alone are told apart, in ten to twelve bytes each', () => {
  const table = new ClaimTable(4711);
  const values = structured(300_000);
  const taken = values.filter((value, ordinal) => table.claim(0, value, ordinal) >= 0);
  expect(taken).toEqual([]);
  expect(values.every((value, ordinal) => table.find(0, value) === ordinal)).toBe(true);
  expect(table.octets / values.length).toBeLessThan(13);
});

test('values that nobody claims are not found among them', () => {
  const table = new ClaimTable(4711);
  structured(100_000).forEach((value, ordinal) => {
    table.claim(0, value, ordinal);
  });
  expect(structured(100_000).filter((value) => table.find(0, `x${value}`) >= 0)).toEqual([]);
});

test('both halves of the hash spread structured values evenly, in every bit', () => {
  const values = structured(65_536);
  const hashes = values.map((value) => hashOf(value));
  for (const half of ['high', 'low'] as const) {
    for (let bit = 0; bit < 32; bit++) {
      const set = hashes.filter((hash) => (hash[half] >>> bit) & 1).length;
      expect(Math.abs(set / values.length - 0.5), `${half} bit ${bit}`).toBeLessThan(0.02);
    }
  }
});

test('32 bits alone collide about as often as chance has it', () => {
  const values = structured(200_000);
  for (const half of ['high', 'low'] as const) {
    const different = new Set(values.map((value) => hashOf(value)[half])).size;
    // Of 200,000 values in 2^32 places, 4.7 are expected to fall upon another; more than 20 would be no chance.
    expect(values.length - different, half).toBeLessThan(20);
  }
});

test('another seed is another hash', () => {
  expect(hashOf('anna@contoso.com', 1)).not.toEqual(hashOf('anna@contoso.com', 2));
});

test('bytes, text, and text in another case have one hash', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        const lower = text.toLowerCase();
        const bytes = new TextEncoder().encode(`..${lower}`);
        const ofBytes: ClaimHash = { high: 0, low: 0 };
        hashBytes(ofBytes, 5, 1, bytes, 2, bytes.length);
        const folded: ClaimHash = { high: 0, low: 0 };
        expect(hashFolded(folded, 5, 1, `SMTP:${text}`, 5)).toBe(true);
        expect(ofBytes).toEqual(hashOf(lower, 5, 1));
        expect(folded).toEqual(hashOf(lower, 5, 1));
      },
    ),
  );
});

test('any text is found by the form in which it is compared', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const table = new ClaimTable();
      table.claimHash(table.hashOfText(0, `SMTP:${text}`, 5), 3);
      expect(table.find(0, comparedAs(text))).toBe(3);
    }),
  );
});

test('claims that are entered later tell the same as those that are entered at once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 2_000 }), (numbers) => {
      const atOnce = new ClaimTable(1);
      const later = new ClaimTable(1);
      const expected: string[] = [];
      const told: string[] = [];
      const deferred = new DeferredClaims(later, (_, first, ordinal) => told.push(`${first} ${ordinal}`));
      numbers.forEach((number, ordinal) => {
        const first = atOnce.claim(0, `v${number}`, ordinal);
        if (first >= 0) expected.push(`${first} ${ordinal}`);
        deferred.claim(later.hashOf(0, `v${number}`), ordinal);
      });
      deferred.settle();
      expect(told.sort()).toEqual(expected.sort());
      expect(numbers.every((number) => later.find(0, `v${number}`) === atOnce.find(0, `v${number}`))).toBe(true);
    }),
  );
});

function hashOf(value: string, seed = 0, space = 0): ClaimHash {
  const hash: ClaimHash = { high: 0, low: 0 };
  hashText(hash, seed, space, value);
  return hash;
}
