import { expect, it } from 'vitest';
import { adding, codeOf, deleting, passwordOctets, replacing } from '../../contracts/directory-client.ts';
import { organisation } from './organisation.ts';

const org = organisation();
const users = 'CN=Users,DC=contoso,DC=com';

it('logs every accepted write with who wrote what where, and no refused one', async () => {
  const dn = `CN=Logged,${users}`;
  const start = org().directory.writes.length;
  await org().dc1.add(dn, { objectClass: 'user', mail: 'old@contoso.com' });
  await org().dc2.modify(dn, [deleting('mail', 'old@contoso.com'), adding('MAIL', 'new@contoso.com')]);
  expect(await codeOf(org().dc2.modify(dn, deleting('mail', 'old@contoso.com')))).toBe(16);
  await org().dc1.modifyDN(dn, 'CN=Relogged');
  await org().dc1.del(`CN=Relogged,${users}`);
  const log = org().directory.writes.slice(start);
  expect(log.map(({ operation, controller, dn: written }) => [operation, controller, written])).toEqual([
    ['add', 'dc1.contoso.com', dn],
    ['modify', 'dc2.contoso.com', dn],
    ['modifyDn', 'dc1.contoso.com', dn],
    ['delete', 'dc1.contoso.com', `CN=Relogged,${users}`],
  ]);
  expect(log[1]?.changes).toEqual([
    { operation: 'delete', attribute: 'mail', values: ['old@contoso.com'] },
    { operation: 'add', attribute: 'mail', values: ['new@contoso.com'] },
  ]);
  expect(new Set(log.map(({ objectGuid }) => objectGuid)).size).toBe(1);
  expect(log[0]?.objectGuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set(log.map(({ by }) => by))).toEqual(new Set([`CN=Administrator,${users}`]));
});

it('logs a write that changed nothing: a second apply would not go unseen', async () => {
  const dn = `CN=Twice,${users}`;
  await org().dc1.add(dn, { objectClass: 'user' });
  const start = org().directory.writes.length;
  await org().dc1.modify(dn, replacing('title', 'x'));
  await org().dc1.modify(dn, replacing('title', 'x'));
  expect(org().directory.writes.length - start).toBe(2);
});

it('never logs a password', async () => {
  const dn = `CN=Secret,${users}`;
  const octets = passwordOctets('Very!Secret1');
  await org().dc1.add(dn, { objectClass: 'user' });
  await org().dc1.modify(dn, replacing('unicodePwd', octets));
  const log = JSON.stringify(org().directory.writes);
  expect(log).toContain('unicodePwd');
  expect(log).not.toContain(octets.toString('hex'));
  expect(log).not.toContain('Very!Secret1');
});
