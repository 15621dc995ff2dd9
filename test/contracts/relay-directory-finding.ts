import { expect, it } from 'vitest';
import { replacing } from './directory-client.ts';
import type { RelaySubject } from './relay-directory-subject.ts';

export function relayFindingContract(relay: () => RelaySubject): void {
  it('finds every object that yields an address, in each form and case, and no other', async () => {
    const { subject } = relay();
    const holders = [
      await subject.user('Upn', { userPrincipalName: 'shared@contoso.com' }),
      await subject.user('Mail', { mail: 'Shared@Contoso.com' }),
      await subject.user('Alias', { proxyAddresses: ['SMTP:x@y.z', 'smtp:SHARED@contoso.com'] }),
      await subject.user('Sip', { proxyAddresses: ['sip:shared@contoso.com'] }),
    ];
    await subject.user('Other', { mail: 'shared@contoso.com.au', proxyAddresses: ['smtp:notshared@contoso.com'] });
    expect(await relay().names({ kind: 'address', address: 'shared@contoso.com' })).toEqual(holders.sort());
  });

  it('takes LDAP metacharacters, quotes, non-ASCII and 260 characters for what they are', async () => {
    const odd = [`o'hara*(x)\\&|!@contoso.com`, 'zoë+ß漢字@contoso.com', `${'a'.repeat(248)}@contoso.com`];
    for (const address of odd) {
      const dn = await relay().subject.user('Odd', { proxyAddresses: [`smtp:${address}`] });
      expect(await relay().names({ kind: 'address', address })).toEqual([dn]);
    }
    expect(await relay().names({ kind: 'address', address: '*@contoso.com' })).toEqual([]);
  });

  it('finds the routing address by the nickname it is made of', async () => {
    const dn = await relay().subject.user('Nick', { mailNickname: 'nick.name' });
    expect(await relay().names({ kind: 'address', address: 'nick.name@contoso.onmicrosoft.com' })).toEqual([dn]);
  });

  it('finds by GUID and by source anchor, whose octets are no text', async () => {
    for (let count = 0; count < 8; count += 1) {
      const dn = await relay().subject.user('Anchor');
      const octets = (await relay().subject.read(dn, 'objectGUID'))['objectGUID'] as Buffer;
      expect(await relay().names({ kind: 'objectGuid', objectGuid: await relay().guidOf(dn) })).toEqual([dn]);
      expect(await relay().names({ kind: 'sourceAnchor', sourceAnchor: octets.toString('base64') })).toEqual([dn]);
    }
  });

  it('finds by an anchor that was written', async () => {
    const dn = await relay().subject.user('Anchored');
    const anchor = Buffer.from('00ff80c328a0415c2a28297b7d0d0a1f', 'hex');
    await relay().subject.admin.modify(dn, replacing('mS-DS-ConsistencyGuid', anchor));
    expect(await relay().names({ kind: 'sourceAnchor', sourceAnchor: anchor.toString('base64') })).toEqual([dn]);
  });

  it('finds by employee number', async () => {
    const dn = await relay().subject.user('Employee', { employeeID: 'E-4711' });
    expect(await relay().names({ kind: 'employeeId', employeeId: 'E-4711' })).toEqual([dn]);
  });

  it('finds by account name, whatever its case', async () => {
    const name = `acct${Math.random().toString(36).slice(2, 10)}`;
    const dn = await relay().subject.user('Account', { sAMAccountName: name });
    expect(await relay().names({ kind: 'accountName', accountName: name.toUpperCase() })).toEqual([dn]);
    expect(await relay().names({ kind: 'accountName', accountName: `${name.slice(0, -1)}*` })).toEqual([]);
  });

  it('reads an object by its name, and answers none for a name that nothing has or that is no name', async () => {
    const named = (distinguishedName: string) => relay().names({ kind: 'distinguishedName', distinguishedName });
    const { dn: unit } = await relay().subject.unit();
    const dn = `CN=Müller\\, Jörg (x)*,${unit}`;
    await relay().subject.admin.add(dn, { objectClass: 'user', sAMAccountName: 'joerg' });
    expect(await named(dn)).toEqual([dn]);
    expect(await named(`CN=Nobody,${unit}`)).toEqual([]);
    expect(await named('CN=Out,DC=elsewhere,DC=com')).toEqual([]);
    expect(await named('nonsense')).toEqual([]);
  });

  it('goes over all pages', async () => {
    const { dn: unit } = await relay().subject.unit();
    for (let count = 0; count < 520; count += 1) {
      await relay().subject.admin.add(`CN=Many ${count},${unit}`, { objectClass: 'contact', employeeID: 'many' });
    }
    const found = await relay().names({ kind: 'employeeId', employeeId: 'many' });
    expect(new Set(found).size).toBe(520);
  }, 120_000);

  it('names the catalogue that it asked, with its state', async () => {
    const { searched } = await relay().search({ kind: 'employeeId', employeeId: 'none' });
    expect(searched).toEqual([
      {
        forest: 'contoso.com',
        domainController: 'dc1.contoso.com',
        highestCommittedUsn: expect.stringMatching(/^\d+$/),
        invocationId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      },
    ]);
  });
}
