import { describe, expect, test } from 'vitest';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import type { CloudBatch } from '../../../src/ports.ts';
import { type Asked, graphError, list, ok, type Reply, startScriptedGraph } from './scripted-graph.ts';

async function readAll(route: (asked: Asked) => Reply | undefined) {
  const graph = await startScriptedGraph({ route: (asked) => route(asked) ?? list() });
  const batches: CloudBatch[] = [];
  for await (const batch of graph.objects.read()) batches.push(batch);
  const objects: AuditObject[] = batches.flatMap((batch) => (batch.kind === 'objects' ? batch.objects : []));
  const failures = batches.flatMap((batch) => (batch.kind === 'failure' ? [batch] : []));
  return { objects, failures, asked: graph.asked };
}

const users = '/users';
const deleted = '/directory/deletedItems/microsoft.graph.user';
const roles = '/roleManagement/directory/roleAssignments';

test('users, groups, contacts and soft-deleted users come with what the audit tells them apart by', async () => {
  const { objects, failures, asked } = await readAll(({ path }) => {
    switch (path) {
      case users:
        return list(
          {
            id: 'u1',
            displayName: 'Cloud',
            userPrincipalName: 'c@contoso.com',
            assignedLicenses: [{}],
            accountEnabled: false,
          },
          { id: 'u2', displayName: 'Guest', userType: 'Guest', userPrincipalName: 'g_x#EXT#@contoso.onmicrosoft.com' },
          {
            id: 'u3',
            displayName: 'Synced',
            onPremisesSyncEnabled: true,
            onPremisesImmutableId: 'MyIRAFVEd2aImaq7zN3u/w==',
            onPremisesProvisioningErrors: [
              { category: 'PropertyConflict', propertyCausingError: 'ProxyAddresses', value: 'smtp:s@contoso.com' },
              { category: 'Another', propertyCausingError: 'ProxyAddresses', value: 'smtp:t@contoso.com' },
            ],
          },
        );
      case '/groups':
        return list({
          id: 'g1',
          displayName: 'Tier 0',
          isAssignableToRole: true,
          proxyAddresses: ['SMTP:t@contoso.com'],
        });
      case '/contacts':
        return list({ id: 'k1', displayName: 'Contact', mail: 'k@fabrikam.com' });
      case deleted:
        return list({
          id: '11111111-2222-4333-8444-555555555555',
          displayName: 'Gone',
          userPrincipalName: '11111111222243338444555555555555gone@contoso.com',
          deletedDateTime: '2026-11-20T08:00:00Z',
        });
      case roles:
        return list({ id: 'a', principalId: 'u1' });
      default:
        return undefined;
    }
  });
  expect(failures).toEqual([]);
  expect(objects).toMatchObject([
    {
      origin: { side: 'entra', id: 'u1', kind: 'cloud-only', privileged: true, licensed: true },
      userAccountControl: 0x202,
    },
    { origin: { id: 'u2', kind: 'guest', privileged: false } },
    {
      origin: {
        id: 'u3',
        kind: 'synchronised',
        onPremisesImmutableId: 'MyIRAFVEd2aImaq7zN3u/w==',
        quarantined: [{ attribute: 'proxyAddresses', value: 'smtp:s@contoso.com' }],
      },
    },
    { origin: { id: 'g1', privileged: true }, proxyAddresses: ['SMTP:t@contoso.com'] },
    { origin: { id: 'k1' }, mail: 'k@fabrikam.com' },
    { origin: { kind: 'soft-deleted' }, userPrincipalName: 'gone@contoso.com' },
  ]);
  const lists = asked.filter(({ path }) => path !== roles);
  for (const { query } of lists) {
    expect(query.get('$top')).toBe('999');
    expect(query.get('$select')?.split(',')).toEqual(expect.arrayContaining(['mail', 'onPremisesProvisioningErrors']));
  }
});

test('a list of many pages is followed to its end, a page at a time', async () => {
  const { objects } = await readAll(({ path, query, headers }) => {
    if (path !== users) return undefined;
    const page = Number(query.get('$skiptoken') ?? 0);
    const body = { value: [{ id: `u${page}` }] };
    const next = `https://${headers['host']}/v1.0/users?$skiptoken=${page + 1}`;
    return ok(page < 3 ? { ...body, '@odata.nextLink': next } : body);
  });
  expect(objects.map(({ origin }) => origin?.side === 'entra' && origin.id)).toEqual(['u0', 'u1', 'u2', 'u3']);
});

describe('what is missing', () => {
  test('of the objects makes the reading incomplete, and the rest is read', async () => {
    const { objects, failures } = await readAll(({ path }) => {
      if (path === users) return graphError(403, 'Authorization_RequestDenied');
      return path === '/groups' ? list({ id: 'g1' }, { displayName: 'without an id' }) : undefined;
    });
    expect(objects).toHaveLength(1);
    expect(failures).toMatchObject([
      {
        part: 'users',
        essential: true,
        failure: { kind: 'NotPermitted', remedy: expect.stringContaining('User.Read.All') },
      },
      { part: 'groups', essential: true, failure: { kind: 'TryAgain' } },
    ]);
  });

  test('of the roles alone does not: who is privileged is not known then', async () => {
    const { objects, failures } = await readAll(({ path }) => {
      if (path === roles) return graphError(403, 'Authorization_RequestDenied');
      return path === users ? list({ id: 'u1' }) : undefined;
    });
    expect(failures).toMatchObject([{ part: 'role assignments', essential: false }]);
    expect(objects[0]?.origin).not.toHaveProperty('privileged');
  });

  test('a page that is no page, and one that breaks off, end their list', async () => {
    const { failures } = await readAll(({ path }) => {
      if (path === users) return ok({ odd: true });
      return path === '/contacts' ? 'cut' : undefined;
    });
    expect(failures.map(({ part }) => part)).toEqual(['users', 'contacts']);
  });
});
