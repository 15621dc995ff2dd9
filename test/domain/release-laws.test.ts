import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { compareState, stateOf } from '../../src/domain/compare-state.ts';
import { holdersOf } from '../../src/domain/conflict-set.ts';
import type { AdObject, Evidence } from '../../src/domain/evidence.ts';
import { inverse } from '../../src/domain/inverse.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { primarySmtp, sameProxyAddress } from '../../src/domain/proxy-address.ts';
import { releaseFix } from '../../src/domain/release-fix.ts';
import { adUser, evidenceOf, guid, known, twinOf } from './evidence-builder.ts';

const address = 'shared@contoso.com';

/** An AD object that yields the address in any mixture of forms. */
const adObject = (number: number, own: string) =>
  fc
    .record({
      proxy: fc.constantFrom('none', 'secondary', 'primary', 'upper case'),
      other: fc.constantFrom('none', 'secondary', 'primary'),
      mail: fc.constantFrom(undefined, address, `${own}@contoso.com`),
      upn: fc.constantFrom(address, `${own}@contoso.com`),
      alias: fc.constantFrom(undefined, own),
    })
    .map(({ proxy, other, mail, upn, alias }) => {
      const sought = {
        none: [],
        secondary: [`smtp:${address}`],
        primary: [`SMTP:${address}`],
        'upper case': ['smtp:SHARED@contoso.com'],
      }[proxy];
      const isFree = proxy !== 'primary';
      const others = {
        none: [],
        secondary: [`smtp:${own}@contoso.com`],
        primary: [`${isFree ? 'SMTP' : 'smtp'}:${own}@contoso.com`],
      }[other];
      return adUser({
        objectGuid: guid(number),
        displayName: own,
        givenName: own,
        surname: 'Ek',
        userPrincipalName: upn,
        proxyAddresses: [...sought, ...others, 'X500:/o=Contoso/cn=x'],
        ...(mail === undefined ? {} : { mail }),
        ...(alias === undefined ? {} : { mailNickname: alias }),
      });
    });

const organisation = fc
  .record({
    subject: adObject(11, 'anna'),
    holder: adObject(12, 'bo'),
    attribute: fc.constantFrom('proxyAddresses' as const, 'userPrincipalName' as const),
    recipient: fc.constantFrom('none' as const, 'user-mailbox' as const),
    allowDirectExchangeWrites: fc.boolean(),
  })
  .map(({ subject, holder, attribute, recipient, allowDirectExchangeWrites }) => {
    const shown = (ad: AdObject) => ({
      proxyAddresses: ad.proxyAddresses,
      userPrincipalName: ad.userPrincipalName ?? '',
      ...(ad.mail === undefined ? {} : { mail: ad.mail }),
    });
    const evidence = evidenceOf({
      attribute,
      value: attribute === 'proxyAddresses' ? `smtp:${address}` : address,
      subject: {
        cloud: twinOf(subject, { id: guid(1), userPrincipalName: 'anna+1234@contoso.onmicrosoft.com' }),
        onPremises: [subject],
      },
      cloudHolders: [twinOf(holder, { id: guid(2), ...shown(holder) })],
      onPremisesHolders: [holder],
      facts: { [guid(1)]: { recipient: known(recipient) }, [guid(2)]: { recipient: known(recipient) } },
      evidence: { policy: { allowDirectExchangeWrites, protectedObjects: [] } },
    });
    return { evidence, objects: [subject, holder] };
  });

function plansOf(evidence: Evidence): Change[][] {
  const parties = partiesOf(evidence);
  const holders = holdersOf(parties, evidence);
  return [
    releaseFix([parties.subject], holders, parties, evidence),
    releaseFix(holders, [parties.subject], parties, evidence),
  ].map(({ changes }) => changes);
}

const valuesOf = (ad: AdObject, attribute: string): string[] => {
  const value = ad[attribute as 'mail' | 'proxyAddresses' | 'userPrincipalName'];
  return value === undefined ? [] : Array.isArray(value) ? [...value] : [value];
};

/** What a directory does with a change. */
function applied(ad: AdObject, change: Change): AdObject {
  if (change.before.kind === 'single') return { ...ad, [change.attribute]: change.values[0] };
  const { before, values, operation } = change;
  const gone = operation === 'add' ? [] : operation === 'delete' ? values : before.present;
  const kept = ad.proxyAddresses.filter((value) => !gone.some((other) => sameProxyAddress(other, value)));
  return { ...ad, proxyAddresses: operation === 'delete' ? kept : [...kept, ...values] };
}

const targetOf = (objects: readonly AdObject[], change: Change): AdObject =>
  objects.find(({ objectGuid }) => objectGuid === change.objectId) ?? expect.fail('a change of an unknown object');

test('whatever yields the value: each before is true, applying leads to after, and the inverse leads back', () => {
  let plans = 0;
  fc.assert(
    fc.property(organisation, ({ evidence, objects }) => {
      for (const changes of plansOf(evidence)) {
        plans += changes.length > 0 ? 1 : 0;
        for (const change of changes) {
          const before = targetOf(objects, change);
          const after = applied(before, change);
          const back = applied(after, inverse(change));
          expect(compareState(change, stateOf(change, valuesOf(before, change.attribute)), false)).toBe('write');
          expect(compareState(change, stateOf(change, valuesOf(after, change.attribute)), true)).toBe('already');
          expect(compareState(change, stateOf(change, valuesOf(after, change.attribute)), false)).toBe('stale');
          expect(valuesOf(back, change.attribute).sort()).toEqual(valuesOf(before, change.attribute).sort());
        }
      }
    }),
    { numRuns: 500, seed: 3 },
  );
  expect(plans).toBeGreaterThan(100);
});

test('a plan for a holder leaves no input behind, never takes X500, and never leaves an object without its primary address', () => {
  let plans = 0;
  fc.assert(
    fc.property(organisation, ({ evidence, objects }) => {
      const [changes = []] = plansOf(evidence);
      if (changes.length === 0) return;
      plans += 1;
      const holder = objects[1] ?? expect.fail('no holder');
      const after = changes.reduce(applied, holder);
      expect(after.proxyAddresses.some((value) => sameProxyAddress(value, `smtp:${address}`))).toBe(false);
      expect([after.mail, after.userPrincipalName]).not.toContain(address);
      expect(after.proxyAddresses).toContain('X500:/o=Contoso/cn=x');
      if (primarySmtp(holder.proxyAddresses) !== null) expect(primarySmtp(after.proxyAddresses)).not.toBeNull();
    }),
    { numRuns: 500, seed: 4 },
  );
  expect(plans).toBeGreaterThan(50);
});
