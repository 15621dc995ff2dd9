import { expect, it } from 'vitest';
import { adding, codeOf, replacing } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

export function namingContract(subject: () => Subject): void {
  it('completes objectClass and gives what every account has', async () => {
    const dn = await subject().user('Complete');
    const entry = await subject().read(dn, '*');
    expect(entry).toMatchObject({
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      objectCategory: `CN=Person,CN=Schema,CN=Configuration,${subject().baseDn}`,
      cn: 'Complete',
      name: 'Complete',
      distinguishedName: dn,
      instanceType: '4',
      userAccountControl: '546',
      sAMAccountType: '805306368',
      primaryGroupID: '513',
      whenCreated: expect.stringMatching(/^\d{14}\.0Z$/),
      uSNCreated: expect.stringMatching(/^\d+$/),
    });
    expect(entry['objectGUID']).toHaveLength(16);
    expect(entry['objectSid']).toHaveLength(28);
  });

  it('makes up an account name that is not given', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=Nameless,${dn}`, { objectClass: 'user' });
    const { sAMAccountName } = await subject().read(`CN=Nameless,${dn}`, 'sAMAccountName');
    expect(sAMAccountName).toMatch(/^\$[0-9A-Z]{6,8}-[0-9A-Z]{12,16}$/);
  });

  it('gives a contact neither a SID nor an account name', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=Outside,${dn}`, { objectClass: 'contact', mail: 'outside@fabrikam.com' });
    const entry = await subject().read(`CN=Outside,${dn}`, '*');
    expect(entry['objectClass']).toEqual(['top', 'person', 'organizationalPerson', 'contact']);
    expect(entry).not.toHaveProperty('objectSid');
    expect(entry).not.toHaveProperty('sAMAccountName');
  });

  it('makes a group a global security group unless told otherwise', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=Team,${dn}`, { objectClass: 'group' });
    expect(await subject().read(`CN=Team,${dn}`, 'groupType')).toMatchObject({ groupType: '-2147483646' });
  });

  it('refuses a second object of one name', async () => {
    const dn = await subject().user('Twin');
    expect(await codeOf(subject().admin.add(dn.replace('Twin', 'TWIN'), { objectClass: 'user' }))).toBe(68);
  });

  it('refuses an account name that another account of the domain has, in any casing', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=A,${dn}`, { objectClass: 'user', sAMAccountName: 'taken.name' });
    expect(await codeOf(subject().admin.add(`CN=B,${dn}`, { objectClass: 'user', sAMAccountName: 'Taken.Name' }))).toBe(
      68,
    );
  });

  it('refuses a UPN that another user of the forest has, in any casing, when added and when modified', async () => {
    await subject().user('Holder', { userPrincipalName: 'holder@contoso.com' });
    const { dn } = await subject().unit();
    const claim = { objectClass: 'user', userPrincipalName: 'HOLDER@contoso.com' };
    expect(await codeOf(subject().admin.add(`CN=Claimant,${dn}`, claim))).toBe(19);
    const other = await subject().user('Other', { userPrincipalName: 'other@contoso.com' });
    expect(await codeOf(subject().admin.modify(other, replacing('userPrincipalName', 'holder@contoso.com')))).toBe(19);
  });

  it('refuses a service principal name that another account has', async () => {
    await subject().user('Service', { servicePrincipalName: 'HTTP/portal.contoso.com' });
    const other = await subject().user('Impostor');
    const spn = adding('servicePrincipalName', 'http/PORTAL.contoso.com');
    expect(await codeOf(subject().admin.modify(other, spn))).toBe(19);
  });

  it('accepts one address on two objects: Active Directory knows no unique addresses', async () => {
    const address = { mail: 'shared@contoso.com', proxyAddresses: ['SMTP:shared@contoso.com'] };
    await subject().user('First', address);
    await subject().user('Second', address);
    const holders = await subject().find(subject().baseDn, { filter: '(proxyAddresses=smtp:SHARED@contoso.com)' });
    expect(holders).toEqual(['First', 'Second']);
  });

  it('accepts a UPN of any form', async () => {
    const dn = await subject().user('Formless', { userPrincipalName: 'formless' });
    expect(await subject().read(dn, 'userPrincipalName')).toMatchObject({ userPrincipalName: 'formless' });
  });

  it('refuses an object below nothing, of no class, and of an unknown class', async () => {
    const { dn } = await subject().unit();
    const { admin } = subject();
    expect(await codeOf(admin.add(`CN=Lost,OU=Nowhere,${dn}`, { objectClass: 'user' }))).toBe(32);
    expect(await codeOf(admin.add(`CN=Classless,${dn}`, { displayName: 'x' }))).toBe(65);
    expect(await codeOf(admin.add(`CN=Alien,${dn}`, { objectClass: 'spaceship' }))).toBe(16);
  });

  it('refuses an attribute that the class does not have', async () => {
    const { dn } = await subject().unit();
    const contact = { objectClass: 'contact', userPrincipalName: 'contact@contoso.com' };
    expect(await codeOf(subject().admin.add(`CN=Overdressed,${dn}`, contact))).toBe(65);
  });

  it.each([
    'Smith, Alice',
    'a+b',
    '#1',
    'say "hi"',
    'back\\slash',
    'equals=sign',
    '<angle>',
    'semi;colon',
    'Zoë Müller',
    "O'Neil",
  ])('keeps the name %s through its escapes', async (name) => {
    const { dn } = await subject().unit();
    const escaped = name.replace(/[,+"\\<>;=]/g, '\\$&').replace(/^#/, '\\#');
    await subject().admin.add(`CN=${escaped},${dn}`, { objectClass: 'contact' });
    const entry = await subject().read(`CN=${escaped},${dn}`, 'cn', 'distinguishedName');
    expect(entry['cn']).toBe(name);
    const again = await subject().read(String(entry['distinguishedName']), 'cn');
    expect(again['cn']).toBe(name);
  });

  it('refuses a DN that is none', async () => {
    expect(await codeOf(subject().admin.add('no name at all', { objectClass: 'user' }))).toBe(34);
  });
}
