import { z } from 'zod';
import type { CloudObject } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { CloudObjectType } from '../../ports.ts';
import { type Answer, failureOf, isSuccess, tryAgain } from './answer.ts';
import { type BatchedRequest, sendBatches } from './batch.ts';
import { cloudObjectOf, collections, objectPath } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { segment, withQuery } from './odata.ts';
import { largestPage, readAll } from './pages.ts';

/** A filter over one type of object; only ids are asked for, because what a filter finds is read again by id. */
export const filterRequest = (objectType: CloudObjectType, filter: string): BatchedRequest => ({
  method: 'GET',
  path: withQuery(collections[objectType].path, { $filter: filter, $select: 'id', $top: largestPage }),
});

const withId = z.object({ id: z.string() });

export interface Hit {
  readonly objectType: CloudObjectType;
  readonly id: string;
}

/** Ids of everything that a filter found, over all pages. */
export async function hitsOf(
  connection: Connection,
  objectType: CloudObjectType,
  answer: Answer,
): Promise<Result<Hit[]>> {
  const entries = await readAll(connection, answer, collections[objectType].need);
  if (!entries.ok) return entries;
  const found = z.array(withId).safeParse(entries.value);
  if (!found.success) return failed(tryAgain(`Graph listed a ${objectType} without an id`));
  return succeeded(found.data.map(({ id }) => ({ objectType, id })));
}

/**
 * Reads what filters found by id and keeps what still `holds`. Filters lag behind writes, reads by id do not: a hit whose
 * object has gone or changed meanwhile is none.
 */
export async function confirmHits(
  connection: Connection,
  hits: readonly Hit[],
  holds: (object: CloudObject) => boolean,
): Promise<Result<CloudObject[]>> {
  const distinct = [...new Map(hits.map((hit) => [hit.id, hit])).values()];
  const answers = await sendBatches(
    connection,
    distinct.map(({ objectType, id }) => ({ method: 'GET', path: objectPath(objectType, segment(id)) })),
  );
  if (!answers.ok) return answers;

  const confirmed: CloudObject[] = [];
  for (const [index, { objectType }] of distinct.entries()) {
    const answer = answers.value[index];
    if (answer === undefined || answer.status === 404) continue;
    if (!isSuccess(answer)) return failed(failureOf(answer, collections[objectType].need));
    const object = cloudObjectOf(objectType, answer.body);
    if (!object.ok) return object;
    if (holds(object.value)) confirmed.push(object.value);
  }
  return succeeded(confirmed);
}
