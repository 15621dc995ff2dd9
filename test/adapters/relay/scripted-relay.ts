import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createRelayClient } from '../../../src/adapters/relay/relay-client.ts';
import { certificate } from '../trusted-certificate.ts';

export interface Asked {
  readonly method: string;
  /** With the query: `/v1/run-history?count=100`. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | { status: number; text: string }
  /** A stream; a last 'cut' breaks the connection, a last 'hang' leaves it open and silent. */
  | { lines: readonly (object | string | Buffer | 'cut' | 'hang')[] }
  | 'hang'
  | 'cut';

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const problem = (status: number, type: string, detail: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { type: `https://syncmend.example/problems/${type}`, title: type, status, detail },
});

export const tenant = '8a1f4f0e-8a55-4f3e-9f7e-0d8a1c1b2c3d';

/** A relay of one test over a real socket, and the client connected to it. Stops with the test. */
export async function startScriptedRelay(
  route: (asked: Asked) => Reply,
  options: { timeoutMs?: number; silenceMs?: number; token?: () => Promise<string> } = {},
) {
  const asked: Asked[] = [];
  const server = createServer(await certificate(), async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const one: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: text === '' ? undefined : JSON.parse(text),
    };
    asked.push(one);
    const reply = route(one);
    if (reply === 'hang') return;
    if (reply === 'cut') {
      response.socket?.destroy();
      return;
    }
    if ('lines' in reply) {
      await sendLines(response, reply.lines);
      return;
    }
    const headers = 'text' in reply ? {} : reply.headers;
    response.writeHead(reply.status, { ...headers, 'Content-Type': 'application/json' });
    response.end('text' in reply ? reply.text : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  const client = createRelayClient({
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    scope: 'api://relay/.default',
    tenant,
    timeoutMs: options.timeoutMs ?? 5000,
    silenceMs: options.silenceMs ?? 5000,
    objects: { pauseMs: 1, further: ['comment'] },
    credential: {
      async getToken(scope) {
        const token = (await options.token?.()) ?? `token for ${scope}`;
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    },
  });
  return { ...client, asked, stop };
}

/** Each piece goes out by itself, so that what comes before a cut arrives. */
async function sendLines(response: ServerResponse, lines: readonly (object | string)[]): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  for (const line of lines) {
    if (line === 'hang') return;
    if (line === 'cut') {
      setTimeout(() => response.socket?.destroy(), 20);
      return;
    }
    const piece = typeof line === 'string' || Buffer.isBuffer(line) ? line : `${JSON.stringify(line)}\n`;
    await new Promise((resolve) => response.write(piece, resolve));
  }
  response.end();
}
