import { expect, test } from 'vitest';
import type { TenantOptions } from '../../../dev/entra/tenant.ts';
import { Organisation, outcomeOf } from './organisation.ts';

function twoUsers(options: Omit<TenantOptions, 'clock'> = {}): Organisation {
  const organisation = new Organisation(options);
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'bob@contoso.com',
    proxyAddresses: ['SMTP:bob@contoso.com'],
  });
  return organisation;
}

const wantsAlias = {
  userPrincipalName: 'bob@contoso.com',
  proxyAddresses: ['SMTP:bob@contoso.com', 'smtp:ann@contoso.com'],
};
const wantsUpn = { userPrincipalName: 'ann@contoso.com', proxyAddresses: ['SMTP:bob@contoso.com'] };

test('S4: an update never matches', () => {
  const organisation = twoUsers();
  const cloud = organisation.cloudUser('carl@contoso.com', { mail: 'carl@contoso.com' });
  organisation.cycle('update', 'user', 'b', {
    userPrincipalName: 'bob@contoso.com',
    proxyAddresses: ['SMTP:carl@contoso.com'],
  });
  expect(organisation.bySourceAnchor('b')).not.toBe(cloud);
  expect(organisation.quarantineOf('b')).toEqual(['ProxyAddress SMTP:carl@contoso.com']);
});

test('S4: a colliding address is quarantined and the rest is written', () => {
  const organisation = twoUsers();
  const result = organisation.cycle('update', 'user', 'b', { ...wantsAlias, displayName: 'Robert' });
  expect(outcomeOf(result)).toBe('ok');
  expect(organisation.quarantineOf('b')).toEqual(['ProxyAddress smtp:ann@contoso.com']);
  expect(organisation.bySourceAnchor('b').properties['displayName']).toBe('Robert');
});

test('S4: with updateCollision = hardError nothing of the update is written', () => {
  const organisation = twoUsers({ switches: { updateCollision: 'hardError' } });
  for (const attributes of [wantsAlias, wantsUpn]) {
    expect(outcomeOf(organisation.cycle('update', 'user', 'b', { ...attributes, displayName: 'Robert' }))).toBe(
      'AttributeValueMustBeUnique',
    );
  }
  expect(organisation.bySourceAnchor('b').properties['displayName']).toBeNull();
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S4: a colliding UPN becomes a placeholder, or with keepOld the old UPN stays', () => {
  const organisation = twoUsers();
  organisation.cycle('update', 'user', 'b', wantsUpn);
  expect(organisation.bySourceAnchor('b').userPrincipalName).toMatch(/^ann\+\d{4}@contoso\.onmicrosoft\.com$/);

  const keeping = twoUsers({ switches: { upnOnUpdateCollision: 'keepOld' } });
  keeping.cycle('update', 'user', 'b', wantsUpn);
  expect(keeping.bySourceAnchor('b').userPrincipalName).toBe('bob@contoso.com');
  expect(keeping.quarantineOf('b')).toEqual(['UserPrincipalName ann@contoso.com']);
});

test('S4: another update leaves a quarantined value as it is, with the time of the first conflict', () => {
  const organisation = twoUsers();
  organisation.cycle('update', 'user', 'b', wantsAlias);
  const [before] = organisation.bySourceAnchor('b').quarantine;
  organisation.clock.advance(60_000);
  organisation.cycle('update', 'user', 'b', { ...wantsAlias, displayName: 'Robert' });
  expect(organisation.bySourceAnchor('b').quarantine).toEqual([before]);
});

test('S4: planted fault S4 lets both objects have the value, without an entry', () => {
  const organisation = twoUsers({ plantedFault: 'S4' });
  organisation.cycle('update', 'user', 'b', wantsAlias);
  expect(organisation.quarantineOf('b')).toEqual([]);
  expect(organisation.bySourceAnchor('b').proxyAddresses).toContain('smtp:ann@contoso.com');
  expect(organisation.bySourceAnchor('a').proxyAddresses).toContain('SMTP:ann@contoso.com');
});
