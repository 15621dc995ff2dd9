import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveAndWrite, diagnosedCase, fixKeeping, reach } from './cases.ts';
import { Organisation } from './organisation.ts';
import { addCloudUser, fresh, user } from './people.ts';

let organisation: Organisation;

beforeAll(async () => {
  organisation = await Organisation.start();
});
afterAll(() => organisation.stop());

const domain = '@contoso.com';

test.concurrent.each([
  ['a quote', "o'brien", "Jim O'Brien"],
  ['characters that LDAP filters give a meaning', 'a*(b)|&!', 'Star * (Bracket) & Co'],
  ['characters that names in LDAP give a meaning', 'equals=hash#', 'Lee, "Al" <al> + 1; #2 = x \\ y'],
  ['a plus and a slash', 'sales+eu/de', 'Sales + EU / DE'],
  ['a percent sign and a question mark', 'half%20?x', '50% off?'],
  ['letters beyond ASCII', 'müller.straße.漢', 'Müller Straße 漢字 😀'],
])('an address with %s is found, released and proven', async (_, local, name) => {
  const word = fresh();
  const address = `${local}.${word}${domain}`;
  const value = `smtp:${address}`;
  const holder = `${name} ${word}`;
  const dn = await organisation.add(holder, user(`h.${word}`, { employeeId: `1${word}`, alsoReceives: [address] }));
  await organisation.cycle();
  await organisation.add(`${name} 2 ${word}`, user(`c.${word}`, { employeeId: `2${word}`, alsoReceives: [address] }));
  await organisation.cycle();

  const found = await diagnosedCase(organisation, value);
  expect(found).toMatchObject({ subject: { displayName: `${name} 2 ${word}` }, holders: [{ displayName: holder }] });
  await approveAndWrite(organisation, found, fixKeeping(found, `${name} 2 ${word}`));
  expect(await organisation.values(dn, 'proxyAddresses')).not.toContain(value);
  await organisation.cycle();
  await reach(organisation, found.id, 'Resolved');
});

test('an address and a name of 260 characters are kept whole', async () => {
  const word = fresh();
  const address = `${'long.'.repeat(60)}`.slice(0, 260 - word.length - domain.length) + word + domain;
  expect(address).toHaveLength(260);
  const displayName = `${'Very '.repeat(60)}`.slice(0, 256 - word.length) + word;
  const add = (alias: string, employeeId: string) =>
    organisation.add(
      `${alias} ${word}`,
      user(`${alias}.${word}`, { employeeId, alsoReceives: [address], more: { displayName } }),
    );
  const dn = await add('first', `1${word}`);
  await organisation.cycle();
  await add('second', `2${word}`);
  await organisation.cycle();

  const found = await diagnosedCase(organisation, `smtp:${address}`);
  expect(found.subject.displayName).toBe(displayName);
  const [fix] = found.fixes.filter(({ changes }) => changes.some(({ objectName }) => objectName === dn));
  if (!fix) throw new Error('No fix takes the address from its holder.');
  await approveAndWrite(organisation, found, fix);
  await organisation.cycle();
  await reach(organisation, found.id, 'Resolved');
});

test('a user name with a quote and a hash is released through Graph', async () => {
  const word = fresh();
  const name = `o'brien#1~.${word}${domain}`;
  const holder = await addCloudUser(organisation, `Cloud ${word}`, name, { employeeId: `C${word}` });
  const dn = await organisation.add(`Synced ${word}`, user(`s.${word}`, { employeeId: `S${word}` }));
  await organisation.cycle();
  await organisation.replace(dn, 'userPrincipalName', [name]);
  await organisation.cycle();
  const found = await diagnosedCase(organisation, name);
  const fix = fixKeeping(found, `Synced ${word}`);
  expect(fix.changes).toMatchObject([{ target: 'entra', objectId: holder, before: { value: name } }]);
  await approveAndWrite(organisation, found, fix);
  await organisation.cycle();
  await reach(organisation, found.id, 'Resolved');
});
