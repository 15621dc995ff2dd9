import { Attribute, Change as LdapChange } from 'ldapts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { adObject } from '../../../src/domain/evidence.ts';
import { searchDirectory } from '../../../src/relay/ldap/search.ts';
import type { SearchRequest } from '../../../src/relay-contract.ts';
import { type Forests, startForests } from '../forests.ts';

let forests: Forests;
beforeAll(async () => {
  forests = await startForests();
});
afterAll(() => forests.stop());
afterEach(async () => {
  await forests.set('ad.faults', {});
  await forests.set('ad.replicationDelaySeconds', 0);
});

const contoso = 'CN=Users,DC=contoso,DC=com';
const europe = 'CN=Users,DC=eu,DC=contoso,DC=com';
const fabrikam = 'CN=Users,DC=fabrikam,DC=com';

async function find(by: SearchRequest['by'], directory = forests.directory) {
  const answer = await searchDirectory(directory, by);
  if (!answer.ok) throw new Error(answer.failure.message);
  for (const object of answer.value.objects) adObject.parse(object);
  return answer.value;
}
const namesOf = async (by: SearchRequest['by']) =>
  (await find(by)).objects.map(({ distinguishedName }) => distinguishedName).sort();

it('finds every object that yields an address, in each form, domain and forest', async () => {
  await forests.add(`CN=Upn,${contoso}`, { objectClass: 'user', userPrincipalName: 'shared@contoso.com' });
  await forests.add(`CN=Mail,${europe}`, { objectClass: 'user', mail: 'Shared@Contoso.com' });
  await forests.add(`CN=Alias,${fabrikam}`, {
    objectClass: 'contact',
    proxyAddresses: ['SMTP:x@y.z', 'smtp:SHARED@contoso.com'],
  });
  await forests.add(`CN=Sip,${contoso}`, { objectClass: 'user', proxyAddresses: ['sip:shared@contoso.com'] });
  await forests.add(`CN=Other,${contoso}`, { objectClass: 'user', mail: 'shared@contoso.com.au' });
  expect(await namesOf({ kind: 'address', address: 'shared@contoso.com' })).toEqual(
    [`CN=Upn,${contoso}`, `CN=Mail,${europe}`, `CN=Alias,${fabrikam}`, `CN=Sip,${contoso}`].sort(),
  );
});

it('takes LDAP metacharacters, quotes, non-ASCII and 260 characters for what they are', async () => {
  const odd = [`o'hara*(x)\\&|!@contoso.com`, 'zoë+ß漢字@contoso.com', `${'a'.repeat(248)}@contoso.com`];
  for (const [index, address] of odd.entries()) {
    const dn = await forests.add(`CN=Odd ${index},${contoso}`, {
      objectClass: 'user',
      proxyAddresses: [`smtp:${address}`],
    });
    expect(await namesOf({ kind: 'address', address })).toEqual([dn]);
  }
  expect(await namesOf({ kind: 'address', address: '*@contoso.com' })).toEqual([]);
});

it('finds the routing address by the nickname it is made of', async () => {
  const dn = await forests.add(`CN=Nick,${contoso}`, { objectClass: 'user', mailNickname: 'nick.name' });
  expect(await namesOf({ kind: 'address', address: 'nick.name@contoso.onmicrosoft.com' })).toEqual([dn]);
});

it('finds by GUID and by source anchor, whose octets are no text', async () => {
  for (let count = 0; count < 8; count += 1) {
    const dn = await forests.add(`CN=Anchor ${count},${europe}`, { objectClass: 'user' });
    const guid = await forests.guidOf(dn);
    expect(await namesOf({ kind: 'objectGuid', objectGuid: guid })).toEqual([dn]);
    const hex = guid.replaceAll('-', '').match(/../g) ?? [];
    const octets = Buffer.from(
      [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => hex[at]).join(''),
      'hex',
    );
    expect(await namesOf({ kind: 'sourceAnchor', sourceAnchor: octets.toString('base64') })).toEqual([dn]);
  }
});

