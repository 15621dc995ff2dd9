import { connect as connectTls } from 'node:tls';
import type { Client } from 'ldapts';
import { afterEach, expect, it } from 'vitest';
import { adding, codeOf, connect, replacing } from '../../contracts/directory-client.ts';
import { adminPassword, attributeOf, control, controllersOf, organisation } from './organisation.ts';

const org = organisation();
const users = 'CN=Users,DC=contoso,DC=com';
const plant = (faults: Record<string, unknown>) => control(org(), 'ad.faults').write(faults);
afterEach(() => plant({}));

const fresh = (): Promise<Client> => {
  const [{ url }] = controllersOf(org());
  return connect({ url, ca: org().ca }, 'Administrator@contoso.com', adminPassword);
};

it('breaks the connections to a controller that is down, and it catches up when it is back', async () => {
  await plant({ down: ['dc1.contoso.com'] });
  await expect(fresh()).rejects.toThrow();
  await org().dc2.add(`CN=Missed,${users}`, { objectClass: 'user' });
  await plant({});
  const client = await fresh();
  expect(await attributeOf(client, `CN=Missed,${users}`, 'cn')).toBe('Missed');
  await client.unbind();
});

it('answers busy to everything while the controller is busy', async () => {
  const client = await fresh();
  await plant({ busy: ['dc1.contoso.com'] });
  expect(await codeOf(client.modify(`CN=Administrator,${users}`, replacing('title', 'x')))).toBe(51);
  expect(await codeOf(attributeOf(client, users, 'cn'))).toBe(51);
  await plant({});
  await client.unbind();
});

it('refuses even an administrator on a chosen object, and its neighbours not', async () => {
  const client = await fresh();
  for (const cn of ['Locked', 'Free']) await client.add(`CN=${cn},${users}`, { objectClass: 'user' });
  await plant({ insufficientRights: [`cn=locked,${users}`] });
  expect(await codeOf(client.modify(`CN=Locked,${users}`, replacing('title', 'x')))).toBe(50);
  expect(await codeOf(client.modify(`CN=Free,${users}`, replacing('title', 'x')))).toBe(0);
  await client.unbind();
});

it('sends an empty page with a cookie, at which an unwary client stops', async () => {
  const client = await fresh();
  const search = async (): Promise<number> =>
    (await client.search(users, { attributes: ['cn'], paged: { pageSize: 5 } })).searchEntries.length;
  expect(await search()).toBeGreaterThan(10);
  await plant({ emptyPages: 1 });
  expect(await search()).toBe(0);
  expect(await search()).toBeGreaterThan(10);
  await client.unbind();
});

it('carries out a write and drops the connection before the answer', async () => {
  const client = await fresh();
  await client.add(`CN=Unheard,${users}`, { objectClass: 'user' });
  await plant({ dropAfterWrite: 1 });
  await expect(client.modify(`CN=Unheard,${users}`, adding('title', 'written'))).rejects.toThrow();
  const again = await fresh();
  expect(await attributeOf(again, `CN=Unheard,${users}`, 'title')).toBe('written');
  expect(await codeOf(again.modify(`CN=Unheard,${users}`, adding('title', 'written')))).toBe(20);
  await again.unbind();
});

it('closes a connection that speaks no LDAP, and serves the others', async () => {
  const [{ url }] = controllersOf(org());
  const closed = await new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(url).port), ca: org().ca }, () => {
      socket.write('GET / HTTP/1.1\r\n\r\n'.repeat(20));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve('closed'));
  });
  expect(closed).toBe('closed');
  const client = await fresh();
  expect(await attributeOf(client, users, 'cn')).toBe('Users');
  await client.unbind();
});
