import { z } from 'zod';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import { type Answer, failureOf, isSuccess, tryAgain } from './answer.ts';
import { type Connection, secondsOf } from './connection.ts';
import type { Need } from './permissions.ts';

/** A request inside a `$batch`. */
export interface BatchedRequest {
  readonly method: 'GET' | 'PATCH';
  /** Relative to the base URL, percent-encoded: `/users/…`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Graph's limit of requests in one `$batch`. */
export const largestBatch = 20;

/** `$batch` itself needs no permission: each request inside is judged on its own. */
const noneOfItsOwn: Need = { permission: 'of the requests inside' };

/**
 * Sends up to 20 requests, independent of each other, in one round trip.
 * @returns one answer a request, in the order asked, whatever the order they came in. Throttled ones all carry the longest
 * Retry-After of the batch. Fails when the batch as a whole got no usable answer: then nothing is known of any request.
 */
export async function sendBatch(
  connection: Connection,
  requests: readonly BatchedRequest[],
): Promise<Result<Answer[]>> {
  const sent = await connection.post('/$batch', { requests: requests.map(toWire) });
  if (!sent.ok) return sent;
  if (!isSuccess(sent.value)) return failed(failureOf(sent.value, noneOfItsOwn));
  const parsed = batchResponse.safeParse(sent.value.body);
  if (!parsed.success) return failed(tryAgain('Graph answered a batch with something that is no list of responses'));

  const byId = new Map(parsed.data.responses.map((response) => [response.id, response]));
  return succeeded(withLongestRetryAfter(requests.map((_, index) => toAnswer(byId.get(String(index))))));
}

/** As `sendBatch`, in as many round trips as it takes; the first that fails ends it. */
export async function sendBatches(
  connection: Connection,
  requests: readonly BatchedRequest[],
): Promise<Result<Answer[]>> {
  const answers: Answer[] = [];
  for (let start = 0; start < requests.length; start += largestBatch) {
    const part = await sendBatch(connection, requests.slice(start, start + largestBatch));
    if (!part.ok) return part;
    answers.push(...part.value);
  }
  return succeeded(answers);
}

/** A body without a Content-Type of its own makes Graph refuse the request. */
function toWire({ method, path, headers, body }: BatchedRequest, index: number): Record<string, unknown> {
  const allHeaders = { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  return {
    id: String(index),
    method,
    url: path,
    ...(Object.keys(allHeaders).length === 0 ? {} : { headers: allHeaders }),
    ...(body === undefined ? {} : { body }),
  };
}

const batchResponse = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.unknown()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});
type BatchResponse = z.infer<typeof batchResponse>['responses'][number];

/** A request that the batch does not mention was not answered: as good as a timeout of its own. */
function toAnswer(response: BatchResponse | undefined): Answer {
  if (response === undefined)
    return { status: 504, body: { error: { code: 'NoResponse', message: 'left out of the batch' } } };
  const header = Object.entries(response.headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after');
  const retryAfterSeconds = secondsOf(String(header?.[1] ?? ''));
  return {
    status: response.status,
    body: response.body,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function withLongestRetryAfter(answers: readonly Answer[]): Answer[] {
  const waits = answers.flatMap(({ status, retryAfterSeconds }) => (status === 429 ? (retryAfterSeconds ?? []) : []));
  if (waits.length === 0) return [...answers];
  const longest = Math.max(...waits);
  return answers.map((answer) => (answer.status === 429 ? { ...answer, retryAfterSeconds: longest } : answer));
}
