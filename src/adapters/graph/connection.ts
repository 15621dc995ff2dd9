import type { TokenCredential } from '@azure/identity';
import type { Client } from '@microsoft/microsoft-graph-client';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import { type HttpsReply, type HttpsRequest, httpsRequest } from '../https-request.ts';
import { type Answer, isSuccess, tryAgain } from './answer.ts';

export interface ConnectionOptions {
  /** With the API version and without a slash at its end: `https://graph.microsoft.com/v1.0`. */
  readonly baseUrl: string;
  readonly credential: TokenCredential;
  /** The token's scope; by default that of the worldwide cloud. */
  readonly scope?: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Sends single requests with the Graph client. A response of any status is an `Answer`; only when none came back (no
 * token, unreachable, timed out, not JSON) is it a failure, always `TryAgain`. Nothing is sent twice: callers schedule.
 */
export interface Connection {
  /** @param path relative to the base URL, or the absolute URL of a next page. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Result<Answer>>;
  post(path: string, body: unknown): Promise<Result<Answer>>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const timeoutMs = options.timeoutMs ?? 20_000;
  let client: Promise<Client> | undefined;

  async function send(
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Result<Answer>> {
    try {
      client ??= createClient(options, timeoutMs);
      const url = path.startsWith('https://') ? path : `${options.baseUrl}${path}`;
      const request = (await client).api(url).headers({ ...headers });
      request.option('signal', AbortSignal.timeout(timeoutMs));
      // RawResponse: the client would otherwise turn a body that is not JSON into a stream and drop Retry-After.
      const { ResponseType } = await import('@microsoft/microsoft-graph-client');
      request.responseType(ResponseType.RAW);
      const reply: HttpsReply = body === undefined ? await request.get() : await request.post(body);
      return answerOf(reply);
    } catch (error) {
      return failed(tryAgain(`Graph gave no answer: ${describe(error)}`));
    }
  }

  return {
    get: (path, headers = {}) => send(path, headers),
    post: (path, body) => send(path, { 'Content-Type': 'application/json' }, body),
  };
}

/**
 * The client with its authentication alone. Its retry handler is left out, because it would wait inside a request for
 * what the lanes schedule, and the token goes to Graph and to the host of the base URL only, wherever a next link points.
 */
async function createClient({ baseUrl, credential, scope }: ConnectionOptions, timeoutMs: number): Promise<Client> {
  const { AuthenticationHandler, Client } = await import('@microsoft/microsoft-graph-client');
  const authentication = new AuthenticationHandler({
    async getAccessToken() {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const token = await credential.getToken(scope ?? 'https://graph.microsoft.com/.default', { abortSignal });
      if (token === null) throw new Error('the credential has no token for Graph');
      return token.token;
    },
  });
  authentication.setNext({
    async execute(context) {
      // `send` above gave the client nothing else to make of it.
      const [url, request] = [context.request as string, context.options as HttpsRequest];
      try {
        // With ResponseType.RAW the client hands it on as it is.
        context.response = (await httpsRequest(url, request)) as unknown as Response;
      } catch (cause) {
        // The client keeps only an error's message, so the causes are told in it.
        throw new Error(describe(cause), { cause });
      }
    },
  });
  const customHosts = new Set([new URL(baseUrl).hostname]);
  return Client.initWithMiddleware({ middleware: authentication, customHosts });
}

function answerOf({ status, headers, body }: HttpsReply): Result<Answer> {
  const text = body.toString('utf8');
  const retryAfterSeconds = secondsOf(headers['retry-after']);
  const answer: Answer = {
    status,
    body: undefined,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  try {
    return succeeded(text === '' ? answer : { ...answer, body: JSON.parse(text) });
  } catch {
    // A gateway's HTML page still tells its status; a success that cannot be read tells nothing.
    if (!isSuccess(answer)) return succeeded(answer);
    return failed(tryAgain('Graph gave no answer: the body is not JSON'));
  }
}

/** Seconds of a Retry-After header in its number form; a date, which Graph does not send, counts as absent. */
export function secondsOf(retryAfter: unknown): number | undefined {
  const seconds = typeof retryAfter === 'string' && retryAfter.trim() !== '' ? Number(retryAfter) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** The error and everything that caused it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${describe(error.cause)})`;
  return `${error.message || error.name}${cause}`;
}
