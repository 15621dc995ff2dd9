import { expect, test } from 'vitest';
import { createUser } from '../../../dev/entra/graph-writes.ts';
import { Organisation } from './organisation.ts';

test('S13: an address of an object that Graph never shows is quarantined, and released when that object is gone', async () => {
  const organisation = new Organisation();
  await organisation.set('entra.hiddenHolders', ['Folder@contoso.com']);
  organisation.cycle('add', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['smtp:folder@contoso.com'],
  });
  expect(organisation.quarantineOf('a')).toEqual(['ProxyAddress smtp:folder@contoso.com']);
  await organisation.set('entra.hiddenHolders', []);
  organisation.tenant.settle();
  expect(organisation.quarantineOf('a')).toEqual([]);
});

test('S13: a hidden holder also stops a Graph write', async () => {
  const organisation = new Organisation();
  await organisation.set('entra.hiddenHolders', ['smtp:folder@contoso.com']);
  const body = { userPrincipalName: 'ann@contoso.com', mailNickname: 'ann', mail: 'folder@contoso.com' };
  expect(createUser(organisation.tenant.state, body)).toMatchObject({ refusal: { reason: 'conflict' } });
});
