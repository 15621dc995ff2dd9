import { Client, NoSuchObjectError } from 'ldapts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import { completeEntry, type ObjectProblem, readEntryAsItCame } from '../../../src/relay/ldap/audit-object.ts';
import { openClient } from '../../../src/relay/ldap/connection.ts';
import { readObjects } from '../../../src/relay/ldap/object-stream.ts';
import type { RawEntry } from '../../../src/relay/ldap/raw-search.ts';
import { type Forests, startForests } from '../forests.ts';

let forests: Forests;
beforeAll(async () => {
  forests = await startForests();
}, 60_000);
afterAll(() => forests?.stop());

const base = 'DC=contoso,DC=com';

async function read(options: { pageSize?: number; base?: string } = {}) {
  const domain = forests.directory.forest('contoso.com')?.domains[0];
  const endpoint = domain?.controllers[0]?.connection.endpoint;
  if (endpoint === undefined) throw new Error('contoso.com has no controller');
  const client = await openClient(endpoint);
  const problems: ObjectProblem[] = [];
  const objects: AuditObject[] = [];
  const where = { base, forest: 'contoso.com', domainController: 'dc1.contoso.com', ...options };
  for await (const page of readObjects(client, { ...where, report: (problem) => problems.push(problem) })) {
    objects.push(...page);
  }
  await client.unbind();
  return { objects, problems };
}

it('reads users, inetOrgPersons, groups and contacts of one domain, and no computers', async () => {
  const unit = await forests.add(`OU=Kinds,${base}`, { objectClass: 'organizationalUnit' });
  await forests.add(`CN=User,${unit}`, { objectClass: 'user', sAMAccountName: 'kinds-user', mail: 'u@contoso.com' });
  await forests.add(`CN=Person,${unit}`, { objectClass: 'inetOrgPerson', sAMAccountName: 'kinds-person' });
  await forests.add(`CN=Group,${unit}`, { objectClass: 'group', sAMAccountName: 'kinds-group' });
  await forests.add(`CN=Contact,${unit}`, { objectClass: 'contact' });
  await forests.add(`CN=Computer,${unit}`, { objectClass: 'computer', sAMAccountName: 'kinds-computer$' });
  await forests.add('CN=Abroad,CN=Users,DC=eu,DC=contoso,DC=com', { objectClass: 'user', sAMAccountName: 'abroad' });
  const { objects, problems } = await read();
  const names = objects.filter(({ distinguishedName }) => distinguishedName?.endsWith(unit)).map(({ cn }) => cn);
  expect(names.toSorted()).toEqual(['Contact', 'Group', 'Person', 'User']);
  expect(objects.some(({ cn }) => cn === 'Abroad')).toBe(false);
  expect(problems).toEqual([]);
  expect(objects.find(({ cn, mail }) => cn === 'User' && mail !== undefined)).toMatchObject({
    origin: { side: 'active-directory', forest: 'contoso.com', domainController: 'dc1.contoso.com' },
    distinguishedName: `CN=User,${unit}`,
    objectGUID: await forests.guidOf(`CN=User,${unit}`),
    objectSid: expect.stringMatching(/^S-1-5-21-/),
    mail: 'u@contoso.com',
    proxyAddresses: [],
  });
});

it('follows the cookie of empty pages, and meets nothing twice', async () => {
  const unit = await forests.add(`OU=Pages,${base}`, { objectClass: 'organizationalUnit' });
  for (let count = 0; count < 25; count += 1) await forests.add(`CN=${count},${unit}`, { objectClass: 'contact' });
  await forests.set('ad.faults', { emptyPages: 3 });
  const { objects } = await read({ base: unit, pageSize: 10 });
  expect(objects.map(({ cn }) => Number(cn)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 25 }, (_, i) => i),
  );
});

const source = { forest: 'contoso.com', domainController: 'dc1.contoso.com' };
const entryOf = (attributes: Record<string, (string | Buffer)[]>): RawEntry => ({
  dn: 'CN=Odd,DC=contoso,DC=com',
  attributes: new Map(
    Object.entries(attributes).map(([name, values]) => [name, values.map((value) => Buffer.from(value as string))]),
  ),
});

it('names a value that is no valid UTF-8, and reads the rest of the object', () => {
  const read = readEntryAsItCame(
    entryOf({
      objectclass: ['top', 'person', 'user'],
      displayname: [Buffer.from([0x41, 0xed, 0xa0, 0x80])],
      proxyaddresses: ['SMTP:odd@contoso.com', Buffer.from([0x73, 0xff]), 'smtp:o@contoso.com'],
      extensionattribute1: [Buffer.from([0xc3])],
    }),
    source,
  );
  if ('cut' in read) throw new Error('nothing of the entry was cut');
  expect(read.object).toMatchObject({ proxyAddresses: ['SMTP:odd@contoso.com', 'smtp:o@contoso.com'] });
  expect(read.object).not.toHaveProperty('displayName');
  const distinguishedName = 'CN=Odd,DC=contoso,DC=com';
  const message = 'is not valid UTF-8';
  expect(read.problems).toEqual([
    { distinguishedName, attribute: 'displayName', message },
    { distinguishedName, attribute: 'proxyAddresses', message },
    { distinguishedName, attribute: 'extensionAttribute1', message },
  ]);
});

it('keeps nothing of certificates and photographs but their number and size', () => {
  const read = readEntryAsItCame(
    entryOf({
      objectclass: ['user'],
      'usercertificate;range=0-*': ['one', 'two', 'three'],
      usersmimecertificate: ['one'],
      thumbnailphoto: ['x'.repeat(1_000)],
    }),
    source,
  );
  expect(read).toMatchObject({
    object: {
      valueCounts: { userCertificate: 3, userSMIMECertificate: 1 },
      octetCounts: { thumbnailPhoto: 1_000 },
    },
    problems: [],
  });
  expect(JSON.stringify(read)).not.toContain('three');
});

it('leaves out an object that is deleted before its other values are read', async () => {
  const cut = readEntryAsItCame(entryOf({ objectclass: ['group'], 'member;range=0-499': ['CN=a', 'CN=b'] }), source);
  if (!('cut' in cut)) throw new Error('the entry was not cut');
  const client = new Client({ url: 'ldaps://localhost' });
  const search = vi.spyOn(client, 'search').mockRejectedValue(new NoSuchObjectError('0000208D'));
  expect(await completeEntry(client, cut, source)).toBeNull();
  expect(search).toHaveBeenCalledWith(
    'CN=Odd,DC=contoso,DC=com',
    expect.objectContaining({ attributes: ['member;range=2-1501'], timeLimit: 0 }),
    [],
  );
});
