import type { Client } from 'ldapts';
import { afterEach, expect, it } from 'vitest';
import { adding, codeOf, DirSync, replacing } from '../../contracts/directory-client.ts';
import { attributeOf, control, organisation } from './organisation.ts';

const org = organisation();
const users = 'CN=Users,DC=contoso,DC=com';
const delay = (seconds: number) => control(org(), 'ad.replicationDelaySeconds').write(seconds);

afterEach(async () => {
  org().clock.advance(3_600_000);
  await delay(0);
});

it('shows a write on another controller only after the delay, by the clock of the stack', async () => {
  await delay(60);
  await org().dc1.add(`CN=Slow,${users}`, { objectClass: 'user' });
  expect(await codeOf(attributeOf(org().dc2, `CN=Slow,${users}`, 'cn'))).toBe(32);
  org().clock.advance(59_000);
  expect(await codeOf(attributeOf(org().dc2, `CN=Slow,${users}`, 'cn'))).toBe(32);
  org().clock.advance(2_000);
  expect(await attributeOf(org().dc2, `CN=Slow,${users}`, 'cn')).toBe('Slow');
});

it('shows it at once when the delay is taken away', async () => {
  await delay(60);
  await org().dc1.add(`CN=Hurried,${users}`, { objectClass: 'user' });
  await delay(0);
  expect(await attributeOf(org().dc2, `CN=Hurried,${users}`, 'cn')).toBe('Hurried');
});

it('gives an object one GUID and every controller its own update numbers', async () => {
  const dn = `CN=Numbered,${users}`;
  await org().dc1.add(dn, { objectClass: 'user' });
  await org().dc2.add(`CN=Only counted,${users}`, { objectClass: 'user' });
  const read = async (client: Client) => {
    const options = {
      scope: 'base' as const,
      attributes: ['objectGUID', 'uSNChanged'],
      explicitBufferAttributes: ['objectGUID'],
    };
    return (await client.search(dn, options)).searchEntries[0];
  };
  const [here, there] = [await read(org().dc1), await read(org().dc2)];
  expect(here?.['objectGUID']).toEqual(there?.['objectGUID']);
  expect(here?.['uSNChanged']).not.toEqual(there?.['uSNChanged']);
});

it('settles two writes of one attribute alike on both controllers: the later wins', async () => {
  const dn = `CN=Contested,${users}`;
  await org().dc1.add(dn, { objectClass: 'user' });
  await attributeOf(org().dc2, dn, 'cn');
  await delay(60);
  await org().dc1.modify(dn, replacing('title', 'earlier'));
  org().clock.advance(1_000);
  await org().dc2.modify(dn, replacing('title', 'later'));
  org().clock.advance(120_000);
  expect(await attributeOf(org().dc1, dn, 'title')).toBe('later');
  expect(await attributeOf(org().dc2, dn, 'title')).toBe('later');
});

it('merges writes of different attributes of one object', async () => {
  const dn = `CN=Merged,${users}`;
  await org().dc1.add(dn, { objectClass: 'user' });
  await attributeOf(org().dc2, dn, 'cn');
  await delay(60);
  await org().dc1.modify(dn, replacing('title', 'from dc1'));
  await org().dc2.modify(dn, replacing('department', 'from dc2'));
  org().clock.advance(120_000);
  for (const client of [org().dc1, org().dc2]) {
    expect(await attributeOf(client, dn, 'title')).toBe('from dc1');
    expect(await attributeOf(client, dn, 'department')).toBe('from dc2');
  }
});

it('renames the earlier of two objects that were given one name on two controllers', async () => {
  await delay(60);
  await org().dc1.add(`CN=Collision,${users}`, { objectClass: 'contact', description: 'earlier' });
  org().clock.advance(1_000);
  await org().dc2.add(`CN=Collision,${users}`, { objectClass: 'contact', description: 'later' });
  org().clock.advance(120_000);
  for (const client of [org().dc1, org().dc2]) {
    expect(await attributeOf(client, `CN=Collision,${users}`, 'description')).toBe('later');
    const { searchEntries } = await client.search(users, { filter: '(description=earlier)', attributes: ['cn'] });
    expect(searchEntries[0]?.dn).toMatch(/^CN=Collision\\0ACNF:[0-9a-f-]{36},CN=Users/);
  }
});

it('lets both controllers accept one account name while they have not heard of each other', async () => {
  await delay(60);
  const named = { objectClass: 'user', sAMAccountName: 'simultaneous' };
  expect(await codeOf(org().dc1.add(`CN=Here,${users}`, named))).toBe(0);
  expect(await codeOf(org().dc2.add(`CN=There,${users}`, named))).toBe(0);
});

it('remembers in a DirSync cookie what came from where, so that another controller can go on from it', async () => {
  const pull = async (client: Client, cookie?: Buffer) => {
    const sync = new DirSync(cookie);
    const options = { filter: '(objectClass=user)', attributes: ['title', 'name'] };
    const { searchEntries } = await client.search('DC=contoso,DC=com', options, sync);
    return { names: searchEntries.map((entry) => entry['name'] ?? entry.dn), cookie: sync.cookie };
  };
  const { cookie } = await pull(org().dc1);
  await org().dc1.add(`CN=Travelling,${users}`, { objectClass: 'user' });
  expect((await pull(org().dc2, cookie)).names).toEqual(['Travelling']);
});

it('counts a membership on a controller only once the member has arrived there', async () => {
  await org().dc1.add(`CN=Early group,${users}`, { objectClass: 'group' });
  await attributeOf(org().dc2, `CN=Early group,${users}`, 'cn');
  await delay(60);
  await org().dc1.add(`CN=Late member,${users}`, { objectClass: 'user' });
  await org().dc1.modify(`CN=Early group,${users}`, adding('member', `CN=Late member,${users}`));
  expect(await attributeOf(org().dc2, `CN=Early group,${users}`, 'member')).toEqual([]);
  org().clock.advance(61_000);
  expect(await attributeOf(org().dc2, `CN=Early group,${users}`, 'member')).toBe(`CN=Late member,${users}`);
});
