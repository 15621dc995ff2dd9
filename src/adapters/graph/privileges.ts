import { z } from 'zod';
import type { CloudObject, Fact } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { Clock } from '../../ports.ts';
import { tryAgain } from './answer.ts';
import { collections } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { known, type UnknownFact, unknown } from './fact.ts';
import { literal, segment, withQuery } from './odata.ts';
import { largestPage, readAll } from './pages.ts';
import { type Need, needs } from './permissions.ts';

/**
 * Why an object is privileged: roles assigned, roles it is eligible for, and role-assignable groups around it. One reason
 * found is enough to know that it is; that it is not is known only when every part could be read.
 */
export async function readPrivileges(
  connection: Connection,
  clock: Clock,
  object: CloudObject,
): Promise<Fact<string[]>> {
  const source = 'Graph: role assignments, eligibility, role-assignable groups';
  if (object.objectType === 'contact') return known([], 'a contact cannot hold a directory role', clock);

  const parts = await Promise.all([
    readPart(connection, rolesPath('roleAssignments', object.id), role, 'assigned role', needs.readRoleAssignments),
    readPart(
      connection,
      rolesPath('roleEligibilitySchedules', object.id),
      role,
      'eligible for role',
      needs.readRoleEligibility,
    ),
    readPart(connection, groupsPath(object), group, 'member of role-assignable group', needs.readGroups),
  ]);
  const itself = object.isAssignableToRole === true ? ['is a role-assignable group'] : [];
  const reasons = [...itself, ...parts.flatMap((part) => (part.state === 'read' ? part.reasons : []))];
  const missing = parts.find((part) => part.state === 'unknown');
  return reasons.length > 0 || missing === undefined ? known(reasons, source, clock) : missing;
}

const rolesPath = (list: 'roleAssignments' | 'roleEligibilitySchedules', principalId: string): string =>
  withQuery(`/roleManagement/directory/${list}`, {
    $filter: `principalId eq ${literal(principalId)}`,
    $expand: 'roleDefinition',
  });

/** Filtering by isAssignableToRole would need an advanced query, which lags; the memberships of one object are few. */
const groupsPath = ({ objectType, id }: CloudObject): string =>
  withQuery(`${collections[objectType].path}/${segment(id)}/transitiveMemberOf`, { $top: largestPage });

/** Each shape yields the name of what makes privileged, or nothing. */
const role = z
  .object({ roleDefinitionId: z.string(), roleDefinition: z.object({ displayName: z.string().nullish() }).nullish() })
  .transform(({ roleDefinitionId, roleDefinition }) => [roleDefinition?.displayName ?? roleDefinitionId]);

/** Memberships are groups, roles and administrative units together; only groups can be role-assignable. */
const group = z
  .object({ id: z.string(), displayName: z.string().nullish(), isAssignableToRole: z.boolean().nullish() })
  .transform(({ id, displayName, isAssignableToRole }) => (isAssignableToRole === true ? [displayName ?? id] : []));

type Part = UnknownFact | { readonly state: 'read'; readonly reasons: string[] };

async function readPart(
  connection: Connection,
  path: string,
  shape: z.ZodType<string[]>,
  reason: string,
  need: Need,
): Promise<Part> {
  const names = await readNames(connection, path, shape, need);
  if (!names.ok) return unknown(names.failure, need);
  return { state: 'read', reasons: names.value.map((name) => `${reason} ${name}`) };
}

async function readNames(
  connection: Connection,
  path: string,
  shape: z.ZodType<string[]>,
  need: Need,
): Promise<Result<string[]>> {
  const sent = await connection.get(path);
  if (!sent.ok) return sent;
  const entries = await readAll(connection, sent.value, need);
  if (!entries.ok) return entries;
  const names = z.array(shape).safeParse(entries.value);
  return names.success ? succeeded(names.data.flat()) : failed(tryAgain(`Graph answered ${path} with another shape`));
}
