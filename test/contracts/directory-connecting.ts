import { Client } from 'ldapts';
import { expect, it } from 'vitest';
import { codeOf, connect, replacing } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

export function connectingContract(subject: () => Subject): void {
  const clientOf = (url: string, secure = true): Client =>
    new Client(secure ? { url, tlsOptions: { ca: subject().running.ca } } : { url });

  it('tells everyone its naming contexts and its name', async () => {
    const client = clientOf(subject().domain.controllers[0].url);
    const { searchEntries } = await client.search('', { scope: 'base' });
    await client.unbind();
    expect(searchEntries[0]).toMatchObject({
      defaultNamingContext: subject().baseDn,
      rootDomainNamingContext: subject().baseDn,
      configurationNamingContext: `CN=Configuration,${subject().baseDn}`,
      dnsHostName: subject().domain.controllers[0].dnsHostName,
      isGlobalCatalogReady: 'TRUE',
      highestCommittedUSN: expect.stringMatching(/^\d+$/),
    });
  });

  it('names its database through dsServiceName', async () => {
    const { searchEntries } = await subject().admin.search('', { scope: 'base', attributes: ['dsServiceName'] });
    const settings = String(searchEntries[0]?.['dsServiceName']);
    const found = await subject().admin.search(settings, {
      scope: 'base',
      attributes: ['invocationId'],
      explicitBufferAttributes: ['invocationId'],
    });
    expect(found.searchEntries[0]?.['invocationId']).toHaveLength(16);
  });

  it('lists the domains of the forest under its partitions', async () => {
    const { searchEntries } = await subject().admin.search(`CN=Partitions,CN=Configuration,${subject().baseDn}`, {
      filter: '(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=3))',
      attributes: ['dnsRoot', 'nCName', 'nETBIOSName'],
    });
    const { dnsName, baseDn } = subject().domain;
    expect(searchEntries).toContainEqual(
      expect.objectContaining({ dnsRoot: dnsName, nCName: baseDn, nETBIOSName: dnsName.split('.')[0]?.toUpperCase() }),
    );
  });

  it('lets an account sign in by DN, by UPN and by DOMAIN\\name', async () => {
    const { adminDn, adminPassword, dnsName, controllers } = subject().domain;
    const netbios = dnsName.split('.')[0]?.toUpperCase();
    for (const name of [adminDn, `Administrator@${dnsName}`, `${netbios}\\Administrator`]) {
      const client = clientOf(controllers[0].url);
      expect([name, await codeOf(client.bind(name, adminPassword))]).toEqual([name, 0]);
      await client.unbind();
    }
  });

  it('refuses a wrong password, an unknown account and a bare account name alike', async () => {
    const { adminDn, adminPassword, controllers, baseDn } = subject().domain;
    for (const [name, password] of [
      [adminDn, 'Wrong!Passw0rd'],
      [`CN=Nobody,${baseDn}`, adminPassword],
      ['Administrator', adminPassword],
    ] as const) {
      const client = clientOf(controllers[0].url);
      expect([name, await codeOf(client.bind(name, password))]).toEqual([name, 49]);
      await client.unbind();
    }
  });

  it('refuses a simple bind without TLS, so that no password travels in the clear', async () => {
    const { ldapUrl } = subject().domain.controllers[0];
    const client = clientOf(ldapUrl, false);
    expect(await codeOf(client.bind(subject().domain.adminDn, subject().domain.adminPassword))).toBe(8);
    await client.unbind();
  });

  it('lets a client sign in after StartTLS', async () => {
    const { ldapUrl } = subject().domain.controllers[0];
    const client = clientOf(ldapUrl, false);
    await client.startTLS({ ca: subject().running.ca, servername: 'localhost' });
    expect(await codeOf(client.bind(subject().domain.adminDn, subject().domain.adminPassword))).toBe(0);
    await client.unbind();
  });

  it('answers nothing but the rootDSE before a bind', async () => {
    const client = clientOf(subject().domain.controllers[0].url);
    expect(await codeOf(client.search(subject().baseDn, { scope: 'base' }))).toBe(1);
    await client.unbind();
  });

  it('is refused by a client that does not know its certificate', async () => {
    const client = new Client({ url: subject().domain.controllers[0].url });
    await expect(client.bind(subject().domain.adminDn, subject().domain.adminPassword)).rejects.toThrow(/self.signed/i);
  });

  it('serves the global catalogue, and refuses every write there', async () => {
    const { adminDn, adminPassword } = subject().domain;
    const url = subject().running.forest.globalCatalogueUrl;
    const dn = await subject().user('Catalogued', { mail: 'catalogued@contoso.com', employeeID: '4711' });
    const catalogue = await connect({ url, ca: subject().running.ca }, adminDn, adminPassword);
    const { searchEntries } = await catalogue.search('', {
      filter: '(mail=catalogued@contoso.com)',
      attributes: ['cn'],
    });
    expect(searchEntries.map((entry) => entry.dn)).toEqual([dn]);
    const write = await codeOf(catalogue.modify(dn, replacing('mail', 'changed@contoso.com')));
    expect(write).toBe(53);
    await catalogue.unbind();
  });
}
