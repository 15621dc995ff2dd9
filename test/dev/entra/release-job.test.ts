import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TenantOptions } from '../../../dev/entra/tenant.ts';
import { Organisation } from './organisation.ts';

const holder = { userPrincipalName: 'ann@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:x@contoso.com'] };
const released = { userPrincipalName: 'ann@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com'] };
const subject = { userPrincipalName: 'bob@contoso.com', proxyAddresses: ['SMTP:x@contoso.com'] };

function quarantined(options: Omit<TenantOptions, 'clock'> = {}): Organisation {
  const organisation = new Organisation(options);
  organisation.cycle('add', 'user', 'a', holder);
  organisation.cycle('add', 'user', 'b', subject);
  return organisation;
}

test('S7: a value that nobody holds any more is promoted and its entry deleted', () => {
  const organisation = quarantined();
  organisation.cycle('update', 'user', 'a', released);
  expect(organisation.quarantineOf('b')).toEqual([]);
  expect(organisation.bySourceAnchor('b')).toMatchObject({
    proxyAddresses: ['SMTP:x@contoso.com'],
    mail: 'x@contoso.com',
  });
});

test('S7: a value that another input of the holder still yields is not released', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    mail: 'x@contoso.com',
    proxyAddresses: ['SMTP:x@contoso.com'],
  });
  organisation.cycle('add', 'user', 'b', subject);
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com', mail: 'x@contoso.com' });
  expect(organisation.quarantineOf('b')).toEqual(['ProxyAddress SMTP:x@contoso.com']);
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S7: an entry goes at the export that withdraws its value', () => {
  const organisation = quarantined();
  organisation.send('update', 'user', 'b', { userPrincipalName: 'bob@contoso.com' });
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S7: hourly leaves the entry until the hour is over', async () => {
  const organisation = quarantined();
  await organisation.set('entra.releaseJob', 'hourly');
  organisation.cycle('update', 'user', 'a', released);
  expect(organisation.quarantineOf('b')).toHaveLength(1);
  organisation.clock.advance(3_600_000);
  await wait(20);
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S7: never releases only when told to', async () => {
  const organisation = quarantined();
  await organisation.set('entra.releaseJob', 'never');
  organisation.cycle('update', 'user', 'a', released);
  organisation.clock.advance(7_200_000);
  await wait(20);
  expect(organisation.quarantineOf('b')).toHaveLength(1);
  await organisation.set('entra.runReleaseJob', true);
  expect(organisation.quarantineOf('b')).toEqual([]);
});

test('S7: of two objects that wait for one value, one gets it', () => {
  const organisation = quarantined();
  organisation.cycle('add', 'user', 'c', { ...subject, userPrincipalName: 'carl@contoso.com' });
  organisation.cycle('update', 'user', 'a', released);
  expect(organisation.quarantineOf('b').length + organisation.quarantineOf('c').length).toBe(1);
});

test('S7: with staleQuarantine the entry stays until the value is removed, exported and added', () => {
  const organisation = quarantined({ switches: { staleQuarantine: 'on' } });
  organisation.cycle('update', 'user', 'a', released);
  expect(organisation.quarantineOf('b')).toHaveLength(1);
  organisation.cycle('update', 'user', 'b', { userPrincipalName: 'bob@contoso.com' });
  organisation.cycle('update', 'user', 'b', subject);
  expect(organisation.quarantineOf('b')).toEqual([]);
  expect(organisation.bySourceAnchor('b').proxyAddresses).toEqual(['SMTP:x@contoso.com']);
});

test('S7: groups and contacts are released like users', () => {
  for (const type of ['group', 'contact'] as const) {
    const organisation = new Organisation();
    organisation.cycle('add', 'contact', 'a', { proxyAddresses: ['SMTP:a@fabrikam.com', 'smtp:x@fabrikam.com'] });
    organisation.cycle('add', type, 'b', { displayName: 'B', proxyAddresses: ['SMTP:x@fabrikam.com'] });
    expect(organisation.quarantineOf('b')).toEqual(['ProxyAddress SMTP:x@fabrikam.com']);
    organisation.cycle('update', 'contact', 'a', { proxyAddresses: ['SMTP:a@fabrikam.com'] });
    expect(organisation.bySourceAnchor('b').mail).toBe('x@fabrikam.com');
  }
});

test('S7: planted fault S7 deletes the entry and gives the value to nobody', () => {
  const organisation = quarantined({ plantedFault: 'S7' });
  organisation.cycle('update', 'user', 'a', released);
  expect(organisation.quarantineOf('b')).toEqual([]);
  expect(organisation.bySourceAnchor('b').proxyAddresses).toEqual([]);
});
