import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Moment, MovableClock } from '../../clock.ts';
import type { Claims, TlsMaterial, VerifyToken } from '../../tokens.ts';
import type { Tenant } from '../tenant.ts';
import { type Answer, badRequest, Refused } from './answer.ts';
import { answerBatch } from './batch.ts';
import type { Call } from './call.ts';
import { Pages } from './pages.ts';
import { answerCall, errorAnswer, statusFault } from './router.ts';
import { type GraphWrite, WriteLog } from './write-log.ts';

export interface GraphOptions {
  readonly tenant: Tenant;
  readonly clock: MovableClock;
  readonly tls: TlsMaterial;
  readonly verify: VerifyToken;
  /** Free by default. */
  readonly port?: number;
}

export interface GraphCall {
  readonly at: Moment;
  readonly method: string;
  /** After /v1.0, with the query. */
  readonly path: string;
  /** 0 when the connection was cut instead of an answer. */
  readonly status: number;
  /** Object id of the calling application; empty without a valid token. */
  readonly application: string;
  /** The id of the $batch that the call was part of. */
  readonly batch?: string;
}

export interface GraphStandIn {
  readonly port: number;
  /** Ends in /v1.0. */
  readonly url: string;
  /** Every call so far, those within a $batch included. */
  readonly calls: readonly GraphCall[];
  /** Every write that was accepted. */
  readonly writes: readonly GraphWrite[];
  stop(): Promise<void>;
}

const audience = 'https://graph.microsoft.com';
const largestBody = 4 * 1024 * 1024;

/** Microsoft Graph v1.0 of one tenant, over https on 127.0.0.1. */
export async function startGraph({ tenant, clock, tls, verify, port = 0 }: GraphOptions): Promise<GraphStandIn> {
  const calls: GraphCall[] = [];
  const writes = new WriteLog(() => clock.now());
  const pages = new Pages();
  const log = (entry: Omit<GraphCall, 'at'>) => calls.push({ at: clock.now(), ...entry });

  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    answerRequest(request, response).catch((error: unknown) => {
      process.stderr.write(`graph stand-in: ${error instanceof Error ? error.stack : String(error)}\n`);
      const answer = errorAnswer({ tenant }, new Refused(500, 'InternalServerError', 'Internal error.'));
      send(response, answer, request.headers['client-request-id']);
    });
  });

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = (request.url ?? '').replace(/^\/v1\.0/, '');
    const finish = (answer: Answer, application: string): void => {
      log({ method, path, status: answer.status, application });
      send(response, answer, request.headers['client-request-id']);
    };
    const cut = (application: string): void => {
      log({ method, path, status: 0, application });
      request.socket.destroy();
    };
    const bare = path.replace(/\?.*$/, '');
    if (tenant.traffic.isOut) return cut('');
    const text = await readBody(request);
    if (tenant.traffic.takeFault(method, bare, ['timeout'], text)) {
      log({ method, path, status: 0, application: '' });
      return; // never answered: the client gives up
    }

    const claims = await authenticate(request);
    if (claims instanceof Refused) return finish(errorAnswer({ tenant }, claims), '');
    if (!request.url?.startsWith('/v1.0/')) {
      return finish(errorAnswer({ tenant }, badRequest('Invalid version.')), claims.oid);
    }
    const baseUrl = `https://${request.headers.host ?? `127.0.0.1:${port}`}/v1.0`;
    const answer = answerWhole({ claims, baseUrl, method, path, headers: flat(request), text });
    if (isDropped(method, bare, text)) return cut(claims.oid);
    finish(answer, claims.oid);
  }

  /** A whole batch is lost, too, when the answer of one of its parts is to be. */
  function isDropped(method: string, path: string, text: string): boolean {
    const parts = batchParts(method, path, text);
    return [{ method, path }, ...parts].some((part) =>
      tenant.traffic.takeFault(part.method, part.path, ['dropResponse']),
    );
  }

  function answerWhole(whole: WholeRequest): Answer {
    const { claims, baseUrl, method, path, headers, text } = whole;
    const body = parseJson(text);
    if (body instanceof Refused) return errorAnswer({ tenant }, body);
    const toCall = (each: Pick<Call, 'method' | 'headers' | 'body'>, target: string): Call => ({
      tenant,
      claims,
      pages,
      writes,
      baseUrl,
      ...each,
      ...parseTarget(target),
    });
    const isBatch = isBatchCall(method, path);
    if (!isBatch) return answerCall(toCall({ method, headers, body }, path), tenant.traffic);

    const fault = statusFault(tenant.traffic, method, '/$batch', text);
    if (fault) return errorAnswer({ tenant }, fault);
    const batch = randomUUID();
    try {
      return answerBatch(
        body,
        (part) => {
          const answer = answerCall(toCall(part, part.url), tenant.traffic);
          log({ method: part.method, path: part.url, status: answer.status, application: claims.oid, batch });
          return answer;
        },
        (items) => tenant.state.random.shuffle(items),
      );
    } catch (error) {
      if (error instanceof Refused) return errorAnswer({ tenant }, error);
      throw error;
    }
  }

  async function authenticate(request: IncomingMessage): Promise<Claims | Refused> {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) return new Refused(401, 'InvalidAuthenticationToken', 'Access token is empty.');
    try {
      return await verify(token, audience);
    } catch (error) {
      const expired = error instanceof Error && /expired/i.test(`${error.name} ${error.message}`);
      const message = expired
        ? 'Lifetime validation failed, the token is expired.'
        : 'Access token validation failure. Invalid audience or signature.';
      return new Refused(401, 'InvalidAuthenticationToken', message);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `https://127.0.0.1:${bound}/v1.0`,
    calls,
    writes: writes.entries,
    stop: () => close(server),
  };
}

