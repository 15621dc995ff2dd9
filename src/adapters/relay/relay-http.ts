import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { type Failure, failed, type Result, succeeded } from '../../domain/result.ts';
import { type HttpsRequest, type OpenReply, openRequest } from '../https-request.ts';

export interface RelayOptions {
  /** Where the relay listens, without `/v1` and without a slash at its end. */
  readonly url: string;
  readonly credential: TokenCredential;
  /** Scope of the relay's own app registration: `api://<relay>/.default`. */
  readonly scope: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long a stream may be silent, in milliseconds. The relay sends a blank line when it has nothing else for 20 s. */
  readonly silenceMs?: number;
}

/** App role of the relay that a request takes. */
export type RelayRole = 'Relay.Read' | 'Relay.Write';

export interface RelayHttp {
  /** @param path after `/v1`. @returns the body, in the shape of the contract; every other outcome is a failure. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<Result<T>>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>, role: RelayRole): Promise<Result<T>>;
  /**
   * Posts, and takes an answer of many lines as it comes. Giving the iteration up closes the connection.
   * @returns the lines; when the stream is cut, the iteration throws {@link StreamCut}
   */
  lines(path: string, body: unknown, role: RelayRole): Promise<Result<AsyncIterable<readonly string[]>>>;
}

/** A stream that stopped before its end. */
export class StreamCut extends Error {}

export function createRelayHttp(options: RelayOptions): RelayHttp {
  const { url, credential, scope, timeoutMs = 20_000, silenceMs = 60_000 } = options;

  /** @throws when there is no answer */
  async function ask(path: string, asked: Asked, accept: string, signal: AbortSignal): Promise<OpenReply> {
    const token = await credential.getToken(scope, { abortSignal: signal });
    if (token === null) throw new Error('the credential has no token for it');
    const { method, body } = asked;
    const headers = {
      Authorization: `Bearer ${token.token}`,
      Accept: accept,
      ...(body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    };
    return openRequest(`${url}/v1${path}`, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  }

  async function send<T>(path: string, asked: Asked, shape: z.ZodType<T>, role: RelayRole): Promise<Result<T>> {
    let reply: OpenReply;
    let said: string;
    try {
      reply = await ask(path, asked, 'application/json', AbortSignal.timeout(timeoutMs));
      said = await text(reply.body);
    } catch (error) {
      return failed(tryAgain(describe(error)));
    }
    return isSuccess(reply) ? read(said, path, shape) : failed(failureOf(reply, said, role));
  }

  async function stream(
    path: string,
    asked: Asked,
    role: RelayRole,
  ): Promise<Result<AsyncIterable<readonly string[]>>> {
    const silence = new Silence(silenceMs);
    try {
      const reply = await silence.limit(
        ask(path, asked, 'application/x-ndjson, application/problem+json', silence.signal),
      );
      if (!isSuccess(reply)) return failed(failureOf(reply, await silence.limit(text(reply.body)), role));
      return succeeded(linesIn(reply.body, silence));
    } catch (error) {
      return failed(tryAgain(describe(error)));
    }
  }

  return {
    get: (path, shape) => send(path, { method: 'GET' }, shape, 'Relay.Read'),
    post: (path, body, shape, role) => send(path, { method: 'POST', body: JSON.stringify(body) }, shape, role),
    lines: (path, body, role) => stream(path, { method: 'POST', body: JSON.stringify(body) }, role),
  };
}

type Asked = Pick<HttpsRequest, 'method' | 'body'>;

const isSuccess = ({ status }: OpenReply): boolean => status >= 200 && status < 300;

/** Ends a request from which nothing has come for too long while something was waited for. */
class Silence {
  readonly #ending = new AbortController();
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  async limit<T>(waiting: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => this.#ending.abort(new Error(`nothing came for ${this.#longest / 1_000} seconds`)),
      this.#longest,
    );
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** No line of the contract comes near this length, in UTF-16 units. */
const longestLine = 16 * 1024 * 1024;

/** Complete lines as they come, many at a time; what follows the last line break of a stream that was cut is left out. */
async function* linesIn(body: Readable, silence: Silence): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const chunks = body[Symbol.asyncIterator]();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await silence.limit(chunks.next());
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longestLine) throw new Error('a line is longer than any of the contract');
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw new StreamCut(describe(error), { cause: error });
  } finally {
    // Not by the signal: that would break a connection which may have been given back by now.
    body.destroy();
  }
}

/** An answer outside the contract comes from something in between, or from a relay of another version. */
function read<T>(text: string, path: string, shape: z.ZodType<T>): Result<T> {
  const body = parseJson(text);
  if (body === undefined) return failed(tryAgain(`the answer of ${path} is not JSON`));
  const parsed = shape.safeParse(body);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the body';
  return failed(tryAgain(`the answer of ${path} does not fit the contract: ${field}: ${issue?.message}`));
}

/** RFC 9457; Azure Relay's own errors have no such body. */
const problemDetails = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

/** The one translation of an unsuccessful answer. 401 is a token that expired on the way; a new one may be good. */
function failureOf({ status, headers }: OpenReply, text: string, role: RelayRole): Failure {
  const problem = problemDetails.safeParse(parseJson(text)).data ?? {};
  const said = problem.detail ?? problem.title ?? STATUS_CODES[status] ?? 'nothing';
  const message = `the relay answered ${status}: ${said}`;
  if (status === 403) {
    return { kind: 'NotPermitted', message, remedy: `Assign the relay's app role ${role} to this application.` };
  }
  if (status === 404) return { kind: 'Gone', message };
  if (status === 501) return { kind: 'Refused', code: 'NotInstalled', message };
  if (status >= 500 || transientStatuses.has(status)) return tryAgain(said, status, headers['retry-after']);
  return { kind: 'Refused', code: codeOf(problem.type) ?? `Http${status}`, message };
}

const transientStatuses = new Set([401, 408, 425, 429]);

/** The last segment of the problem's type; `about:blank` says nothing. */
const codeOf = (type: string | undefined): string | undefined =>
  type === undefined || type === 'about:blank' ? undefined : type.split(/[/:#]/).at(-1) || undefined;

function tryAgain(because: string, status?: number, retryAfter?: string): Failure {
  const seconds = retryAfter ? Number(retryAfter) : Number.NaN;
  return {
    kind: 'TryAgain',
    message: status === undefined ? `The relay gave no answer: ${because}` : `the relay answered ${status}: ${because}`,
    ...(Number.isFinite(seconds) && seconds >= 0 ? { afterSeconds: seconds } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error and everything that caused it: an outer one alone helps nobody. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${describe(error.cause)})`;
  return `${error.message || error.name}${cause}`;
}
