import { expect, it } from 'vitest';
import { adding, replacing, SecurityDescriptorFlags } from './directory-client.ts';
import { drop, multiple, rename, set, single } from './relay-directory-changes.ts';
import { relayDifferences } from './relay-directory-differences.ts';
import type { RelaySubject } from './relay-directory-subject.ts';

const daclProtected = 0x1000;

export function relayReadingContract(relay: () => RelaySubject): void {
  const subject = () => relay().subject;

  it('reads a user with everything that Exchange and the sync engine know it by', async () => {
    const dn = await subject().user('Full', {
      displayName: 'Full Name',
      givenName: 'Full',
      sn: 'Name',
      userPrincipalName: 'full@contoso.com',
      mail: 'full@contoso.com',
      mailNickname: 'full',
      targetAddress: 'SMTP:full@contoso.mail.onmicrosoft.com',
      proxyAddresses: ['SMTP:full@contoso.com', 'smtp:f@contoso.com'],
      employeeID: 'E1',
      department: 'Sales',
      telephoneNumber: '+49 1',
      mobile: '+49 2',
      homeMDB: 'CN=Database 1',
      msExchRecipientTypeDetails: '2147483648',
      msExchRemoteRecipientType: '4',
      legacyExchangeDN: '/o=x/cn=full',
      adminDescription: 'User_x',
    });
    const object = await relay().read(dn);
    expect(object).toMatchObject({
      forest: 'contoso.com',
      domainController: 'dc1.contoso.com',
      distinguishedName: dn,
      objectGuid: await relay().guidOf(dn),
      objectSid: expect.stringMatching(/^S-1-5-21-\d+-\d+-\d+-\d+$/),
      objectType: 'user',
      displayName: 'Full Name',
      givenName: 'Full',
      surname: 'Name',
      userPrincipalName: 'full@contoso.com',
      mail: 'full@contoso.com',
      mailNickname: 'full',
      targetAddress: 'SMTP:full@contoso.mail.onmicrosoft.com',
      employeeId: 'E1',
      department: 'Sales',
      phones: ['+49 1', '+49 2'],
      accountEnabled: false,
      homeMdb: 'CN=Database 1',
      msExchRecipientTypeDetails: '2147483648',
      msExchRemoteRecipientType: '4',
      legacyExchangeDn: '/o=x/cn=full',
      adminDescription: 'User_x',
      isCriticalSystemObject: false,
      tierZero: false,
      inheritanceBroken: false,
      whenCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(object.proxyAddresses.toSorted()).toEqual(['SMTP:full@contoso.com', 'smtp:f@contoso.com']);
  });

  it('reads an object that has next to nothing', async () => {
    const { dn: unit } = await subject().unit();
    await subject().admin.add(`CN=Bare,${unit}`, { objectClass: 'contact' });
    const object = await relay().read(`CN=Bare,${unit}`);
    expect(object).toMatchObject({ objectType: 'contact', displayName: 'Bare', accountEnabled: null, tierZero: false });
    expect(object.proxyAddresses).toEqual([]);
    expect(object).not.toHaveProperty('mail');
    expect(object).not.toHaveProperty('objectSid');
  });

  it('tells when names and addresses were last written, where the directory knows', async () => {
    const address = 'dated@contoso.com';
    const dn = await subject().user('Dated', {
      userPrincipalName: address,
      mail: address,
      proxyAddresses: [`SMTP:${address}`],
    });
    const { userAccountControl: _, ...dated } = (await relay().read(dn)).attributeChangedAt;
    expect(Object.keys(dated).toSorted()).toEqual(relayDifferences.datedAttributes[subject().kind]);
  });

  it('reads binary identifiers octet by octet, and keeps a leading U+FEFF', async () => {
    const dn = await subject().user('Binary', { mail: '\uFEFFmark@contoso.com' });
    // Valid UTF-8 by chance.
    const anchor = Buffer.from('ABCDEFGHIJKLMNOP');
    await subject().admin.modify(dn, replacing('mS-DS-ConsistencyGuid', anchor));
    await subject().admin.modify(dn, replacing('msExchMailboxGuid', anchor));
    expect(await relay().read(dn)).toMatchObject({
      consistencyGuid: anchor.toString('base64'),
      msExchMailboxGuid: '44434241-4645-4847-494a-4b4c4d4e4f50',
      mail: '\uFEFFmark@contoso.com',
    });
  });

  it('reads all of more than 1,500 values', async () => {
    const addresses = Array.from({ length: 1_600 }, (_, index) => `smtp:a${index}@contoso.com`);
    const dn = await subject().user('Crowded', { proxyAddresses: addresses });
    expect((await relay().read(dn)).proxyAddresses.toSorted()).toEqual(addresses.toSorted());
  });

  it('sees Tier-0 membership of users, groups and contacts, directly and nested', async () => {
    const { dn: unit, number } = await subject().unit();
    const [user, contact, inner] = [`CN=Ruler,${unit}`, `CN=Friend,${unit}`, `CN=Circle,${unit}`] as const;
    await subject().admin.add(user, { objectClass: 'user', sAMAccountName: `ruler${number}` });
    await subject().admin.add(contact, { objectClass: 'contact' });
    const universal = '-2147483640';
    await subject().admin.add(inner, { objectClass: 'group', groupType: universal, member: [user, contact] });
    const users = `CN=Users,${subject().baseDn}`;
    for (const dn of [user, contact, inner]) expect((await relay().read(dn)).tierZero, dn).toBe(false);
    await subject().admin.modify(`CN=Enterprise Admins,${users}`, adding('member', inner));
    const rulers = [user, contact, inner, `CN=Administrator,${users}`, `CN=Domain Admins,${users}`];
    for (const dn of rulers) expect((await relay().read(dn)).tierZero, dn).toBe(true);
  });

  it('sees that an object refuses inherited permissions', async () => {
    const dn = await subject().user('Closed');
    const attribute = 'nTSecurityDescriptor';
    const { searchEntries } = await subject().admin.search(
      dn,
      { scope: 'base', attributes: [attribute], explicitBufferAttributes: [attribute] },
      new SecurityDescriptorFlags(4),
    );
    const descriptor = Buffer.from(searchEntries[0]?.[attribute] as Buffer);
    descriptor.writeUInt16LE(descriptor.readUInt16LE(2) | daclProtected, 2);
    await subject().admin.modify(dn, replacing(attribute, descriptor), new SecurityDescriptorFlags(4));
    expect(await relay().read(dn)).toMatchObject({ inheritanceBroken: true });
  });

  it('tells the state of what a change touches, and nothing of other values', async () => {
    const dn = await subject().user('State', {
      userPrincipalName: 'state@contoso.com',
      proxyAddresses: ['SMTP:p@contoso.com', 'smtp:A@contoso.com', 'x500:/o=other'],
    });
    const guid = await relay().guidOf(dn);
    const domainController = 'dc1.contoso.com';
    const found = async (change: Parameters<RelaySubject['state']>[0]) => relay().state(change);
    expect(await found(rename(guid, 'planned@contoso.com', 'x@contoso.com'))).toEqual({
      outcome: 'state',
      found: single('state@contoso.com'),
      domainController,
    });
    expect(await found(set(guid, 'mail', null, 'm@contoso.com'))).toMatchObject({ found: single(null) });
    expect(await found(drop(guid, 'smtp:a@contoso.com'))).toMatchObject({
      found: multiple(['smtp:a@contoso.com'], [], 'SMTP:p@contoso.com'),
    });
  });
}
