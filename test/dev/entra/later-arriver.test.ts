import { expect, test } from 'vitest';
import { Organisation } from './organisation.ts';

const ann = {
  userPrincipalName: 'ann@contoso.com',
  proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:sales@contoso.com'],
};
const bob = { userPrincipalName: 'bob@contoso.com', proxyAddresses: ['SMTP:sales@contoso.com'] };

test('S2: whoever has the value keeps it, even against a later primary address', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'ann', ann);
  organisation.cycle('add', 'user', 'bob', bob);
  expect(organisation.bySourceAnchor('ann').proxyAddresses).toContain('smtp:sales@contoso.com');
  expect(organisation.bySourceAnchor('bob').proxyAddresses).toEqual([]);
  expect(organisation.quarantineOf('bob')).toEqual(['ProxyAddress SMTP:sales@contoso.com']);
});

test('S2: the same objects in the other order leave the other one without', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'bob', bob);
  organisation.cycle('add', 'user', 'ann', ann);
  expect(organisation.quarantineOf('ann')).toEqual(['ProxyAddress smtp:sales@contoso.com']);
  expect(organisation.quarantineOf('bob')).toEqual([]);
});

test('S2: an address is compared without regard to case', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'ann', ann);
  organisation.cycle('add', 'user', 'bob', { ...bob, proxyAddresses: ['smtp:SALES@Contoso.com'] });
  expect(organisation.quarantineOf('bob')).toEqual(['ProxyAddress smtp:SALES@Contoso.com']);
});

test('S2: planted fault S2 lets the later arriver take the value', () => {
  const organisation = new Organisation({ plantedFault: 'S2' });
  organisation.cycle('add', 'user', 'ann', ann);
  organisation.cycle('add', 'user', 'bob', bob);
  expect(organisation.bySourceAnchor('bob').proxyAddresses).toEqual(['SMTP:sales@contoso.com']);
  expect(organisation.bySourceAnchor('ann').proxyAddresses).toEqual(['SMTP:ann@contoso.com']);
});
