import type { CloudObject } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import { cloudObjectOf, collections } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { withQuery } from './odata.ts';
import { largestPage, readAll } from './pages.ts';

/** Soft-deleted users stay for 30 days. The list does not lag behind writes as filters do. */
export const deletedUsersPath = withQuery('/directory/deletedItems/microsoft.graph.user', {
  $select: [...collections.user.select, 'deletedDateTime'].join(','),
  $top: largestPage,
});

/**
 * Every soft-deleted user. Listed, not looked up: their userPrincipalName has the object id in front, which no filter for
 * a name would match.
 */
export async function readDeletedUsers(connection: Connection): Promise<Result<CloudObject[]>> {
  const first = await connection.get(deletedUsersPath);
  if (!first.ok) return first;
  const entries = await readAll(connection, first.value, collections.user.need);
  return entries.ok ? objectsOf(entries.value) : entries;
}

export function objectsOf(entries: readonly unknown[]): Result<CloudObject[]> {
  const objects: CloudObject[] = [];
  for (const entry of entries) {
    const object = cloudObjectOf('user', entry);
    if (!object.ok) return failed(object.failure);
    objects.push(object.value);
  }
  return succeeded(objects);
}
