import { expect, it } from 'vitest';
import { DoneWrites } from '../../src/relay/ldap/idempotency.ts';
import type { DirectoryChange } from '../../src/relay-contract.ts';
import { adding } from './directory-client.ts';
import { drop, multiple, put, rename, set, single } from './relay-directory-changes.ts';
import type { RelaySubject } from './relay-directory-subject.ts';

export function relayWritingContract(relay: () => RelaySubject): void {
  const subject = () => relay().subject;
  const user = async (attributes: Record<string, string | string[]>) => {
    const dn = await subject().user('Written', attributes);
    return { dn, guid: await relay().guidOf(dn) };
  };
  const applied = { outcome: 'applied', domainController: 'dc1.contoso.com' };

  it('replaces a user principal name and answers where and with which USN', async () => {
    const { dn, guid } = await user({ userPrincipalName: 'before@contoso.com' });
    const answer = await relay().apply(rename(guid, 'before@contoso.com', 'after@contoso.com'));
    const [usn] = await relay().values(dn, 'uSNChanged');
    expect(answer).toMatchObject({ ...applied, usn });
    expect(await relay().values(dn, 'userPrincipalName')).toEqual(['after@contoso.com']);
  });

  it('changes nothing but the case of a name', async () => {
    const { dn, guid } = await user({ userPrincipalName: 'case@contoso.com' });
    expect(await relay().apply(rename(guid, 'case@contoso.com', 'Case@contoso.com'))).toMatchObject(applied);
    expect(await relay().values(dn, 'userPrincipalName')).toEqual(['Case@contoso.com']);
  });

  it('sets an attribute that was empty, and empties it again', async () => {
    const { dn, guid } = await user({});
    expect(await relay().apply(set(guid, 'mail', null, 'new@contoso.com'))).toMatchObject(applied);
    expect(await relay().values(dn, 'mail')).toEqual(['new@contoso.com']);
    const clear: DirectoryChange = {
      ...set(guid, 'mail', 'new@contoso.com', ''),
      operation: 'delete',
      values: ['new@contoso.com'],
      after: single(null),
    };
    expect(await relay().apply(clear)).toMatchObject(applied);
    expect(await relay().values(dn, 'mail')).toEqual([]);
  });

  it('removes one alias, whatever its case, and leaves the others alone', async () => {
    const proxyAddresses = ['SMTP:q@contoso.com', 'smtp:Gone@Contoso.com', 'x500:/o=keep'];
    const { dn, guid } = await user({ proxyAddresses });
    expect(await relay().apply(drop(guid, 'smtp:gone@contoso.com', 'SMTP:q@contoso.com'))).toMatchObject(applied);
    expect(await relay().values(dn, 'proxyAddresses')).toEqual(['SMTP:q@contoso.com', 'x500:/o=keep']);
  });

  it('changes the primary address in one step', async () => {
    const { dn, guid } = await user({ proxyAddresses: ['SMTP:one@contoso.com', 'smtp:two@contoso.com'] });
    const change: DirectoryChange = {
      ...drop(guid, ''),
      operation: 'replace',
      values: ['SMTP:two@contoso.com'],
      before: multiple(['SMTP:one@contoso.com', 'smtp:two@contoso.com'], [], 'SMTP:one@contoso.com'),
      after: multiple(['smtp:one@contoso.com', 'SMTP:two@contoso.com'], [], 'SMTP:two@contoso.com'),
    };
    expect(await relay().apply(change)).toMatchObject(applied);
    expect(await relay().values(dn, 'proxyAddresses')).toEqual(['SMTP:two@contoso.com', 'smtp:one@contoso.com']);
  });

  it('takes metacharacters, non-ASCII, a leading U+FEFF and 250 characters for what they are', async () => {
    const odd = [
      'smtp:a*(b)\\c|&@contoso.com',
      'smtp:zoë漢@contoso.com',
      '\uFEFFsmtp:mark@contoso.com',
      `smtp:${'x'.repeat(243)}@contoso.com`,
    ];
    for (const value of odd) {
      const { guid } = await user({});
      expect(await relay().apply(put(guid, value))).toMatchObject(applied);
      expect(await relay().state(drop(guid, value))).toMatchObject({ found: multiple([value], []) });
      expect(await relay().apply(drop(guid, value))).toMatchObject(applied);
      expect(await relay().state(drop(guid, value))).toMatchObject({ found: multiple([], [value]) });
    }
  });

  it('finds the object after it was moved and renamed', async () => {
    const { dn, guid } = await user({ userPrincipalName: 'moved@contoso.com' });
    const { dn: elsewhere } = await subject().unit();
    await subject().admin.modifyDN(dn, `CN=Moved Away,${elsewhere}`);
    expect(await relay().apply(rename(guid, 'moved@contoso.com', 'moved2@contoso.com'))).toMatchObject(applied);
  });

  it('answers stale, with what it found, and writes nothing', async () => {
    const { dn, guid } = await user({ userPrincipalName: 'somebody@contoso.com' });
    const before = await relay().values(dn, 'uSNChanged');
    const answer = await relay().apply(rename(guid, 'planned@contoso.com', 'next@contoso.com'));
    expect(answer).toMatchObject({ outcome: 'stale', found: single('somebody@contoso.com') });
    expect(await relay().values(dn, 'uSNChanged')).toEqual(before);
  });

  it('counts a state equal to `after` as applied only when the change had been begun, and does not write it again', async () => {
    const { dn, guid } = await user({ userPrincipalName: 'done@contoso.com' });
    const before = await relay().values(dn, 'uSNChanged');
    const change = rename(guid, 'undone@contoso.com', 'done@contoso.com');
    expect(await relay().apply(change)).toMatchObject({ outcome: 'stale' });
    expect(await relay().apply(change, { begun: true })).toMatchObject(applied);
    expect(await relay().values(dn, 'uSNChanged')).toEqual(before);
  });

  it('is not stale for addresses that others have added, but for another primary', async () => {
    const { dn, guid } = await user({ proxyAddresses: ['SMTP:r@contoso.com', 'smtp:s@contoso.com'] });
    await subject().admin.modify(dn, adding('proxyAddresses', 'x500:/o=new'));
    const stale = await relay().apply(drop(guid, 'smtp:s@contoso.com', 'SMTP:other@contoso.com'));
    expect(stale).toMatchObject({ outcome: 'stale' });
    expect(await relay().apply(drop(guid, 'smtp:s@contoso.com', 'SMTP:r@contoso.com'))).toMatchObject(applied);
  });

  it('writes once for one idempotency key', async () => {
    const { dn, guid } = await user({ proxyAddresses: ['smtp:once@contoso.com'] });
    const done = new DoneWrites();
    const change = drop(guid, 'smtp:once@contoso.com');
    const first = await relay().apply(change, { done });
    await subject().admin.modify(dn, adding('proxyAddresses', 'smtp:once@contoso.com'));
    expect(await relay().apply(change, { done })).toEqual(first);
    expect(await relay().values(dn, 'proxyAddresses')).toEqual(['smtp:once@contoso.com']);
  });

  it('lets one of two rivals win and tells the other that it is stale', async () => {
    const { adminDn, adminPassword } = subject().domain;
    const rival = relay().connectAs(adminDn, adminPassword);
    for (let round = 0; round < 5; round += 1) {
      const { guid } = await user({ mail: 'race@contoso.com' });
      const answers = await Promise.all([
        relay().apply(set(guid, 'mail', 'race@contoso.com', 'left@contoso.com')),
        relay().apply(set(guid, 'mail', 'race@contoso.com', 'right@contoso.com'), { directory: rival }),
      ]);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'stale']);
    }
  });
}
