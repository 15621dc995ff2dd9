import { expect, it } from 'vitest';
import { codeOf, deleting, flagged, oid, replacing } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

export function deletingContract(subject: () => Subject): void {
  it('renames an object: its GUID and every link to it stay', async () => {
    const { dn } = await subject().unit();
    const { admin } = subject();
    await admin.add(`CN=Before,${dn}`, { objectClass: 'user' });
    await admin.add(`CN=Group,${dn}`, { objectClass: 'group', member: `CN=Before,${dn}` });
    const before = await subject().read(`CN=Before,${dn}`, 'objectGUID');
    await admin.modifyDN(`CN=Before,${dn}`, 'CN=After');
    const after = await subject().read(`CN=After,${dn}`, 'objectGUID', 'memberOf', 'cn');
    expect(after).toMatchObject({ objectGUID: before['objectGUID'], memberOf: `CN=Group,${dn}`, cn: 'After' });
    expect(await subject().read(`CN=Group,${dn}`, 'member')).toMatchObject({ member: `CN=After,${dn}` });
    expect(await codeOf(subject().read(`CN=Before,${dn}`))).toBe(32);
  });

  it('moves an object with everything below it', async () => {
    const { dn } = await subject().unit();
    const { dn: target } = await subject().unit();
    const { admin } = subject();
    await admin.add(`OU=Branch,${dn}`, { objectClass: 'organizationalUnit' });
    await admin.add(`CN=Leaf,OU=Branch,${dn}`, { objectClass: 'user' });
    await admin.modifyDN(`OU=Branch,${dn}`, `OU=Branch,${target}`);
    expect(await subject().read(`CN=Leaf,OU=Branch,${target}`, 'cn')).toMatchObject({ cn: 'Leaf' });
  });

  it('refuses a move onto another object and a move to nowhere', async () => {
    const { dn } = await subject().unit();
    const { admin } = subject();
    await admin.add(`CN=One,${dn}`, { objectClass: 'user' });
    await admin.add(`CN=Two,${dn}`, { objectClass: 'user' });
    expect(await codeOf(admin.modifyDN(`CN=One,${dn}`, 'CN=two'))).toBe(68);
    const nowhere = `CN=One,OU=Nowhere,${dn}`;
    expect(await codeOf(admin.modifyDN(`CN=One,${dn}`, nowhere))).toBe(subject().expected('moveToNowhere'));
  });

  it('changes the casing of a name', async () => {
    const dn = await subject().user('casing');
    expect(await codeOf(subject().admin.modifyDN(dn, 'CN=Casing'))).toBe(0);
    expect(await subject().read(dn, 'cn')).toMatchObject({ cn: 'Casing' });
  });

  it('deletes no object that has children, except with the control for it', async () => {
    const { dn } = await subject().unit();
    await subject().admin.add(`CN=Child,${dn}`, { objectClass: 'user' });
    expect(await codeOf(subject().admin.del(dn))).toBe(66);
    expect(await codeOf(subject().admin.del(dn, flagged(oid.treeDelete)))).toBe(0);
    expect(await codeOf(subject().read(`CN=Child,${dn}`))).toBe(32);
  });

  it('leaves a tombstone that only the control shows, and frees the names', async () => {
    const { dn, number } = await subject().unit();
    const { admin } = subject();
    const attributes = {
      objectClass: 'user',
      sAMAccountName: `gone${number}`,
      userPrincipalName: `gone${number}@contoso.com`,
    };
    await admin.add(`CN=Gone,${dn}`, attributes);
    const { objectGUID } = await subject().read(`CN=Gone,${dn}`, 'objectGUID');
    await admin.del(`CN=Gone,${dn}`);
    const filter = `(sAMAccountName=gone${number})`;
    expect(await subject().find(subject().baseDn, { filter })).toEqual([]);
    const { searchEntries } = await admin.search(
      `CN=Deleted Objects,${subject().baseDn}`,
      { filter, explicitBufferAttributes: ['objectGUID'] },
      flagged(oid.showDeleted),
    );
    expect(searchEntries).toHaveLength(1);
    expect(searchEntries[0]).toMatchObject({ isDeleted: 'TRUE', objectGUID, lastKnownParent: dn });
    expect(searchEntries[0]?.dn).toContain('\\0ADEL:');
    expect(searchEntries[0]).not.toHaveProperty('userPrincipalName');
    expect(await codeOf(admin.add(`CN=Gone,${dn}`, attributes))).toBe(0);
  });

  it('brings a tombstone back under its GUID and account name', async () => {
    const { dn, number } = await subject().unit();
    const { admin } = subject();
    const account = { sAMAccountName: `back${number}`, mail: 'back@contoso.com' };
    await admin.add(`CN=Back,${dn}`, { objectClass: 'user', ...account });
    const { objectGUID } = await subject().read(`CN=Back,${dn}`, 'objectGUID');
    await admin.del(`CN=Back,${dn}`);
    const { searchEntries } = await admin.search(
      subject().baseDn,
      { filter: `(&(isDeleted=TRUE)(sAMAccountName=back${number}))`, attributes: ['cn'] },
      flagged(oid.showDeleted),
    );
    const reanimation = [deleting('isDeleted', []), replacing('distinguishedName', `CN=Back,${dn}`)];
    await admin.modify(String(searchEntries[0]?.dn), reanimation, flagged(oid.showDeleted));
    const back = await subject().read(`CN=Back,${dn}`, 'objectGUID', 'sAMAccountName', 'mail', 'isDeleted');
    expect(back).toMatchObject({ objectGUID, sAMAccountName: `back${number}`, mail: [], isDeleted: [] });
  });

  it('takes a deleted member out of its groups', async () => {
    const { dn } = await subject().unit();
    const { admin } = subject();
    await admin.add(`CN=Leaver,${dn}`, { objectClass: 'user' });
    await admin.add(`CN=Club,${dn}`, { objectClass: 'group', member: `CN=Leaver,${dn}` });
    await admin.del(`CN=Leaver,${dn}`);
    expect(await subject().read(`CN=Club,${dn}`, 'member')).toMatchObject({ member: [] });
  });

  it('refuses to delete what is not there', async () => {
    expect(await codeOf(subject().admin.del(`CN=Missing,${subject().baseDn}`))).toBe(32);
  });
}
