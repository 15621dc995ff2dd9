import { z } from 'zod';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import { type Answer, failureOf, isSuccess, tryAgain } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Need } from './permissions.ts';

/** Graph's largest page of users, groups and contacts. */
export const largestPage = 999;

/** Headers of an advanced query; its URL needs `$count=true` besides. */
export const advancedQuery = { ConsistencyLevel: 'eventual' };

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/**
 * Hands every entry of a list to `take`, page by page, so that a large list is never held as a whole.
 * @param first the answer to the list's first request, which the caller sent (perhaps inside a batch).
 */
export async function followPages(
  connection: Connection,
  first: Answer,
  need: Need,
  take: (entries: unknown[]) => void,
  headers: Readonly<Record<string, string>> = {},
): Promise<Result<void>> {
  let answer = first;
  for (;;) {
    if (!isSuccess(answer)) return failed(failureOf(answer, need));
    const parsed = page.safeParse(answer.body);
    if (!parsed.success) return failed(tryAgain('Graph answered a list with something that is no page'));
    take(parsed.data.value);
    const nextLink = parsed.data['@odata.nextLink'];
    if (nextLink === undefined) return succeeded(undefined);
    const next = await connection.get(nextLink, headers);
    if (!next.ok) return next;
    answer = next.value;
  }
}

/** Every entry of a list at once; for lists that are known to be short. */
export async function readAll(connection: Connection, first: Answer, need: Need): Promise<Result<unknown[]>> {
  const entries: unknown[] = [];
  const read = await followPages(connection, first, need, (more) => entries.push(...more));
  return read.ok ? succeeded(entries) : read;
}
