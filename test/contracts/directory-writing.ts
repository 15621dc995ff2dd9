import { expect, it } from 'vitest';
import { adding, codeOf, deleting, flagged, oid, replacing } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

const old = 'old@contoso.com';

export function writingContract(subject: () => Subject): void {
  it('replaces a value only while the old one is there, and then all or nothing', async () => {
    const dn = await subject().user('Guarded', { mail: old });
    const { admin } = subject();
    const stale = [replacing('title', 'must not appear'), deleting('mail', 'stale@contoso.com'), adding('mail', 'x@y')];
    expect(await codeOf(admin.modify(dn, stale))).toBe(16);
    expect(await subject().read(dn, 'mail', 'title')).toMatchObject({ mail: old, title: [] });
    const current = [deleting('mail', old), adding('mail', 'new@contoso.com')];
    expect(await codeOf(admin.modify(dn, current))).toBe(0);
    expect(await codeOf(admin.modify(dn, current))).toBe(16);
    expect(await subject().read(dn, 'mail')).toMatchObject({ mail: 'new@contoso.com' });
  });

  it('lets exactly one of several racing compare-and-sets win', async () => {
    const dn = await subject().user('Raced', { mail: old });
    const { adminDn, adminPassword } = subject().domain;
    const clients = await Promise.all([1, 2, 3, 4].map(() => subject().connectAs(adminDn, adminPassword)));
    const codes = await Promise.all(
      clients.map((client, index) =>
        codeOf(client.modify(dn, [deleting('mail', old), adding('mail', `winner${index}@contoso.com`)])),
      ),
    );
    await Promise.all(clients.map((client) => client.unbind()));
    expect(codes.sort()).toEqual([0, 16, 16, 16]);
  });

  it('takes an add to an empty single value, and refuses the second', async () => {
    const dn = await subject().user('Single');
    expect(await codeOf(subject().admin.modify(dn, adding('mailNickname', 'first')))).toBe(0);
    expect(await codeOf(subject().admin.modify(dn, adding('mailNickname', 'second')))).toBe(20);
    expect(await subject().read(dn, 'mailNickname')).toMatchObject({ mailNickname: 'first' });
  });

  it('refuses a value that is there already, in the same casing', async () => {
    const dn = await subject().user('Repeated', { proxyAddresses: ['smtp:a@contoso.com'] });
    expect(await codeOf(subject().admin.modify(dn, adding('proxyAddresses', 'smtp:a@contoso.com')))).toBe(20);
  });

  it('compares a value in another casing as this directory does', async () => {
    const dn = await subject().user('Cased', { proxyAddresses: ['smtp:a@contoso.com'] });
    const code = await codeOf(subject().admin.modify(dn, adding('proxyAddresses', 'SMTP:a@contoso.com')));
    expect(code).toBe(subject().expected('addValueInOtherCase'));
  });

  it('refuses to delete a value or an attribute that is not there', async () => {
    const dn = await subject().user('Bare');
    expect(await codeOf(subject().admin.modify(dn, deleting('title', 'x')))).toBe(16);
    expect(await codeOf(subject().admin.modify(dn, deleting('title', [])))).toBe(16);
  });

  it('overlooks both with the permissive control', async () => {
    const dn = await subject().user('Permissive', { proxyAddresses: ['smtp:a@contoso.com'] });
    const changes = [adding('proxyAddresses', 'smtp:a@contoso.com'), deleting('title', 'x')];
    expect(await codeOf(subject().admin.modify(dn, changes, flagged(oid.permissiveModify)))).toBe(0);
  });

  it('moves the primary address in one request', async () => {
    const dn = await subject().user('Primary', { proxyAddresses: ['SMTP:a@contoso.com', 'smtp:b@contoso.com'] });
    await subject().admin.modify(dn, [
      deleting('proxyAddresses', ['SMTP:a@contoso.com', 'smtp:b@contoso.com']),
      adding('proxyAddresses', ['smtp:a@contoso.com', 'SMTP:b@contoso.com']),
    ]);
    const { proxyAddresses } = await subject().read(dn, 'proxyAddresses');
    expect([proxyAddresses].flat().sort()).toEqual(['SMTP:b@contoso.com', 'smtp:a@contoso.com']);
  });

  it('guards a binary value to the octet', async () => {
    const dn = await subject().user('Binary');
    const [first, second] = [Buffer.from('00112233445566778899aabbccddeeff', 'hex'), Buffer.alloc(16, 0xfe)];
    const { admin } = subject();
    await admin.modify(dn, adding('mS-DS-ConsistencyGuid', first));
    const change = [deleting('mS-DS-ConsistencyGuid', first), adding('mS-DS-ConsistencyGuid', second)];
    expect(await codeOf(admin.modify(dn, change))).toBe(0);
    expect(await codeOf(admin.modify(dn, change))).toBe(16);
    expect((await subject().read(dn, 'mS-DS-ConsistencyGuid'))['mS-DS-ConsistencyGuid']).toEqual(second);
  });

  it('refuses an unknown attribute and a missing object', async () => {
    const dn = await subject().user('Known');
    expect(await codeOf(subject().admin.modify(dn, replacing('noSuchAttribute', 'x')))).toBe(16);
    expect(await codeOf(subject().admin.modify(`CN=Missing,${subject().baseDn}`, replacing('title', 'x')))).toBe(32);
  });

  it('refuses a value that is too long', async () => {
    const dn = await subject().user('Long');
    const code = await codeOf(subject().admin.modify(dn, replacing('mailNickname', 'x'.repeat(65))));
    expect(code).toBe(subject().expected('addTooLongValue'));
  });

  it('refuses a critical control that it does not know, and writes nothing', async () => {
    const dn = await subject().user('Critical');
    const code = await codeOf(subject().admin.modify(dn, replacing('title', 'x'), flagged(oid.assertion)));
    expect(code).toBe(12);
    expect(await subject().read(dn, 'title')).toMatchObject({ title: [] });
  });

  it('counts every change, and a write that changes nothing not at all', async () => {
    const dn = await subject().user('Counted', { displayName: 'one' });
    const usn = async (): Promise<number> => Number((await subject().read(dn, 'uSNChanged'))['uSNChanged']);
    const before = await usn();
    await subject().admin.modify(dn, replacing('displayName', 'two'));
    const after = await usn();
    expect(after).toBeGreaterThan(before);
    await subject().admin.modify(dn, replacing('displayName', 'two'));
    expect(await usn()).toBe(after);
  });

  it('keeps values of 256 characters, quotes, filter characters and letters beyond ASCII', async () => {
    const values = ['x'.repeat(256), `"quoted" 'twice'`, '(a*b)\\c', 'a+b/c', 'Zoë 日本'];
    for (const value of values) {
      const dn = await subject().user('Odd', { displayName: value });
      expect(await subject().read(dn, 'displayName')).toMatchObject({ displayName: value });
    }
  });

  it('refuses a link to nothing', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=Linked,${dn}`, { objectClass: 'group' });
    expect(await codeOf(subject().admin.modify(`CN=Linked,${dn}`, adding('member', `CN=Missing,${dn}`)))).toBe(32);
  });

  it('tells which attribute was written how often', async () => {
    const dn = await subject().user('Versioned', { title: 'one' });
    await subject().admin.modify(dn, replacing('title', 'two'));
    const entry = await subject().read(dn, 'msDS-ReplAttributeMetaData');
    const all = [entry['msDS-ReplAttributeMetaData'] ?? []].flat().map(String);
    const about = all.filter((xml) => xml.includes('<pszAttributeName>title<'));
    expect(about).toHaveLength(subject().expected('replicationMetadata'));
    for (const xml of about) {
      expect(xml).toMatch(/<dwVersion>2</);
      expect(xml).toMatch(/<pszLastOriginatingDsaDN>CN=NTDS Settings,CN=DC1,/);
    }
  });
}
