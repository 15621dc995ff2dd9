import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import type { ClaimHash } from '../../src/audit/claim-hash.ts';
import { ClaimTable } from '../../src/audit/claim-table.ts';
import type { Finding } from '../../src/audit/finding.ts';
import { entraRules } from '../../src/audit/index.ts';
import { audit, contoso } from './organisation.ts';

/*
 * The audit held against one that keeps every value in a Map, on small random directories that share much.
 */

const address = fc.constantFrom(
  'a@contoso.com',
  'A@contoso.com',
  'b@contoso.com',
  'é@contoso.com',
  'É@contoso.com ',
  'c@fabrikam.com',
);
const proxyAddress = fc
  .tuple(fc.constantFrom('SMTP:', 'smtp:', 'sip:', 'SIP:', 'x500:', 'X.500:', ''), address)
  .map(([prefix, value]) => `${prefix}${value}`);
const guid = fc.integer({ min: 0, max: 30 }).map((n) => `00112233-4455-6677-8899-${String(n).padStart(12, '0')}`);
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });

const onPremises = fc
  .record({
    forest: fc.constantFrom('contoso.com', 'fabrikam.com'),
    kind: fc.constantFrom('user', 'contact', 'group'),
    displayName: fc.constantFrom('Anna', 'Bert', 'Carl'),
    distinguishedName: fc.uuid().map((name) => `CN=${name},DC=contoso,DC=com`),
    objectGUID: optional(guid),
    userPrincipalName: optional(address),
    mail: optional(address),
    mailNickname: optional(fc.constantFrom('info', 'INFO', 'sales')),
    targetAddress: optional(proxyAddress),
    proxyAddresses: fc.array(proxyAddress, { maxLength: 4 }),
    isCriticalSystemObject: fc.option(fc.constant(true), { nil: undefined, freq: 6 }),
  })
  .map(({ forest, kind, ...values }): AuditObject => {
    const present = Object.entries(values).filter(([, value]) => value !== undefined);
    return {
      ...(Object.fromEntries(present) as unknown as AuditObject),
      origin: { side: 'active-directory', forest },
      objectClass: ['top', kind],
    };
  });

const inEntra = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom('cloud-only', 'guest', 'synchronised', 'soft-deleted'),
    objectClass: fc.constantFrom(['user'], ['group'], ['contact']),
    displayName: fc.constantFrom('Anna', 'Bert', 'Carl'),
    userPrincipalName: address,
    proxyAddresses: fc.array(proxyAddress, { maxLength: 3 }),
  })
  .map(({ id, kind, ...values }): AuditObject => ({ ...values, origin: { side: 'entra', id, kind } }));

/** What the values of an object claim, written anew. */
function plainClaims(object: AuditObject): Set<string> {
  const folded = (text: string): string => text.trim().toLowerCase();
  const claims = new Set<string>();
  for (const value of [object.userPrincipalName, object.mail]) if (value) claims.add(`address ${folded(value)}`);
  for (const value of [...object.proxyAddresses, object.targetAddress ?? '']) {
    const [, prefix = 'smtp', rest = ''] = /^(?:([a-z0-9.]+):)?(.*)$/is.exec(value.trim()) ?? [];
    const kind = folded(prefix).replaceAll('.', '');
    if (rest.trim() !== '') claims.add(kind === 'smtp' ? `address ${folded(rest)}` : `${kind} ${folded(rest)}`);
  }
  if (object.mailNickname) claims.add(`alias ${folded(object.mailNickname)}`);
  if (object.objectGUID) claims.add(`anchor ${object.objectGUID}`);
  return claims;
}

/** Of each value with several holders, how many there are; an object that was read twice counts once. */
function plainGroups(objects: readonly AuditObject[]): string[] {
  const holders = new Map<string, Set<string>>();
  objects.forEach((object, index) => {
    for (const claim of plainClaims(object)) {
      const all = holders.get(claim) ?? new Set();
      holders.set(claim, all.add(object.objectGUID ?? `without GUID, number ${index}`));
    }
  });
  return [...holders].filter(([, all]) => all.size > 1).map(([claim, all]) => `${claim.split(' ')[0]}: ${all.size}`);
}

/** What joined objects have in common is one finding of several values: those that its first holder has. */
function foundGroups(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ holders = [] }) => {
    const [first] = holders;
    const values = (first?.inputs ?? []).map(({ attribute, value }) => claimOfInput(attribute, value));
    return [...new Set(values)].map((claim) => `${claim.split(' ')[0]}: ${holders.length}`);
  });
}

function claimOfInput(attribute: string, value: string): string {
  if (attribute === 'objectGUID') return `anchor ${value}`;
  const alone = { objectClass: [], proxyAddresses: attribute === 'proxyAddresses' ? [value] : [] };
  const [claim = ''] = plainClaims(attribute === 'proxyAddresses' ? alone : { ...alone, [attribute]: value });
  return claim;
}

/** Objects with a GUID that was there before are the same object, as it is. */
const distinct = (objects: readonly AuditObject[]): AuditObject[] =>
  objects.filter(
    ({ objectGUID }, index) =>
      objectGUID === undefined || objects.findIndex((other) => other.objectGUID === objectGUID) === index,
  );

test('the groups are those that a Map of all values finds', () => {
  fc.assert(
    fc.property(fc.array(onPremises, { maxLength: 12 }).map(distinct), (objects) => {
      expect(foundGroups(audit(objects)).sort()).toEqual(plainGroups(objects).sort());
    }),
    { numRuns: 200 },
  );
});

