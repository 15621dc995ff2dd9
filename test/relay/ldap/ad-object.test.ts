import { Attribute, Ber, BerWriter, Control, Change as LdapChange } from 'ldapts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AdObject, adObject } from '../../../src/domain/evidence.ts';
import { searchDirectory } from '../../../src/relay/ldap/search.ts';
import { type Forests, startForests } from '../forests.ts';

let forests: Forests;
beforeAll(async () => {
  forests = await startForests();
});
afterAll(() => forests.stop());

const users = 'CN=Users,DC=contoso,DC=com';

async function read(dn: string): Promise<AdObject> {
  const answer = await searchDirectory(forests.directory, { kind: 'distinguishedName', distinguishedName: dn });
  if (!answer.ok) throw new Error(answer.failure.message);
  return adObject.parse(answer.value.objects[0]);
}

it('reads a user with everything that Exchange and the sync engine know it by', async () => {
  const dn = await forests.add(`CN=Full,${users}`, {
    objectClass: 'user',
    displayName: 'Full Name',
    givenName: 'Full',
    sn: 'Name',
    userPrincipalName: 'full@contoso.com',
    mail: 'full@contoso.com',
    mailNickname: 'full',
    targetAddress: 'SMTP:full@contoso.mail.onmicrosoft.com',
    proxyAddresses: ['SMTP:full@contoso.com', 'smtp:f@contoso.com'],
    sAMAccountName: 'full',
    employeeID: 'E1',
    department: 'Sales',
    telephoneNumber: '+49 1',
    mobile: '+49 2',
    userAccountControl: '514',
    msExchRecipientTypeDetails: '2147483648',
    msExchRemoteRecipientType: '4',
    msExchPoliciesExcluded: '{26491cfc-9e50-4857-861b-0cb8df22b5d7}',
    legacyExchangeDN: '/o=x/cn=full',
    adminDescription: 'User_x',
  });
  await forests.set('ad.lastLogon', { [dn]: '2026-10-01T08:00:00.000Z' });
  await forests.set('ad.whenCreated', { [dn]: '2020-01-02T03:04:05.000Z' });
  await forests.set('ad.attributeTimes', { [`${dn}|proxyAddresses`]: '2025-05-05T05:05:05.000Z' });
  const object = await read(dn);
  expect(object).toMatchObject({
    forest: 'contoso.com',
    domainController: 'dc1.contoso.com',
    distinguishedName: dn,
    objectGuid: await forests.guidOf(dn),
    objectSid: expect.stringMatching(/^S-1-5-21-\d+-\d+-\d+-\d+$/),
    objectType: 'user',
    displayName: 'Full Name',
    givenName: 'Full',
    surname: 'Name',
    userPrincipalName: 'full@contoso.com',
    mail: 'full@contoso.com',
    mailNickname: 'full',
    targetAddress: 'SMTP:full@contoso.mail.onmicrosoft.com',
    sAMAccountName: 'full',
    employeeId: 'E1',
    department: 'Sales',
    phones: ['+49 1', '+49 2'],
    accountEnabled: false,
    msExchRecipientTypeDetails: '2147483648',
    msExchRemoteRecipientType: '4',
    legacyExchangeDn: '/o=x/cn=full',
    adminDescription: 'User_x',
    emailAddressPolicyOff: true,
    isCriticalSystemObject: false,
    tierZero: false,
    inheritanceBroken: false,
    lastLogonTimestamp: '2026-10-01T08:00:00.000Z',
    whenCreated: '2020-01-02T03:04:05.000Z',
    whenDisabled: expect.stringMatching(/^\d{4}-/),
  });
  expect(object.proxyAddresses.toSorted()).toEqual(['SMTP:full@contoso.com', 'smtp:f@contoso.com']);
  expect(object.attributeChangedAt).toMatchObject({ proxyAddresses: '2025-05-05T05:05:05.000Z' });
  expect(object.attributeChangedOn?.['proxyAddresses']).toMatch(/^dc1$/i);
  expect(Object.keys(object.attributeChangedAt).toSorted()).toEqual([
    'mail',
    'proxyAddresses',
    'userAccountControl',
    'userPrincipalName',
  ]);
});

