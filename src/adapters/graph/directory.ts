import { z } from 'zod';
import type { CloudObject, Fact, VerifiedDomain } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { Clock, CloudDirectory, CloudObjectType } from '../../ports.ts';
import { failureOf, isSuccess } from './answer.ts';
import { cloudObjectOf, collections, objectPath } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { readDeletedUsers } from './deleted-users.ts';
import { known, unknown } from './fact.ts';
import { readFacts } from './facts.ts';
import { confirmHits, filterRequest, hitsOf } from './find.ts';
import { findHolders } from './holders.ts';
import { literal, segment, withQuery } from './odata.ts';
import { readAll } from './pages.ts';
import { needs } from './permissions.ts';

export function createDirectory(connection: Connection, clock: Clock): CloudDirectory {
  return {
    read: (objectType, id) => read(connection, objectType, id),
    readBySourceAnchor: (sourceAnchor) => readBySourceAnchor(connection, sourceAnchor),
    findHolders: (address) => findHolders(connection, address),
    findByEmployeeId: (employeeId) => findByEmployeeId(connection, employeeId),
    facts: (object) => readFacts(connection, clock, object),
    verifiedDomains: () => readVerifiedDomains(connection, clock),
  };
}

async function read(connection: Connection, objectType: CloudObjectType, id: string): Promise<Result<CloudObject>> {
  const sent = await connection.get(objectPath(objectType, segment(id)));
  if (!sent.ok) return sent;
  if (isSuccess(sent.value)) return cloudObjectOf(objectType, sent.value.body);

  const gone = failed(failureOf(sent.value, collections[objectType].need));
  if (sent.value.status !== 404 || objectType !== 'user') return gone;
  const deleted = await readDeletedUsers(connection);
  if (!deleted.ok) return deleted;
  const user = deleted.value.find((candidate) => candidate.id === id);
  return user === undefined ? gone : succeeded(user);
}

/** An active user before a soft-deleted one: both can carry the anchor for a while. */
async function readBySourceAnchor(connection: Connection, sourceAnchor: string): Promise<Result<CloudObject | null>> {
  const carries = (user: CloudObject): boolean => user.onPremisesImmutableId === sourceAnchor;
  const active = await findUsers(connection, `onPremisesImmutableId eq ${literal(sourceAnchor)}`, carries);
  if (!active.ok) return active;
  const [user] = active.value;
  if (user !== undefined) return succeeded(user);
  const deleted = await readDeletedUsers(connection);
  return deleted.ok ? succeeded(deleted.value.find(carries) ?? null) : deleted;
}

async function findByEmployeeId(connection: Connection, employeeId: string): Promise<Result<CloudObject[]>> {
  const users = await findUsers(
    connection,
    `employeeId eq ${literal(employeeId)}`,
    (user) => user.employeeId?.toLowerCase() === employeeId.toLowerCase(),
  );
  return users.ok ? succeeded(users.value.slice(0, 2)) : users;
}

async function findUsers(
  connection: Connection,
  filter: string,
  holds: (user: CloudObject) => boolean,
): Promise<Result<CloudObject[]>> {
  const sent = await connection.get(filterRequest('user', filter).path);
  if (!sent.ok) return sent;
  const hits = await hitsOf(connection, 'user', sent.value);
  return hits.ok ? confirmHits(connection, hits.value, holds) : hits;
}

const domain = z.object({
  id: z.string(),
  isInitial: z.boolean(),
  isVerified: z.boolean(),
  authenticationType: z.enum(['Managed', 'Federated']),
});

async function readVerifiedDomains(connection: Connection, clock: Clock): Promise<Fact<VerifiedDomain[]>> {
  const path = withQuery('/domains', { $select: 'id,isInitial,isVerified,authenticationType' });
  const sent = await connection.get(path);
  if (!sent.ok) return unknown(sent.failure, needs.readDomains);
  const entries = await readAll(connection, sent.value, needs.readDomains);
  if (!entries.ok) return unknown(entries.failure, needs.readDomains);
  // A domain whose authentication type is of a third kind is left out: nothing may be proposed for it.
  const domains = entries.value.flatMap((entry) => domain.safeParse(entry).data ?? []);
  const verified = domains.filter(({ isVerified }) => isVerified);
  return known(
    verified.map(({ id, isInitial, authenticationType }) => ({ name: id, isInitial, authenticationType })),
    'Graph: domains',
    clock,
  );
}
