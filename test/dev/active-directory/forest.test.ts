import { Client } from 'ldapts';
import { describe, expect, it } from 'vitest';
import { adding, codeOf, connect, replacing } from '../../contracts/directory-client.ts';
import { adminPassword, attributeOf, control, organisation, required } from './organisation.ts';

const org = organisation();
const root = 'CN=Users,DC=contoso,DC=com';
const child = 'CN=Users,DC=emea,DC=contoso,DC=com';

describe('a forest', () => {
  it('refers a client to the domain that holds an object', async () => {
    expect(await codeOf(attributeOf(org().dc1, child, 'cn'))).toBe(10);
    expect(await codeOf(org().dc1.modify(`CN=Administrator,${child}`, replacing('title', 'x')))).toBe(10);
    expect(await codeOf(attributeOf(org().dc1, 'DC=fabrikam,DC=com', 'dc'))).toBe(10);
  });

  it('names the domains below a base without searching them', async () => {
    await org().emea.add(`CN=Below,${child}`, { objectClass: 'user' });
    const found = await org().dc1.search('DC=contoso,DC=com', { filter: '(cn=Below)', attributes: ['cn'] });
    expect(found.searchEntries).toEqual([]);
    expect(found.searchReferences).toContain('ldap://emea.contoso.com/DC=emea,DC=contoso,DC=com');
  });

  it('refuses a UPN that a user of another domain has, as far as the catalogue knows', async () => {
    await org().emea.add(`CN=Owner,${child}`, { objectClass: 'user', userPrincipalName: 'owner@contoso.com' });
    const claim = { objectClass: 'user', userPrincipalName: 'OWNER@contoso.com' };
    expect(await codeOf(org().dc1.add(`CN=Claimant,${root}`, claim))).toBe(19);
    expect(await codeOf(org().dc2.add(`CN=Claimant,${root}`, claim))).toBe(19);
    expect(await codeOf(org().fabrikam.add('CN=Claimant,CN=Users,DC=fabrikam,DC=com', claim))).toBe(0);
  });

  it('lets every domain have its own account of one name', async () => {
    await org().dc1.add(`CN=Same,${root}`, { objectClass: 'user', sAMAccountName: 'same.name' });
    expect(await codeOf(org().emea.add(`CN=Same,${child}`, { objectClass: 'user', sAMAccountName: 'same.name' }))).toBe(
      0,
    );
  });

  it('links objects of different domains, and follows when one is renamed', async () => {
    await org().emea.add(`CN=Colleague,${child}`, { objectClass: 'user' });
    await org().dc1.add(`CN=Universal,${root}`, { objectClass: 'group', groupType: '-2147483640' });
    await org().dc1.modify(`CN=Universal,${root}`, adding('member', `CN=Colleague,${child}`));
    await org().emea.modifyDN(`CN=Colleague,${child}`, 'CN=Renamed colleague');
    expect(await attributeOf(org().dc1, `CN=Universal,${root}`, 'member')).toBe(`CN=Renamed colleague,${child}`);
  });

  it('lets an account of one domain sign in at a controller of another', async () => {
    const { url } = required(org().directory.forests[0].domains[1]).controllers[0];
    const client = await connect({ url, ca: org().ca }, 'CONTOSO\\Administrator', adminPassword);
    expect(await codeOf(client.modify(`CN=Administrator,${child}`, replacing('title', 'by the enterprise')))).toBe(0);
    await client.unbind();
  });

  it('gives each domain its Tier-0 groups, protected accounts and krbtgt', async () => {
    for (const [client, users] of [
      [org().dc1, root],
      [org().emea, child],
    ] as const) {
      const { searchEntries } = await client.search(users, { filter: '(adminCount=1)', attributes: ['cn'] });
      const names = searchEntries.map((entry) => entry['cn']);
      expect(names).toEqual(expect.arrayContaining(['Administrator', 'krbtgt', 'Domain Admins', 'Domain Controllers']));
    }
  });
});

describe('the global catalogue', () => {
  it('finds an address in every domain of its forest and in no other forest', async () => {
    const address = { objectClass: 'contact', proxyAddresses: 'SMTP:everywhere@contoso.com' };
    await org().dc1.add(`CN=In root,${root}`, address);
    await org().emea.add(`CN=In child,${child}`, address);
    await org().fabrikam.add('CN=Elsewhere,CN=Users,DC=fabrikam,DC=com', address);
    const filter = '(proxyAddresses=smtp:everywhere@contoso.com)';
    for (const base of ['', 'DC=contoso,DC=com']) {
      const { searchEntries } = await org().catalogue.search(base, { filter, attributes: ['cn'] });
      expect(searchEntries.map((entry) => entry['cn'])).toEqual(['In root', 'In child']);
    }
  });

  it('knows nothing of the attributes outside its set, neither to show nor to search', async () => {
    await org().dc1.add(`CN=Partly,${root}`, { objectClass: 'user', mail: 'partly@contoso.com', employeeID: '0815' });
    const { searchEntries } = await org().catalogue.search('', {
      filter: '(mail=partly@contoso.com)',
      attributes: ['mail', 'employeeID'],
    });
    expect(searchEntries[0]).toMatchObject({ mail: 'partly@contoso.com', employeeID: [] });
    const byEmployee = await org().catalogue.search('', { filter: '(employeeID=0815)', attributes: ['cn'] });
    expect(byEmployee.searchEntries).toEqual([]);
    expect(await attributeOf(org().dc1, `CN=Partly,${root}`, 'employeeID')).toBe('0815');
  });

  it('refuses every write', async () => {
    expect(await codeOf(org().catalogue.modify(`CN=Administrator,${root}`, replacing('title', 'x')))).toBe(53);
    expect(await codeOf(org().catalogue.add(`CN=New,${root}`, { objectClass: 'user' }))).toBe(53);
    expect(await codeOf(org().catalogue.del(`CN=Administrator,${child}`))).toBe(53);
  });

  it('hears of other domains with the delay, and of its own at once', async () => {
    await control(org(), 'ad.replicationDelaySeconds').write(60);
    await org().dc1.add(`CN=Near,${root}`, { objectClass: 'contact', mail: 'near@contoso.com' });
    await org().emea.add(`CN=Far,${child}`, { objectClass: 'contact', mail: 'far@contoso.com' });
    const found = async (mail: string): Promise<number> =>
      (await org().catalogue.search('', { filter: `(mail=${mail})`, attributes: ['cn'] })).searchEntries.length;
    expect([await found('near@contoso.com'), await found('far@contoso.com')]).toEqual([1, 0]);
    org().clock.advance(61_000);
    expect(await found('far@contoso.com')).toBe(1);
    await control(org(), 'ad.replicationDelaySeconds').write(0);
  });

  it('is announced by one controller of the forest only', async () => {
    const ready = async (url: string): Promise<unknown> => {
      const client = new Client({ url, tlsOptions: { ca: org().ca } });
      const answer = await attributeOf(client, '', 'isGlobalCatalogReady');
      await client.unbind();
      return answer;
    };
    const controllers = org().directory.forests[0].domains.flatMap((domain) => domain.controllers);
    expect(await Promise.all(controllers.map(({ url }) => ready(url)))).toEqual(['TRUE', 'FALSE', 'FALSE']);
  });
});
