import { type Answer, badRequest, Refused } from './answer.ts';

/** One request of a $batch, checked. */
export interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

const mostRequests = 20;
const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** The responses come in no particular order; `shuffle` decides it. */
export function answerBatch(
  body: unknown,
  answerOne: (request: BatchRequest) => Answer,
  shuffle: <T>(items: readonly T[]) => T[],
): Answer {
  const requests = parseBatch(body);
  const answers = new Map<string, Answer>();
  for (const request of requests) {
    const failed = request.dependsOn.some((id) => (answers.get(id.toLowerCase())?.status ?? 500) >= 400);
    answers.set(request.id.toLowerCase(), failed ? failedDependency() : answerOne(request));
  }
  const responses = shuffle(requests).map(({ id }) => ({ id, ...toResponse(answers.get(id.toLowerCase())) }));
  return { status: 200, body: { responses } };
}

/** Any fault in the form of the batch refuses all of it (400). */
function parseBatch(body: unknown): readonly BatchRequest[] {
  const requests = (body as { requests?: unknown } | null)?.requests;
  if (!Array.isArray(requests) || requests.length === 0) throw badRequest('The batch has no requests.');
  if (requests.length > mostRequests)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${mostRequests}.`);
  const seen = new Set<string>();
  const parsed = requests.map((request) => parseRequest(request as Record<string, unknown> | null, seen));
  checkDependencies(parsed);
  return parsed;
}

function parseRequest(request: Record<string, unknown> | null, seen: Set<string>): BatchRequest {
  const { id, method, url, headers, body, dependsOn } = request ?? {};
  if (typeof id !== 'string' || id === '') throw badRequest('Invalid batch payload format: a request has no id.');
  if (seen.has(id.toLowerCase())) throw badRequest(`Request Id '${id}' is not unique in the batch.`);
  seen.add(id.toLowerCase());
  if (typeof method !== 'string' || !methods.includes(method.toUpperCase())) {
    throw badRequest(`Request '${id}' has no valid method.`);
  }
  if (typeof url !== 'string' || url === '' || /^https?:/i.test(url)) {
    throw badRequest(`Request '${id}' has no relative url.`);
  }
  const given = Object.entries((headers ?? {}) as Record<string, string>);
  const byLowerCase = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (body !== undefined && byLowerCase['content-type'] === undefined) {
    throw badRequest(`Content-Type header is required for request '${id}', which has a body.`);
  }
  if (dependsOn !== undefined && !Array.isArray(dependsOn))
    throw badRequest(`dependsOn of request '${id}' is no list.`);
  return {
    id,
    method: method.toUpperCase(),
    url: url.startsWith('/') ? url : `/${url}`,
    headers: byLowerCase,
    body,
    dependsOn: (dependsOn ?? []).map(String),
  };
}

/** A request may depend only on one that stands before it. */
function checkDependencies(requests: readonly BatchRequest[]): void {
  const before = new Set<string>();
  for (const { id, dependsOn } of requests) {
    const unknown = dependsOn.find((other) => !before.has(other.toLowerCase()));
    if (unknown !== undefined) throw badRequest(`Request '${id}' depends on '${unknown}', which is not before it.`);
    before.add(id.toLowerCase());
  }
}

function failedDependency(): Answer {
  const refused = new Refused(424, 'FailedDependency', 'A request on which this one depends has failed.');
  return { status: refused.status, body: { error: { code: refused.code, message: refused.message } } };
}

function toResponse(answer: Answer | undefined) {
  const { status = 500, headers = {}, body } = answer ?? {};
  const named = Object.entries(headers).map(([name, value]) => [canonical(name), value]);
  const contentType = body === undefined ? [] : [['Content-Type', 'application/json']];
  return { status, headers: Object.fromEntries([...contentType, ...named]), ...(body === undefined ? {} : { body }) };
}

function canonical(name: string): string {
  return name === 'retry-after' ? 'Retry-After' : name === 'content-type' ? 'Content-Type' : name;
}
