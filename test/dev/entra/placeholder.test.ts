import { expect, test } from 'vitest';
import type { TenantOptions } from '../../../dev/entra/tenant.ts';
import { Organisation } from './organisation.ts';

function collided(options: Omit<TenantOptions, 'clock'> = {}): Organisation {
  const organisation = new Organisation(options);
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  organisation.cycle('add', 'user', 'b', { userPrincipalName: 'ann@contoso.com' });
  return organisation;
}

test('S5: the later user signs in with prefix, plus, four digits at the initial domain', () => {
  const upn = collided().bySourceAnchor('b').userPrincipalName;
  expect(upn).toMatch(/^ann\+\d{4}@contoso\.onmicrosoft\.com$/);
});

test('S5: with placeholderForm = noPlus there is no plus', () => {
  const organisation = collided({ switches: { placeholderForm: 'noPlus' } });
  expect(organisation.bySourceAnchor('b').userPrincipalName).toMatch(/^ann\d{4}@contoso\.onmicrosoft\.com$/);
});

test('S5: the placeholder is an alias too, and stays one after the release', () => {
  const organisation = collided();
  const subject = organisation.bySourceAnchor('b');
  const placeholder = subject.userPrincipalName;
  expect(subject.proxyAddresses).toEqual([`smtp:${placeholder}`]);
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'anne@contoso.com' });
  expect(subject.userPrincipalName).toBe('ann@contoso.com');
  expect(subject.proxyAddresses).toEqual([`smtp:${placeholder}`]);
});

test('S5: planted fault S5 keeps the domain of the UPN', () => {
  expect(collided({ plantedFault: 'S5' }).bySourceAnchor('b').userPrincipalName).toMatch(/^ann\+\d{4}@contoso\.com$/);
});
