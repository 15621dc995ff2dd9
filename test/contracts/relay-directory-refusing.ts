import { expect, it } from 'vitest';
import { adding, passwordOctets, replacing } from './directory-client.ts';
import { drop, rename, set } from './relay-directory-changes.ts';
import { relayDifferences } from './relay-directory-differences.ts';
import type { RelaySubject } from './relay-directory-subject.ts';

export function relayRefusingContract(relay: () => RelaySubject): void {
  const subject = () => relay().subject;

  it('names the object that has the user principal name already', async () => {
    const holder = await subject().user('Holder', { userPrincipalName: 'taken@contoso.com' });
    const dn = await subject().user('Claimant', { userPrincipalName: 'wants@contoso.com' });
    const change = rename(await relay().guidOf(dn), 'wants@contoso.com', 'Taken@contoso.com');
    expect(await relay().apply(change)).toMatchObject({
      outcome: 'refused',
      code: 'UpnNotUniqueInForest',
      message: expect.stringContaining(holder),
    });
  });

  it('says which right is missing and how it is given', async () => {
    const { dn: unit, number } = await subject().unit();
    const account = `CN=Poor Relay,${unit}`;
    const password = 'Poor!Passw0rd';
    await subject().admin.add(account, { objectClass: 'user', sAMAccountName: `poor${number}` });
    await subject().admin.modify(account, replacing('unicodePwd', passwordOctets(password)));
    await subject().admin.modify(account, replacing('userAccountControl', '512'));
    const poor = relay().connectAs(account, password);
    const dn = await subject().user('Denied', { proxyAddresses: ['smtp:denied@contoso.com'] });
    const change = drop(await relay().guidOf(dn), 'smtp:denied@contoso.com');
    expect(await relay().apply(change, { directory: poor })).toMatchObject({
      outcome: 'notPermitted',
      remedy: expect.stringContaining('Set-ADSyncExchangeHybridPermissions'),
    });
    expect(await relay().values(dn, 'proxyAddresses')).toEqual(['smtp:denied@contoso.com']);
  });

  it('says that its password is wrong', async () => {
    const stranger = relay().connectAs(subject().domain.adminDn, 'not this one');
    const dn = await subject().user('Asked');
    expect(await relay().state(rename(await relay().guidOf(dn), null, 'x@contoso.com'), stranger)).toMatchObject({
      outcome: 'notPermitted',
      remedy: expect.stringContaining('password file'),
    });
  });

  it('answers gone for an object that was deleted', async () => {
    const dn = await subject().user('Gone', { userPrincipalName: 'gone@contoso.com' });
    const guid = await relay().guidOf(dn);
    await subject().admin.del(dn);
    expect(await relay().apply(rename(guid, 'gone@contoso.com', 'x@contoso.com'))).toMatchObject({ outcome: 'gone' });
  });

  it('says that a value is too long', async () => {
    const guid = await relay().guidOf(await subject().user('Long'));
    expect(await relay().apply(set(guid, 'mail', null, `${'m'.repeat(300)}@contoso.com`))).toMatchObject({
      outcome: 'refused',
      code: relayDifferences.tooLongValue[subject().kind],
    });
  });

  it('keeps off whoever rules the forest, without a write', async () => {
    const dn = await subject().user('Ruler', { proxyAddresses: ['smtp:ruler@contoso.com'] });
    await subject().admin.modify(`CN=Domain Admins,CN=Users,${subject().baseDn}`, adding('member', dn));
    const before = await relay().values(dn, 'uSNChanged');
    expect(await relay().apply(drop(await relay().guidOf(dn), 'smtp:ruler@contoso.com'))).toMatchObject({
      outcome: 'refused',
      code: 'ProtectedObject',
    });
    expect(await relay().values(dn, 'uSNChanged')).toEqual(before);
  });

  it('keeps an address by which the tenant routes mail', async () => {
    const value = 'smtp:keep@contoso.onmicrosoft.com';
    const dn = await subject().user('Keep', { proxyAddresses: [value] });
    expect(await relay().apply(drop(await relay().guidOf(dn), value))).toMatchObject({ code: 'ProtectedValue' });
    expect(await relay().values(dn, 'proxyAddresses')).toEqual([value]);
  });
}
