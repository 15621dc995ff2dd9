import { expect, test } from 'vitest';
import { Organisation } from './organisation.ts';

const holder = {
  userPrincipalName: 'ann@contoso.com',
  proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:sales@contoso.com'],
};
const later = {
  userPrincipalName: 'bob@contoso.com',
  proxyAddresses: ['SMTP:bob@contoso.com', 'smtp:sales@contoso.com'],
};

test('S1: the engine reads back what it exported, not what is visible', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', holder);
  organisation.cycle('add', 'user', 'b', later);
  const shadow = organisation.tenant.readShadow().find(({ sourceAnchor }) => sourceAnchor === 'b');
  expect(shadow?.attributes['proxyAddresses']).toEqual(later.proxyAddresses);
  expect(organisation.bySourceAnchor('b').proxyAddresses).toEqual(['SMTP:bob@contoso.com']);
});

test('S1: the derived addresses of a mailbox are not in the shadow', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { ...holder, msExchMailboxGuid: 'guid' });
  expect(organisation.bySourceAnchor('a').proxyAddresses).toContain('smtp:ann@contoso.onmicrosoft.com');
  expect(organisation.tenant.readShadow()[0]?.attributes['proxyAddresses']).toEqual(holder.proxyAddresses);
});

test('S1: planted fault S1 loses the quarantined value from the shadow', () => {
  const organisation = new Organisation({ plantedFault: 'S1' });
  organisation.cycle('add', 'user', 'a', holder);
  organisation.cycle('add', 'user', 'b', later);
  const shadow = organisation.tenant.readShadow().find(({ sourceAnchor }) => sourceAnchor === 'b');
  expect(shadow?.attributes['proxyAddresses']).toEqual(['SMTP:bob@contoso.com']);
});