test('an object that comes again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(onPremises, { maxLength: 8 }).map(distinct), (objects) => {
      const known = objects.filter(({ objectGUID }) => objectGUID !== undefined);
      expect(audit([...objects, ...known], { rules: entraRules }).length).toBe(
        audit(objects, { rules: entraRules }).length,
      );
    }),
  );
});

/** Every value has one of eight hashes. */
class CollidingTable extends ClaimTable {
  override hashOf(space: number, value: string): ClaimHash {
    return coarse(super.hashOf(space, value));
  }
  override hashOfText(space: number, text: string, from: number): ClaimHash {
    return coarse(super.hashOfText(space, text, from));
  }
  override hashOfBytes(space: number, bytes: Uint8Array, start: number, end: number): ClaimHash {
    return coarse(super.hashOfBytes(space, bytes, start, end));
  }
}

function coarse(hash: ClaimHash): ClaimHash {
  hash.high = 0;
  hash.low &= 7;
  return hash;
}

test('values whose hashes collide are told apart before anything is reported', () => {
  const newTable = (seed: number): ClaimTable => new CollidingTable(seed);
  fc.assert(
    fc.property(fc.array(onPremises, { maxLength: 12 }).map(distinct), (objects) => {
      expect(audit(objects, { knowledge: { newTable } })).toEqual(audit(objects));
    }),
  );
});

test('with Entra objects too, a collision never makes a finding', () => {
  const newTable = (seed: number): ClaimTable => new CollidingTable(seed);
  fc.assert(
    fc.property(fc.array(fc.oneof(onPremises, inEntra), { maxLength: 10 }).map(distinct), (objects) => {
      const values = audit(objects).map(({ message }) => message.replace(/ (?:belongs|stands|of) .*/s, ''));
      for (const { message, rule } of audit(objects, { knowledge: { newTable } })) {
        if (rule !== 'WouldSoftMatch') expect(values).toContain(message.replace(/ (?:belongs|stands|of) .*/s, ''));
      }
    }),
  );
});

test('the order of reading does not matter to the groups', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.oneof(onPremises, inEntra), { maxLength: 10 })
        .map(distinct)
        .chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
        ),
      fc.constantFrom('none' as const, 'mail' as const),
      ([objects, shuffled], by) => {
        const settings = { matchOption: { by } };
        expect(asTexts(audit(shuffled, { settings }))).toEqual(asTexts(audit(objects, { settings })));
      },
    ),
    { numRuns: 150 },
  );
});

const asTexts = (findings: readonly Finding[]): string[] =>
  findings
    .map(({ rule, severity, holders = [] }) =>
      [rule, severity, ...holders.map(({ inputs, placed }) => JSON.stringify([inputs, placed])).sort()].join(' '),
    )
    .sort();

const faultyName = fc.constantFrom('a b', 'a', 'ä', 'a.', '.a', 'a..b', 'a,b', 'a\u200b');
const faulty = fc.record({
  displayName: fc.constantFrom('Anna', ' ', 'A'.repeat(300)),
  userPrincipalName: faultyName.map((name) => `${name}@contoso.com`),
  mail: faultyName.map((name) => `${name}@contoso.com`),
  mailNickname: faultyName,
  sAMAccountName: fc.constantFrom('anna', 'an na', 'an/na', 'a'.repeat(30)),
  proxyAddresses: fc.uniqueArray(
    fc.tuple(fc.constantFrom('SMTP:', 'smtp:'), faultyName).map(([prefix, name]) => `${prefix}${name}@contoso.com`),
    { maxLength: 3 },
  ),
});

test('a proposal passes every rule of its attribute, is held by nobody else, and is made once', () => {
  fc.assert(
    fc.property(fc.array(faulty, { maxLength: 6 }), (values) => {
      const objects = values.map(
        (one, index): AuditObject => ({
          ...one,
          objectClass: ['top', 'user'],
          objectGUID: `00112233-4455-6677-8899-${String(index).padStart(12, '0')}`,
          userAccountControl: 512,
        }),
      );
      const findings = audit(objects, { rules: entraRules }).filter(({ proposal }) => proposal !== undefined);
      const givenTo = new Map<string, string>();
      for (const { object, attribute, value, proposal = '' } of findings) {
        const index = objects.findIndex(({ objectGUID }) => objectGUID === object.objectGUID);
        const changed = withValue(objects[index] as AuditObject, attribute, value, proposal);
        for (const rule of entraRules.filter(({ meta }) => meta.attribute === attribute)) {
          if (rule.values(changed).includes(proposal)) expect(rule.check(proposal, changed, contoso)).toBeNull();
        }
        const claimed = plainClaims({
          objectClass: [],
          proxyAddresses: [],
          [attribute]: attribute === 'proxyAddresses' ? [proposal] : proposal,
        });
        for (const claim of claimed) {
          const others = objects.filter((_, other) => other !== index);
          expect(
            others.some((other) => plainClaims(other).has(claim)),
            `${claim} is free`,
          ).toBe(false);
          expect(givenTo.get(claim) ?? index.toString(), `${claim} is given once`).toBe(index.toString());
          givenTo.set(claim, index.toString());
        }
        if (attribute === 'sAMAccountName')
          expect(objects.some((other) => other.sAMAccountName === proposal)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

function withValue(object: AuditObject, attribute: string, value: string | null, proposal: string): AuditObject {
  if (attribute !== 'proxyAddresses') return { ...object, [attribute]: proposal };
  return { ...object, proxyAddresses: object.proxyAddresses.map((one) => (one === value ? proposal : one)) };
}
