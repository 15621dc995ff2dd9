import { expect, test } from 'vitest';
import type { DirectoryObject } from '../../../dev/entra/directory-object.ts';
import { Organisation } from './organisation.ts';

const moera = 'smtp:ann@contoso.onmicrosoft.com';

function synced(attributes: Record<string, string | string[]>, organisation = new Organisation()): DirectoryObject {
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com', ...attributes });
  return organisation.bySourceAnchor('a');
}

test('S8: the alias comes from AD mailNickname, else primary SMTP, mail, UPN', () => {
  expect(synced({ mailNickname: 'annie', mail: 'm@contoso.com' }).mailNickname).toBe('annie');
  expect(
    synced({ proxyAddresses: ['smtp:s@contoso.com', 'SMTP:p@contoso.com'], mail: 'm@contoso.com' }).mailNickname,
  ).toBe('p');
  expect(synced({ mail: 'm@contoso.com' }).mailNickname).toBe('m');
  expect(synced({ proxyAddresses: ['smtp:s@contoso.com'] }).mailNickname).toBe('ann');
});

test('S8: later the alias changes only with AD mailNickname', () => {
  const organisation = new Organisation();
  const user = synced({ mail: 'm@contoso.com' }, organisation);
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com', mail: 'other@contoso.com' });
  expect(user.mailNickname).toBe('m');
  organisation.cycle('update', 'user', 'a', { userPrincipalName: 'ann@contoso.com', mailNickname: 'annie' });
  expect(user.mailNickname).toBe('annie');
});

test('S8: the primary is the SMTP value, else mail; UPN only for a recipient', () => {
  expect(synced({ proxyAddresses: ['SMTP:p@contoso.com'], mail: 'm@contoso.com' })).toMatchObject({
    mail: 'p@contoso.com',
  });
  expect(synced({ proxyAddresses: ['smtp:s@contoso.com'], mail: 'm@contoso.com' }).proxyAddresses).toEqual([
    'SMTP:m@contoso.com',
    'smtp:s@contoso.com',
  ]);
  expect(synced({})).toMatchObject({ mail: undefined, proxyAddresses: [] });
  expect(synced({ msExchMailboxGuid: 'g' }).proxyAddresses).toEqual(['SMTP:ann@contoso.com', moera]);
});

test('S8: a recipient gets its UPN and its initial-domain address as aliases', () => {
  const user = synced({ msExchRecipientTypeDetails: '1', proxyAddresses: ['SMTP:p@contoso.com'], mailNickname: 'ann' });
  expect(user.proxyAddresses).toEqual(['SMTP:p@contoso.com', 'smtp:ann@contoso.com', moera]);
});

test('S8: a taken initial-domain address gets four digits', () => {
  const organisation = new Organisation();
  organisation.cloudUser('other@contoso.com', { mail: 'ann@contoso.onmicrosoft.com' });
  const user = synced({ msExchMailboxGuid: 'g' }, organisation);
  expect(user.proxyAddresses).toContainEqual(expect.stringMatching(/^smtp:ann\d{4}@contoso\.onmicrosoft\.com$/));
});

test('S8: an alias equal to the UPN of a mailbox cannot be removed in AD', () => {
  const organisation = new Organisation();
  const user = synced(
    { msExchMailboxGuid: 'g', proxyAddresses: ['SMTP:p@contoso.com', 'smtp:ann@contoso.com'] },
    organisation,
  );
  organisation.cycle('update', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    msExchMailboxGuid: 'g',
    proxyAddresses: ['SMTP:p@contoso.com'],
  });
  expect(user.proxyAddresses).toContain('smtp:ann@contoso.com');
});

test('S8: the old initial-domain address stays when the alias changes', () => {
  const organisation = new Organisation();
  const user = synced({ msExchMailboxGuid: 'g' }, organisation);
  organisation.cycle('update', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    msExchMailboxGuid: 'g',
    mailNickname: 'annie',
  });
  expect(user.proxyAddresses).toEqual(expect.arrayContaining([moera, 'smtp:annie@contoso.onmicrosoft.com']));
});

test('S8: values without prefix, with a space or an invisible character, X400 and foreign routing domains are dropped', () => {
  const dropped = [
    'x@contoso.com',
    'smtp:a b@contoso.com',
    'smtp:z\u200bz@contoso.com',
    'X400:C=US;A= ;P=Contoso',
    'smtp:x@fabrikam.onmicrosoft.com',
    'smtp:x@y.microsoftonline.com',
  ];
  const kept = [
    'SMTP:p@contoso.com',
    'smtp:x@contoso.mail.onmicrosoft.com',
    'X500:/o=Contoso/cn=ann',
    'sip:ann@contoso.com',
  ];
  expect(synced({ proxyAddresses: [...dropped, ...kept] }).proxyAddresses.toSorted()).toEqual(kept.toSorted());
});

test('S8: an unverified suffix survives until the user gets an Exchange plan', async () => {
  const organisation = new Organisation();
  const user = synced({ proxyAddresses: ['SMTP:p@contoso.com', 'smtp:ann@fabrikam.com'] }, organisation);
  expect(user.proxyAddresses).toContain('smtp:ann@fabrikam.com');
  await organisation.set('entra.licences', { 'ann@contoso.com': true });
  expect(user.proxyAddresses).not.toContain('smtp:ann@fabrikam.com');
});

test('S8: without the plan the UPN-derived primary goes and the initial-domain address becomes primary', async () => {
  const organisation = new Organisation();
  const user = synced({}, organisation);
  await organisation.set('entra.licences', { 'ann@contoso.com': true });
  expect(user.proxyAddresses).toEqual(['SMTP:ann@contoso.com', moera]);
  await organisation.set('entra.licences', { 'ann@contoso.com': false });
  expect(user).toMatchObject({
    mail: 'ann@contoso.onmicrosoft.com',
    proxyAddresses: ['SMTP:ann@contoso.onmicrosoft.com'],
  });
});

test('S8: a derived address that another holds is quarantined at the calculation, not in the export', () => {
  const organisation = new Organisation();
  organisation.cloudUser('other@contoso.com', { mail: 'm@contoso.com' });
  organisation.send('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com', mail: 'm@contoso.com' });
  expect(organisation.quarantineOf('a')).toEqual([]);
  organisation.tenant.settle();
  expect(organisation.quarantineOf('a')).toEqual(['ProxyAddress SMTP:m@contoso.com']);
});

test('S8: planted fault S8 never lets go of an address', () => {
  const organisation = new Organisation({ plantedFault: 'S8' });
  const user = synced({ proxyAddresses: ['SMTP:p@contoso.com', 'smtp:x@contoso.com'] }, organisation);
  organisation.cycle('update', 'user', 'a', {
    userPrincipalName: 'ann@contoso.com',
    proxyAddresses: ['SMTP:p@contoso.com'],
  });
  expect(user.proxyAddresses).toEqual(['SMTP:p@contoso.com', 'smtp:x@contoso.com']);
});

test('S8: a placeholder does not stand in for the initial-domain address of a mailbox, whatever its form', () => {
  const organisation = new Organisation({ switches: { placeholderForm: 'noPlus' } });
  organisation.cloudUser('ann@contoso.com', { onPremisesImmutableId: 'other' });
  const user = synced({ msExchMailboxGuid: 'g' }, organisation);
  expect(user.proxyAddresses).toContain(moera);
  expect(user.proxyAddresses).toContain(`SMTP:${user.userPrincipalName}`);
});