interface WholeRequest {
  readonly claims: Claims;
  readonly baseUrl: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Call['headers'];
  readonly text: string;
}

function parseTarget(target: string): Pick<Call, 'segments' | 'query'> {
  const [path = '', ...query] = target.split('?');
  const segments = path.split('/').filter((segment) => segment !== '');
  return { segments: segments.map(decode).flatMap(keyApart), query: new URLSearchParams(query.join('?')) };
}

/** OData writes a key as `users('ann')` as well as `users/ann`. */
function keyApart(segment: string): string[] {
  const [, name, key] = /^(\w+)\('(.*)'\)$/.exec(segment) ?? [];
  return name === undefined || key === undefined ? [segment] : [name, key.replaceAll("''", "'")];
}

/** A client may leave a lone % in a UPN. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const isBatchCall = (method: string, path: string): boolean => method === 'POST' && /^\/\$batch$/i.test(decode(path));

/** Method and bare path of every well-formed part of a batch; none for any other call. */
function batchParts(method: string, path: string, text: string): { method: string; path: string }[] {
  const body = isBatchCall(method, path) ? (parseJson(text) as { requests?: unknown } | null) : null;
  const requests: unknown[] = Array.isArray(body?.requests) ? body.requests : [];
  return requests.flatMap((request) => {
    const { method: verb, url } = (request ?? {}) as Record<string, unknown>;
    return typeof verb === 'string' && typeof url === 'string'
      ? [{ method: verb, path: url.replace(/\?.*$/, '') }]
      : [];
  });
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

function flat(request: IncomingMessage): Call['headers'] {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestBody) throw new Error('request body too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @param clientRequestId the id by which the caller wants to find the request again */
function send(
  response: ServerResponse,
  { status, headers = {}, body }: Answer,
  clientRequestId?: string | string[],
): void {
  if (response.headersSent || response.destroyed) return;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const requestId = randomUUID();
  response.writeHead(status, {
    ...(text === undefined
      ? {}
      : {
          'content-type':
            'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
        }),
    'request-id': requestId,
    'client-request-id': clientRequestId ?? requestId,
    'cache-control': 'no-cache',
    'odata-version': '4.0',
    ...headers,
  });
  response.end(text);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
