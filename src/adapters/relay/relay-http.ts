import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { type Failure, failed, type Result, succeeded } from '../../domain/result.ts';

export interface RelayOptions {
  /** Where the relay listens, without `/v1` and without a slash at its end. */
  readonly url: string;
  readonly credential: TokenCredential;
  /** Scope of the relay's own app registration: `api://<relay>/.default`. */
  readonly scope: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** App role of the relay that a request takes. */
export type RelayRole = 'Relay.Read' | 'Relay.Write';

export interface RelayHttp {
  /** @param path after `/v1`. @returns the body, in the shape of the contract; every other outcome is a failure. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<Result<T>>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>, role: RelayRole): Promise<Result<T>>;
}

export function createRelayHttp({ url, credential, scope, timeoutMs = 20_000 }: RelayOptions): RelayHttp {
  async function send<T>(path: string, init: RequestInit, shape: z.ZodType<T>, role: RelayRole): Promise<Result<T>> {
    const signal = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      const token = await credential.getToken(scope, { abortSignal: signal });
      if (token === null) return failed(tryAgain('the credential has no token for it'));
      const headers = { ...init.headers, Authorization: `Bearer ${token.token}`, Accept: 'application/json' };
      response = await fetch(`${url}/v1${path}`, { ...init, headers, signal });
      text = await response.text();
    } catch (error) {
      return failed(tryAgain(describe(error)));
    }
    return response.ok ? read(text, path, shape) : failed(failureOf(response, text, role));
  }

  return {
    get: (path, shape) => send(path, { method: 'GET' }, shape, 'Relay.Read'),
    post: (path, body, shape, role) => {
      const headers = { 'Content-Type': 'application/json' };
      return send(path, { method: 'POST', headers, body: JSON.stringify(body) }, shape, role);
    },
  };
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
function failureOf(response: Response, text: string, role: RelayRole): Failure {
  const { status } = response;
  const problem = problemDetails.safeParse(parseJson(text)).data ?? {};
  const said = problem.detail ?? problem.title ?? response.statusText;
  const message = `the relay answered ${status}: ${said}`;
  if (status === 403) {
    return { kind: 'NotPermitted', message, remedy: `Assign the relay's app role ${role} to this application.` };
  }
  if (status === 404) return { kind: 'Gone', message };
  if (status === 501) return { kind: 'Refused', code: 'NotInstalled', message };
  if (status >= 500 || transientStatuses.has(status))
    return tryAgain(said, status, response.headers.get('Retry-After'));
  return { kind: 'Refused', code: codeOf(problem.type) ?? `Http${status}`, message };
}

const transientStatuses = new Set([401, 408, 425, 429]);

/** The last segment of the problem's type; `about:blank` says nothing. */
const codeOf = (type: string | undefined): string | undefined =>
  type === undefined || type === 'about:blank' ? undefined : type.split(/[/:#]/).at(-1) || undefined;

function tryAgain(because: string, status?: number, retryAfter?: string | null): Failure {
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

/** The error and everything that caused it: `fetch failed` alone helps nobody. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${describe(error.cause)})`;
  return `${error.message || error.name}${cause}`;
}
