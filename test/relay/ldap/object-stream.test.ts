import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import type { ObjectProblem } from '../../../src/relay/ldap/audit-object.ts';
import { openClient } from '../../../src/relay/ldap/connection.ts';
import { readObjects } from '../../../src/relay/ldap/object-stream.ts';
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
