import { expect, test } from 'vitest';
import { add, Organisation, outcomeOf, update } from './organisation.ts';

const withAlias = (upn: string, aliases: string[]) => ({ userPrincipalName: upn, proxyAddresses: aliases });

/** Whether a claim succeeded at once when the holder's release was in the same export, before any release job. */
function claimsAtOnce(seed: number): boolean {
  const organisation = new Organisation({ seed });
  organisation.cycle('add', 'user', 'a', withAlias('ann@contoso.com', ['smtp:x@contoso.com']));
  organisation.cycle('add', 'user', 'b', withAlias('bob@contoso.com', []));
  organisation.export([
    update('user', 'a', withAlias('ann@contoso.com', [])),
    update('user', 'b', withAlias('bob@contoso.com', ['smtp:x@contoso.com'])),
  ]);
  return organisation.quarantineOf('b').length === 0;
}

test('S6: release and claim in one export succeed about half the time', () => {
  const successes = Array.from({ length: 100 }, (_, seed) => claimsAtOnce(seed)).filter(Boolean).length;
  expect(successes).toBeGreaterThan(25);
  expect(successes).toBeLessThan(75);
});

test('S6: a claim that came too early heals through the release job', () => {
  const unlucky = Array.from({ length: 100 }, (_, seed) => seed).find((seed) => !claimsAtOnce(seed)) ?? 0;
  const organisation = new Organisation({ seed: unlucky });
  organisation.cycle('add', 'user', 'a', withAlias('ann@contoso.com', ['smtp:x@contoso.com']));
  organisation.cycle('add', 'user', 'b', withAlias('bob@contoso.com', []));
  organisation.export([
    update('user', 'a', withAlias('ann@contoso.com', [])),
    update('user', 'b', withAlias('bob@contoso.com', ['smtp:x@contoso.com'])),
  ]);
  organisation.tenant.settle();
  expect(organisation.bySourceAnchor('b').proxyAddresses).toEqual(['smtp:x@contoso.com']);
});

test('S6: an export is no transaction: one refused object does not hold up the others', () => {
  const organisation = new Organisation();
  const results = organisation.export([
    add('user', 'bad', { userPrincipalName: 'a b@contoso.com' }),
    add('user', 'good', { userPrincipalName: 'ann@contoso.com' }),
  ]);
  expect(results.map(outcomeOf)).toEqual(['IdentityDataValidationFailed', 'ok']);
});

test('S6: planted fault S6 acknowledges the last request and loses it', () => {
  const organisation = new Organisation({ plantedFault: 'S6' });
  expect(outcomeOf(organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' }))).toBe('ok');
  expect(organisation.tenant.readShadow()).toEqual([]);
});
