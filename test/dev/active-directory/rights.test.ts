import { expect, it } from 'vitest';
import { adding, codeOf, connect, passwordOctets, replacing } from '../../contracts/directory-client.ts';
import { attributeOf, control, controllersOf, organisation } from './organisation.ts';

const org = organisation();
const users = 'CN=Users,DC=contoso,DC=com';
const password = 'Relay!Passw0rd';

it('gives an account nothing, then what is delegated to it, and never what is protected', async () => {
  const { dc1, ca } = org();
  await dc1.add(`CN=Relay,${users}`, { objectClass: 'user', sAMAccountName: 'relay', userAccountControl: '512' });
  await dc1.modify(`CN=Relay,${users}`, replacing('unicodePwd', passwordOctets(password)));
  await dc1.add('OU=Staff,DC=contoso,DC=com', { objectClass: 'organizationalUnit' });
  const staff = 'CN=Clerk,OU=Staff,DC=contoso,DC=com';
  const boss = 'CN=Boss,OU=Staff,DC=contoso,DC=com';
  for (const dn of [staff, boss]) await dc1.add(dn, { objectClass: 'user' });
  const relay = await connect({ url: controllersOf(org())[0].url, ca }, 'CONTOSO\\relay', password);
  const write = (dn: string, attribute = 'mail') => codeOf(relay.modify(dn, replacing(attribute, 'x@contoso.com')));
  expect(await write(staff)).toBe(50);
  await control(org(), 'ad.delegations').write([
    { account: 'relay', base: 'OU=Staff,DC=contoso,DC=com', attributes: ['mail', 'proxyAddresses'] },
  ]);
  expect(await write(staff)).toBe(0);
  expect(await write(staff, 'title')).toBe(50);
  expect(await write(boss)).toBe(0);

  await dc1.add(`CN=Nested admins,${users}`, { objectClass: 'group', member: boss });
  await dc1.modify(`CN=Domain Admins,${users}`, adding('member', `CN=Nested admins,${users}`));
  await control(org(), 'ad.protectAdministrators').write(true);
  expect(await attributeOf(dc1, boss, 'adminCount')).toBe('1');
  expect(await attributeOf(dc1, staff, 'adminCount')).toEqual([]);
  expect(await write(boss)).toBe(50);
  expect(await write(staff)).toBe(0);
  await relay.unbind();
});

it('makes whoever is nested in Domain Admins an administrator', async () => {
  const { dc1, ca } = org();
  await dc1.add(`CN=Deputy,${users}`, { objectClass: 'user', sAMAccountName: 'deputy', userAccountControl: '512' });
  await dc1.modify(`CN=Deputy,${users}`, replacing('unicodePwd', passwordOctets(password)));
  const signIn = () => connect({ url: controllersOf(org())[0].url, ca }, 'deputy@contoso.com', password);
  const before = await signIn();
  expect(await codeOf(before.modify(`CN=krbtgt,${users}`, replacing('title', 'x')))).toBe(50);
  await before.unbind();
  await dc1.add(`CN=Deputies,${users}`, { objectClass: 'group', member: `CN=Deputy,${users}` });
  await dc1.modify(`CN=Domain Admins,${users}`, adding('member', `CN=Deputies,${users}`));
  const after = await signIn();
  expect(await codeOf(after.modify(`CN=krbtgt,${users}`, replacing('title', 'x')))).toBe(0);
  await after.unbind();
});
