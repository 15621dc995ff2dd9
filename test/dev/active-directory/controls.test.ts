import { expect, it } from 'vitest';
import { ControlValueError } from '../../../dev/control/control.ts';
import { codeOf, replacing } from '../../contracts/directory-client.ts';
import { attributeOf, control, organisation } from './organisation.ts';

const org = organisation();
const users = 'CN=Users,DC=contoso,DC=com';

it('names every control once, says what it means, and takes back what it shows', async () => {
  const controls = org().directory.controls();
  const names = controls.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const one of controls) {
    expect(one.name).toMatch(/^ad\.[a-z]\w*$/);
    expect(one.meaning.length).toBeGreaterThan(20);
    await one.write(structuredClone(one.read()));
  }
});

it.each([
  ['ad.replicationDelaySeconds', -1],
  ['ad.replicationDelaySeconds', 'soon'],
  ['ad.faults', { unknown: 1 }],
  ['ad.faults', { down: 'dc1' }],
  ['ad.faults', { emptyPages: -1 }],
  ['ad.lastLogon', { 'CN=Nobody,DC=contoso,DC=com': '2026-01-01' }],
  ['ad.lastLogon', { Administrator: 'yesterday' }],
  ['ad.lastLogon', { 'CN=,x': '2026-01-01' }],
  ['ad.whenChanged', []],
  ['ad.replicatedUpdates', [{ object: 'Administrator', attribute: 'objectSid', values: ['x'] }]],
])('refuses %s with %j', (name, value) => {
  expect(() => control(org(), name).write(value)).toThrow(ControlValueError);
});

it('changes nothing when one of several objects is unknown', async () => {
  const before = await attributeOf(org().dc1, `CN=krbtgt,${users}`, 'whenCreated');
  const dates = { krbtgt: '2001-01-01', nobody: '2001-01-01' };
  expect(() => control(org(), 'ad.whenCreated').write(dates)).toThrow(ControlValueError);
  expect(await attributeOf(org().dc1, `CN=krbtgt,${users}`, 'whenCreated')).toBe(before);
});

it('dates an object by any of its names, on every controller', async () => {
  const dn = `CN=Dated,${users}`;
  await org().dc1.add(dn, { objectClass: 'user', sAMAccountName: 'dated', userPrincipalName: 'dated@contoso.com' });
  await control(org(), 'ad.whenCreated').write({ dated: '2019-05-06T07:08:09Z' });
  await control(org(), 'ad.lastLogon').write({ 'dated@contoso.com': '2026-11-01T00:00:00Z' });
  await control(org(), 'ad.whenChanged').write({ [dn]: '2020-01-02T03:04:05Z' });
  for (const client of [org().dc1, org().dc2]) {
    expect(await attributeOf(client, dn, 'whenCreated')).toBe('20190506070809.0Z');
    expect(await attributeOf(client, dn, 'lastLogonTimestamp')).toBe('134379648000000000');
    expect(await attributeOf(client, dn, 'whenChanged')).toBe('20200102030405.0Z');
  }
});

it('dates the last write of an attribute', async () => {
  const dn = `CN=Rewritten,${users}`;
  await org().dc1.add(dn, { objectClass: 'user', mail: 'rewritten@contoso.com' });
  await control(org(), 'ad.attributeTimes').write({ [`${dn}|mail`]: '2021-02-03T04:05:06Z' });
  const metadata = [await attributeOf(org().dc1, dn, 'msDS-ReplAttributeMetaData')].flat().map(String);
  const mail = metadata.find((xml) => xml.includes('>mail<'));
  expect(mail).toContain('<ftimeLastOriginatingChange>2021-02-03T04:05:06Z<');
  expect(mail).toContain('<dwVersion>2<');
});

it('brings a UPN to a second object of the forest, which no client could', async () => {
  await org().dc1.add(`CN=Has it,${users}`, { objectClass: 'user', userPrincipalName: 'one@contoso.com' });
  await org().dc1.add(`CN=Gets it,${users}`, { objectClass: 'user' });
  const claim = replacing('userPrincipalName', 'one@contoso.com');
  expect(await codeOf(org().dc1.modify(`CN=Gets it,${users}`, claim))).toBe(19);
  const update = { object: `CN=Gets it,${users}`, attribute: 'userPrincipalName', values: ['one@contoso.com'] };
  await control(org(), 'ad.replicatedUpdates').write([update]);
  for (const client of [org().dc1, org().dc2, org().catalogue]) {
    const filter = '(userPrincipalName=one@contoso.com)';
    const { searchEntries } = await client.search('DC=contoso,DC=com', { filter, attributes: ['cn'] });
    expect(searchEntries.map((entry) => entry['cn']).sort()).toEqual(['Gets it', 'Has it']);
  }
  expect(control(org(), 'ad.replicatedUpdates').read()).toEqual([update]);
});