it('reads an object that has next to nothing', async () => {
  const dn = await forests.add(`CN=Bare,${users}`, { objectClass: 'contact' });
  const object = await read(dn);
  expect(object).toMatchObject({
    objectType: 'contact',
    displayName: 'Bare',
    accountEnabled: null,
    proxyAddresses: [],
    tierZero: false,
  });
  expect(object).not.toHaveProperty('mail');
  expect(object).not.toHaveProperty('objectSid');
});

it('reads binary identifiers octet by octet', async () => {
  const dn = await forests.add(`CN=Binary,${users}`, { objectClass: 'user' });
  // Valid UTF-8 by chance: ldapts would make a text of it.
  const anchor = Buffer.from('ABCDEFGHIJKLMNOP');
  await forests.admin('dc1').modify(dn, replace('mS-DS-ConsistencyGuid', anchor));
  await forests.admin('dc1').modify(dn, replace('msExchMailboxGuid', anchor));
  expect(await read(dn)).toMatchObject({
    consistencyGuid: anchor.toString('base64'),
    msExchMailboxGuid: '44434241-4645-4847-494a-4b4c4d4e4f50',
  });
});

it('reads all of more than 1,500 values', async () => {
  const addresses = Array.from({ length: 3_100 }, (_, index) => `smtp:a${index}@contoso.com`);
  const dn = await forests.add(`CN=Crowded,${users}`, { objectClass: 'user', proxyAddresses: addresses });
  expect((await read(dn)).proxyAddresses.toSorted()).toEqual(addresses.toSorted());
});

it('keeps a leading U+FEFF', async () => {
  const dn = await forests.add(`CN=Mark,${users}`, { objectClass: 'user', mail: '\uFEFFmark@contoso.com' });
  expect((await read(dn)).mail).toBe('\uFEFFmark@contoso.com');
});

it('sees Tier-0 membership of users, groups and contacts, directly and nested', async () => {
  const user = await forests.add(`CN=Ruler,${users}`, { objectClass: 'user' });
  const contact = await forests.add(`CN=Friend,${users}`, { objectClass: 'contact' });
  const inner = await forests.add(`CN=Circle,${users}`, {
    objectClass: 'group',
    groupType: '-2147483640',
    member: [contact],
  });
  await forests.join(inner, user);
  await forests.join(`CN=Enterprise Admins,${users}`, inner);
  expect(await read(contact)).toMatchObject({ tierZero: true });
  expect(await read(inner)).toMatchObject({ tierZero: true, objectType: 'group' });
  expect(await read(user)).toMatchObject({ tierZero: true });
  expect(await read(`CN=Administrator,${users}`)).toMatchObject({ tierZero: true });
  expect(await read(`CN=Domain Admins,${users}`)).toMatchObject({ tierZero: true });
});

it('sees that an object refuses inherited permissions', async () => {
  const dn = await forests.add(`CN=Closed,${users}`, { objectClass: 'user' });
  const { searchEntries } = await forests
    .admin('dc1')
    .search(
      dn,
      { scope: 'base', attributes: ['nTSecurityDescriptor'], explicitBufferAttributes: ['nTSecurityDescriptor'] },
      new AccessList(),
    );
  const descriptor = Buffer.from(searchEntries[0]?.['nTSecurityDescriptor'] as Buffer);
  descriptor.writeUInt16LE(descriptor.readUInt16LE(2) | 0x1000, 2);
  await forests.admin('dc1').modify(dn, replace('nTSecurityDescriptor', descriptor), new AccessList());
  expect(await read(dn)).toMatchObject({ inheritanceBroken: true });
});

function replace(type: string, value: Buffer): LdapChange {
  return new LdapChange({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });
}

class AccessList extends Control {
  constructor() {
    super('1.2.840.113556.1.4.801', { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(4);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}
