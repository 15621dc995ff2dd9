import { expect, it } from 'vitest';
import { codeOf, DirSync, deleting, flagged, oid, replacing } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

const attributes = ['mail', 'displayName', 'isDeleted', 'name', 'objectGUID'];

export function synchronisingContract(subject: () => Subject): void {
  const pull = async (cookie?: Buffer) => {
    const control = new DirSync(cookie);
    const entries: Record<string, unknown>[] = [];
    do {
      const filter = '(objectClass=user)';
      const options = { filter, attributes, explicitBufferAttributes: ['objectGUID'] };
      const { searchEntries } = await subject().admin.search(subject().baseDn, options, control);
      entries.push(...searchEntries);
    } while (control.more);
    return { entries, cookie: control.cookie };
  };

  it('tells everything first, then nothing, then what has changed', async () => {
    const dn = await subject().user('Synced', { mail: 'synced@contoso.com', displayName: 'Synced' });
    const initial = await pull();
    expect(initial.entries).toContainEqual(expect.objectContaining({ dn, mail: 'synced@contoso.com' }));
    const quiet = await pull(initial.cookie);
    expect(quiet.entries).toEqual([]);
    await subject().admin.modify(dn, replacing('displayName', 'Changed'));
    const delta = await pull(quiet.cookie);
    expect(delta.entries).toHaveLength(1);
    expect(delta.entries[0]).toMatchObject({ dn, displayName: 'Changed' });
    expect(delta.entries[0]?.['objectGUID']).toHaveLength(16);
    expect(delta.entries[0]).not.toHaveProperty('mail', 'synced@contoso.com');
  });

  it('tells an emptied attribute, a rename and a deletion', async () => {
    const emptied = await subject().user('Emptied', { mail: 'emptied@contoso.com' });
    const renamed = await subject().user('Renamed');
    const deleted = await subject().user('Deleted');
    const { cookie } = await pull();
    await subject().admin.modify(emptied, deleting('mail', 'emptied@contoso.com'));
    await subject().admin.modifyDN(renamed, 'CN=Newly named');
    await subject().admin.del(deleted);
    const { entries } = await pull(cookie);
    expect(entries).toHaveLength(3);
    expect(entries).toContainEqual(expect.objectContaining({ dn: emptied, mail: [] }));
    expect(entries).toContainEqual(expect.objectContaining({ name: 'Newly named' }));
    expect(entries).toContainEqual(expect.objectContaining({ isDeleted: 'TRUE' }));
  });

  it('leaves out a change of an attribute that was not asked for', async () => {
    const dn = await subject().user('Unasked');
    const { cookie } = await pull();
    await subject().admin.modify(dn, replacing('title', 'Changed'));
    expect((await pull(cookie)).entries).toEqual([]);
  });

  it('gives changes only of a whole naming context', async () => {
    const { dn } = await subject().unit();
    expect(await codeOf(subject().admin.search(dn, { filter: '(objectClass=user)' }, new DirSync()))).toBe(50);
  });

  it('finds what changed by uSNChanged, tombstones among it', async () => {
    const { searchEntries } = await subject().admin.search('', { scope: 'base', attributes: ['highestCommittedUSN'] });
    const next = Number(searchEntries[0]?.['highestCommittedUSN']) + 1;
    const kept = await subject().user('Kept');
    const lost = await subject().user('Lost');
    await subject().admin.del(lost);
    const filter = `(&(objectClass=user)(uSNChanged>=${next}))`;
    const found = await subject().admin.search(
      subject().baseDn,
      { filter, attributes: ['isDeleted'] },
      flagged(oid.showDeleted),
    );
    expect(found.searchEntries).toHaveLength(2);
    expect(found.searchEntries).toContainEqual(expect.objectContaining({ dn: kept }));
    expect(found.searchEntries).toContainEqual(expect.objectContaining({ isDeleted: 'TRUE' }));
  });
}
