import { z } from 'zod';
import type { AuditObject } from '../../audit/audit-object.ts';
import { auditObjectOfCloud } from '../../audit/live-object.ts';
import type { CloudObject } from '../../domain/evidence.ts';
import type { Result } from '../../domain/result.ts';
import type { CloudBatch, CloudObjects, CloudObjectType } from '../../ports.ts';
import type { Answer } from './answer.ts';
import { failureOf, isSuccess, tryAgain } from './answer.ts';
import { cloudObjectOf, collections } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { withQuery } from './odata.ts';
import { largestPage, readAll } from './pages.ts';
import { type Need, needs } from './permissions.ts';

/** Of a `CloudObject` only what the audit looks at: a page of fewer properties is answered faster. */
const selected: Readonly<Record<CloudObjectType, readonly string[]>> = {
  user: [
    ...['id', 'displayName', 'userType', 'givenName', 'surname', 'userPrincipalName', 'mail', 'mailNickname'],
    ...['proxyAddresses', 'employeeId', 'accountEnabled', 'onPremisesSyncEnabled', 'onPremisesImmutableId'],
    ...['onPremisesSecurityIdentifier', 'onPremisesDistinguishedName', 'assignedLicenses'],
    'onPremisesProvisioningErrors',
  ],
  group: [
    ...['id', 'displayName', 'mail', 'mailNickname', 'proxyAddresses', 'onPremisesSyncEnabled'],
    ...['onPremisesSecurityIdentifier', 'isAssignableToRole', 'onPremisesProvisioningErrors'],
  ],
  contact: [
    ...['id', 'displayName', 'givenName', 'surname', 'mail', 'mailNickname', 'proxyAddresses', 'onPremisesSyncEnabled'],
    'onPremisesProvisioningErrors',
  ],
};

interface Part {
  readonly name: string;
  readonly objectType: CloudObjectType;
  readonly path: string;
  readonly select: readonly string[];
}

const parts: readonly Part[] = [
  { name: 'users', objectType: 'user', path: '/users', select: selected.user },
  { name: 'groups', objectType: 'group', path: '/groups', select: selected.group },
  { name: 'contacts', objectType: 'contact', path: '/contacts', select: selected.contact },
  {
    name: 'soft-deleted users',
    objectType: 'user',
    path: '/directory/deletedItems/microsoft.graph.user',
    select: [...selected.user, 'deletedDateTime'],
  },
];

/** Lists of Microsoft Graph v1.0, 999 entries a page (largest page of these lists, reference of 2026-11). */
export function createCloudObjects(connection: Connection): CloudObjects {
  return {
    async *read() {
      const roles = await privilegedIds(connection);
      if (!roles.ok) yield { kind: 'failure', part: 'role assignments', essential: false, failure: roles.failure };
      for (const part of parts) yield* readPart(connection, part, roles.ok ? roles.value : null);
    },
  };
}

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

async function* readPart(
  connection: Connection,
  part: Part,
  privileged: ReadonlySet<string> | null,
): AsyncGenerator<CloudBatch, void, undefined> {
  const { need } = collections[part.objectType];
  const fails = (failure: Extract<Result<never>, { ok: false }>['failure']): CloudBatch => ({
    kind: 'failure',
    part: part.name,
    essential: true,
    failure,
  });
  let next: string | undefined = withQuery(part.path, { $select: part.select.join(','), $top: largestPage });
  while (next !== undefined) {
    const read: Result<z.infer<typeof page>> = await readPage(connection, next, need);
    if (!read.ok) return yield fails(read.failure);
    const objects: AuditObject[] = [];
    for (const entry of read.value.value) {
      const object = cloudObjectOf(part.objectType, entry);
      if (object.ok) objects.push(auditObjectOfCloud(object.value, isPrivileged(object.value, privileged)));
      else yield fails(object.failure);
    }
    yield { kind: 'objects', objects };
    next = read.value['@odata.nextLink'];
  }
}

async function readPage(connection: Connection, path: string, need: Need): Promise<Result<z.infer<typeof page>>> {
  const sent: Result<Answer> = await connection.get(path);
  if (!sent.ok) return sent;
  if (!isSuccess(sent.value)) return { ok: false, failure: failureOf(sent.value, need) };
  const parsed = page.safeParse(sent.value.body);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, failure: tryAgain('Graph answered a list with something that is no page') };
}

const isPrivileged = (
  { id, isAssignableToRole }: CloudObject,
  privileged: ReadonlySet<string> | null,
): boolean | undefined => (isAssignableToRole === true ? true : privileged?.has(id));

const assignment = z.object({ principalId: z.string() });

/** Who holds a directory role, by one list: not who may activate one, nor who holds it through a group. */
async function privilegedIds(connection: Connection): Promise<Result<Set<string>>> {
  const need = needs.readRoleAssignments;
  const first = await connection.get(
    withQuery('/roleManagement/directory/roleAssignments', { $select: 'id,principalId' }),
  );
  if (!first.ok) return first;
  const entries = await readAll(connection, first.value, need);
  if (!entries.ok) return entries;
  return {
    ok: true,
    value: new Set(entries.value.flatMap((entry) => assignment.safeParse(entry).data?.principalId ?? [])),
  };
}
