import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createGraph } from '../../../src/adapters/graph/graph.ts';
import { certificate } from '../trusted-certificate.ts';

/** A request as the test's script sees it; those inside a `$batch` look the same as others. */
export interface Asked {
  readonly method: string;
  /** After /v1.0, decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly batched: boolean;
}

export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** A body sent as it is. */
  | { readonly status: number; readonly text: string }
  | 'hang'
  | 'cut';

type SubResponse = { id: string; status: number; headers?: Record<string, string>; body?: unknown };

export interface Script {
  /** Answers every request but `$batch` itself. */
  readonly route?: (asked: Asked) => Reply;
  /** Answers a whole `$batch` instead; undefined: as usual. */
  readonly batch?: (asked: Asked) => Reply | undefined;
  /** Changes the responses of a batch before they are sent. */
  readonly rearrange?: (responses: SubResponse[]) => SubResponse[];
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const list = (...value: unknown[]): Reply => ok({ value });
export const graphError = (status: number, code: string, message = code, headers?: Record<string, string>): Reply => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: { error: { code, message } },
});
export const notFound = graphError(404, 'Request_ResourceNotFound');

export const clock = { now: () => new Date('2026-11-25T10:00:00Z') };
export const tenant = '8a1f4f0e-8a55-4f3e-9f7e-0d8a1c1b2c3d';

/** A Graph of one test over a real socket, and the adapter connected to it. Stops with the test. */
export async function startScriptedGraph(
  script: Script,
  options: { timeoutMs?: number; token?: () => Promise<string> } = {},
) {
  const asked: Asked[] = [];
  const server = createServer(await certificate(), (request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request) text += part;
    const body = text === '' ? undefined : JSON.parse(text);
    const one = toAsked(
      request.method ?? '',
      request.url ?? '',
      request.headers as Record<string, string>,
      body,
      false,
    );
    asked.push(one);
    send(
      response,
      one.path === '/$batch' ? (script.batch?.(one) ?? answerBatch(one)) : (script.route?.(one) ?? notFound),
    );
  }

  function answerBatch({ body }: Asked): Reply {
    const { requests } = body as {
      requests: { id: string; method: string; url: string; headers?: object; body?: unknown }[];
    };
    const responses = requests.map(({ id, method, url, headers, body: inner }) => {
      const one = toAsked(method, url, { ...headers }, inner, true);
      asked.push(one);
      const reply = script.route?.(one) ?? notFound;
      if (typeof reply === 'string' || 'text' in reply) throw new Error('a response inside a batch is always JSON');
      return { id, status: reply.status, headers: { ...reply.headers }, body: reply.body };
    });
    return ok({ responses: script.rearrange?.(responses) ?? responses });
  }

  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const graph = createGraph({
    baseUrl: `https://127.0.0.1:${port}/v1.0`,
    tenant,
    clock,
    timeoutMs: options.timeoutMs ?? 5000,
    credential: {
      async getToken() {
        return { token: (await options.token?.()) ?? 'a-token', expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    },
  });
  /** Round trips, not counting what was inside a batch. */
  const roundTrips = () => asked.filter(({ batched }) => !batched);
  return { ...graph, asked, roundTrips, port };
}

function toAsked(method: string, url: string, headers: Record<string, string>, body: unknown, batched: boolean): Asked {
  const [rawPath = '', query = ''] = url.replace(/^\/v1\.0/, '').split('?');
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path: decodeURIComponent(rawPath),
    query: new URLSearchParams(query),
    headers: lowerCase,
    body,
    batched,
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'cut') {
    response.socket?.destroy();
    return;
  }
  if ('text' in reply) {
    response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(reply.text);
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'Content-Type': 'application/json' });
  response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
