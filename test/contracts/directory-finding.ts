import { EqualityFilter } from 'ldapts';
import { beforeAll, expect, it } from 'vitest';
import { adding, codeOf } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

export function findingContract(subject: () => Subject): void {
  let unit = '';
  beforeAll(async () => {
    ({ dn: unit } = await subject().unit());
    const { admin } = subject();
    const person = (name: string, more: Record<string, string | string[]>) =>
      admin.add(`CN=${name},${unit}`, { objectClass: 'user', ...more });
    await person('Ada', { title: 'Engineer', displayName: 'Ada Lovelace', mail: 'ada@contoso.com', employeeID: '7' });
    await person('Bob', { title: 'engineer', displayName: 'Bob (Robert) *' });
    await person('Cid', { displayName: 'Cid' });
    await admin.add(`CN=Outer,${unit}`, { objectClass: 'group' });
    await admin.add(`CN=Inner,${unit}`, { objectClass: 'group', member: [`CN=Ada,${unit}`, `CN=Bob,${unit}`] });
    await admin.modify(`CN=Outer,${unit}`, adding('member', `CN=Inner,${unit}`));
  });

  it.each([
    ['equality without case', '(title=ENGINEER)', ['Ada', 'Bob']],
    ['conjunction', '(&(title=engineer)(mail=*))', ['Ada']],
    ['disjunction', '(|(cn=Ada)(cn=Cid))', ['Ada', 'Cid']],
    ['negation, which holds for objects without a value', '(&(objectClass=user)(!(title=Engineer)))', ['Cid']],
    ['presence', '(employeeID=*)', ['Ada']],
    ['an initial substring', '(displayName=ada*)', ['Ada']],
    ['a middle and a final substring', '(displayName=*love*lace)', ['Ada']],
    ['escaped filter characters', '(displayName=*\\28Robert\\29 \\2a)', ['Bob']],
    ['an unknown attribute, which matches nothing', '(noSuchAttribute=x)', []],
    ['a set bit', '(userAccountControl:1.2.840.113556.1.4.803:=2)', ['Ada', 'Bob', 'Cid']],
    ['no common bit', '(userAccountControl:1.2.840.113556.1.4.804:=5)', []],
    ['a category by class name', '(objectCategory=group)', ['Inner', 'Outer']],
    ['a number in order', '(&(objectClass=user)(primaryGroupID>=513)(primaryGroupID<=513))', ['Ada', 'Bob', 'Cid']],
  ])('finds by %s', async (_, filter, expected) => {
    expect(await subject().find(unit, { scope: 'one', filter })).toEqual(expected);
  });

  it('takes a negated unknown attribute as this directory does', async () => {
    const found = await subject().find(unit, { scope: 'one', filter: '(!(noSuchAttribute=x))' });
    expect(found).toHaveLength(subject().expected('matchesOfNegatedUnknown'));
  });

  it('finds members and groups, directly and through other groups', async () => {
    const find = (filter: string): Promise<string[]> => subject().find(unit, { filter });
    expect(await find(`(memberOf=CN=Inner,${unit})`)).toEqual(['Ada', 'Bob']);
    expect(await find(`(memberOf:1.2.840.113556.1.4.1941:=CN=Outer,${unit})`)).toEqual(['Ada', 'Bob', 'Inner']);
    expect(await find(`(member:1.2.840.113556.1.4.1941:=CN=Ada,${unit})`)).toEqual(['Inner', 'Outer']);
  });

  it('lists the SIDs of all groups around an account', async () => {
    const { tokenGroups } = await subject().read(`CN=Ada,${unit}`, 'tokenGroups');
    const sids = [tokenGroups].flat().map((sid) => (sid as Buffer).toString('hex'));
    for (const group of ['Inner', 'Outer']) {
      const { objectSid } = await subject().read(`CN=${group},${unit}`, 'objectSid');
      expect(sids).toContain((objectSid as Buffer).toString('hex'));
    }
  });

  it('honours the scope', async () => {
    const filter = '(objectClass=*)';
    expect(await subject().find(unit, { scope: 'base', filter: '(ou=*)' })).toHaveLength(1);
    expect(await subject().find(unit, { scope: 'one', filter })).toHaveLength(5);
    expect(await subject().find(unit, { scope: 'sub', filter })).toHaveLength(6);
  });

  it('finds an object by its GUID, as a base and by its octets', async () => {
    const { objectGUID } = await subject().read(`CN=Ada,${unit}`, 'objectGUID');
    const octets = objectGUID as Buffer;
    const swapped = [octets.subarray(0, 4), octets.subarray(4, 6), octets.subarray(6, 8)].map((part) =>
      Buffer.from(part).reverse().toString('hex'),
    );
    const dashed = [...swapped, octets.subarray(8, 10).toString('hex'), octets.subarray(10).toString('hex')].join('-');
    for (const name of [dashed, octets.toString('hex')]) {
      expect(await subject().read(`<GUID=${name}>`, 'cn')).toMatchObject({ cn: 'Ada' });
    }
    const filter = new EqualityFilter({ attribute: 'objectGUID', value: octets });
    expect(await subject().find(subject().baseDn, { filter })).toEqual(['Ada']);
  });

  it('answers attributes in schema casing, whatever the request says', async () => {
    const entry = await subject().read(`CN=Ada,${unit}`, 'DISPLAYNAME', 'employeeid');
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(['displayName', 'employeeID']));
  });

  it('refuses a base that is not there', async () => {
    expect(await codeOf(subject().admin.search(`OU=Nowhere,${unit}`, {}))).toBe(32);
  });

  it('pages, and cuts an answer without pages where this directory does', async () => {
    const { dn } = await subject().unit();
    await Promise.all(
      Array.from({ length: 1100 }, (_, index) => subject().admin.add(`CN=${index},${dn}`, { objectClass: 'contact' })),
    );
    const filter = '(objectClass=contact)';
    const paged = await subject().admin.search(dn, { filter, attributes: ['cn'], paged: { pageSize: 300 } });
    expect(new Set(paged.searchEntries.map((entry) => entry.dn)).size).toBe(1100);
    const code = await codeOf(subject().admin.search(dn, { filter, attributes: ['cn'] }));
    expect(code).toBe(subject().expected('codeOfUnpagedSearch'));
    const entries: unknown[] = [];
    for await (const page of subject().admin.searchPaginated(dn, {
      filter,
      attributes: ['cn'],
      paged: { pageSize: 1100 },
    })) {
      entries.push(page.searchEntries.length);
    }
    expect(entries[0]).toBe(subject().expected('entriesOfLongPage'));
  });

  it('hands out the values of a large group in ranges', async () => {
    const { dn } = await subject().unit();
    const members = Array.from({ length: 1600 }, (_, index) => `CN=${index},${dn}`);
    await Promise.all(members.map((member) => subject().admin.add(member, { objectClass: 'contact' })));
    await subject().admin.add(`CN=Large,${dn}`, { objectClass: 'group', member: members });
    const whole = await subject().read(`CN=Large,${dn}`, 'member');
    expect([whole['member'] ?? []].flat()).toHaveLength(subject().expected('valuesWithoutRange'));
    const first = await subject().read(`CN=Large,${dn}`, 'member;range=0-1499');
    const last = await subject().read(`CN=Large,${dn}`, 'member;range=1500-*');
    expect(first['member;range=0-1499']).toHaveLength(1500);
    expect(last['member;range=1500-*']).toHaveLength(100);
  });
}
