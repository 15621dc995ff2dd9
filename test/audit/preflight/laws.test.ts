import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import { claimOf } from '../../../src/audit/claims.ts';
import { entraRules } from '../../../src/audit/index.ts';
import { claimKey, claimsOf } from '../../../src/audit/preflight/claims.ts';
import type { WantedObject } from '../../../src/audit/preflight/wanted.ts';
import { breaks, withValue } from '../../../src/audit/proposals.ts';
import { cloud, contoso, user } from '../organisation.ts';
import { joiner, tell } from './ground.ts';

/** Few names, so that they meet; some that no rule likes. */
const local = fc.constantFrom('anna', 'anna.berg', 'anna2', 'bo', 'an na', 'änna', '.anna', 'anna3');
const address = fc
  .tuple(local, fc.constantFrom('contoso.com', 'contoso.local'))
  .map(([name, domain]) => `${name}@${domain}`);

const holder = fc
  .record({
    mail: address,
    sAMAccountName: local,
    mailNickname: local,
    kind: fc.constantFrom('ad', 'guest', 'cloud-only', 'soft-deleted'),
  })
  .map(({ kind, mail, ...rest }): AuditObject => {
    if (kind === 'ad') return user('Holder', { mail, ...rest });
    return cloud('Holder', { mail, proxyAddresses: [`SMTP:${mail}`] }, { kind: kind as 'guest' });
  });

const wanted = fc
  .record({
    givenName: fc.constantFrom('Anna', 'Bo'),
    sn: fc.constantFrom('Berg', 'Bach'),
    userPrincipalName: address,
    mail: address,
    alias: address,
    sAMAccountName: local,
    mailNickname: local,
  })
  .map(({ alias, ...rest }) => ({ ...rest, proxyAddresses: [`SMTP:${rest.mail}`, `smtp:${alias}`] }));

const request = fc
  .array(wanted, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((attributes, place) => joiner(attributes, { key: String(place) })));

/** Every proposal of the answers: of which object, for which attribute and value. */
function proposalsOf(objects: readonly WantedObject[], there: readonly AuditObject[]) {
  return tell(objects, { there }).answers.flatMap(({ problems }, place) =>
    problems.flatMap((problem) =>
      (problem.inputs ?? [problem]).flatMap(({ attribute, value, proposal }) =>
        proposal === undefined ? [] : [{ place, attribute, value, proposal }],
      ),
    ),
  );
}

const keyOf = (attribute: string, value: string): string | null => {
  const claim = claimOf(attribute, value);
  return claim === null ? null : claimKey(claim);
};

test('a proposal breaks no rule, is held by nobody, and is wanted by and proposed to no other object', () => {
  fc.assert(
    fc.property(request, fc.array(holder, { maxLength: 6 }), (objects, there) => {
      const held = new Set(there.flatMap((object) => claimsOf(object, contoso).map(claimKey)));
      const promised = new Map<string, number>();
      for (const { place, attribute, value, proposal } of proposalsOf(objects, there)) {
        const changed = withValue((objects[place] as WantedObject).values, attribute, value, proposal);
        const broken = entraRules.filter(
          (rule) => rule.meta.attribute === attribute && breaks(rule, proposal, changed, contoso),
        );
        expect([proposal, broken.map(({ meta }) => meta.code)]).toEqual([proposal, []]);
        const key = keyOf(attribute, proposal);
        if (key === null) continue;
        expect(held.has(key), `${proposal} is held`).toBe(false);
        const others = objects.filter((_, other) => other !== place);
        const wantedByOthers = others.flatMap(({ values }) => claimsOf(values, contoso).map(claimKey));
        expect(wantedByOthers, `${proposal} is wanted`).not.toContain(key);
        expect(promised.get(key) ?? place, `${proposal} is promised twice`).toBe(place);
        promised.set(key, place);
      }
    }),
    { numRuns: 300 },
  );
});

test('the answer of an object is the same whatever part of the request is judged with it, but for what is promised', () => {
  fc.assert(
    fc.property(request, fc.array(holder, { maxLength: 4 }), (objects, there) => {
      const together = tell(objects, { there }).answers;
      objects.forEach((_, place) => {
        const [alone] = tell(objects, { there, places: [place] }).answers;
        const plain = (answer: (typeof together)[number] | undefined) =>
          answer && [answer.verdict, answer.problems.map(({ rule, severity, value }) => [rule, severity, value])];
        expect(plain(alone)).toEqual(plain(together[place]));
      });
    }),
    { numRuns: 150 },
  );
});