it('finds by an attribute that the global catalogue lacks', async () => {
  const dn = await forests.add(`CN=Employee,${europe}`, { objectClass: 'user', employeeID: 'E-4711' });
  expect(await namesOf({ kind: 'employeeId', employeeId: 'E-4711' })).toEqual([dn]);
});

it('reads an object by its name, and answers none for a name that nothing has or that is no name', async () => {
  const dn = await forests.add(`CN=Müller\\, Jörg (x)*,${contoso}`, { objectClass: 'user' });
  expect((await find({ kind: 'distinguishedName', distinguishedName: dn })).objects).toHaveLength(1);
  expect(await namesOf({ kind: 'distinguishedName', distinguishedName: `CN=Nobody,${contoso}` })).toEqual([]);
  expect(await namesOf({ kind: 'distinguishedName', distinguishedName: 'CN=Out,DC=elsewhere,DC=com' })).toEqual([]);
  expect(await namesOf({ kind: 'distinguishedName', distinguishedName: 'nonsense' })).toEqual([]);
});

it('follows a cookie over an empty page', async () => {
  for (let count = 0; count < 520; count += 1) {
    await forests.add(`CN=Many ${count},${fabrikam}`, { objectClass: 'contact', employeeID: 'many' });
  }
  await forests.set('ad.faults', { emptyPages: 1 });
  expect(await namesOf({ kind: 'employeeId', employeeId: 'many' })).toHaveLength(520);
});

it('names the catalogue it asked, with its state', async () => {
  const { searched } = await find({ kind: 'employeeId', employeeId: 'none' });
  expect(searched.map(({ forest }) => forest)).toEqual(['contoso.com', 'fabrikam.com']);
  for (const { domainController, highestCommittedUsn, invocationId } of searched) {
    expect(domainController).toMatch(/^dc\d\./);
    expect(highestCommittedUsn).toMatch(/^\d+$/);
    expect(invocationId).toMatch(/^[0-9a-f]{8}-/);
  }
});

it('fails as a whole when one forest does not answer', async () => {
  await forests.set('ad.faults', { down: ['dc4.fabrikam.com'] });
  const answer = await searchDirectory(forests.directory, { kind: 'address', address: 'anyone@contoso.com' });
  expect(answer).toMatchObject({ ok: false, forest: 'fabrikam.com', failure: { code: null } });
});

it('sees a value that has not reached the catalogue, and not one that its home has given up', async () => {
  const dn = await forests.add(`CN=Late,${europe}`, { objectClass: 'user', proxyAddresses: ['smtp:old@contoso.com'] });
  await forests.set('ad.replicationDelaySeconds', 900);
  await forests.admin('dc3').modify(dn, change('delete', 'smtp:old@contoso.com'));
  await forests.admin('dc3').modify(dn, change('add', 'smtp:new@contoso.com'));
  expect(await namesOf({ kind: 'address', address: 'new@contoso.com' })).toEqual([dn]);
  expect(await namesOf({ kind: 'address', address: 'old@contoso.com' })).toEqual([]);
});

it('reads an object that so far only another controller of its domain has', async () => {
  await forests.set('ad.replicationDelaySeconds', 900);
  const directory = forests.connect((forest) => ({
    ...forest,
    domains: forest.domains.map((domain) => ({ ...domain, controllers: domain.controllers.toReversed() })),
  }));
  const dn = await forests.add(`CN=Fresh,${contoso}`, { objectClass: 'user', mail: 'fresh@contoso.com' });
  const { objects } = await find({ kind: 'address', address: 'fresh@contoso.com' }, directory);
  expect(objects.map(({ distinguishedName, domainController }) => [distinguishedName, domainController])).toEqual([
    [dn, 'dc1.contoso.com'],
  ]);
});

function change(operation: 'add' | 'delete', value: string): LdapChange {
  return new LdapChange({ operation, modification: new Attribute({ type: 'proxyAddresses', values: [value] }) });
}
