import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { largestRelayBody } from '../relay-contract.ts';
import type { Log } from './log.ts';
import type { RelayHandler, RelayRequest } from './request.ts';

export interface HttpsListener {
  readonly port: number;
  /** Ends when the requests under way are answered. Answers that come in pieces are cut: their callers ask again. */
  close(): Promise<void>;
}

export interface HttpsSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Serves the handler on an own port, TLS only. */
export async function listenHttps(settings: HttpsSettings, handler: RelayHandler, log: Log): Promise<HttpsListener> {
  const closing = new AbortController();
  const server = createServer(
    {
      cert: settings.certificate,
      key: settings.key,
      minVersion: 'TLSv1.2',
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    },
    (incoming, outgoing) => {
      respond(incoming, outgoing, handler, closing.signal).catch((thrown: unknown) => {
        log('warn', 'Connection failed', { error: thrown instanceof Error ? thrown.message : String(thrown) });
        outgoing.destroy();
      });
    },
  );
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      closing.abort();
      server.closeIdleConnections();
      await closed;
    },
  };
}

/** Before Active Directory ends the session by itself (MaxConnIdleTime, 15 minutes). */
const longestPauseMs = 600_000;

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: RelayHandler,
  closing: AbortSignal,
): Promise<void> {
  const { request, complete } = await read(incoming);
  const response = await handler(request);
  // What was not read of a body that is too large must not be taken for the next request.
  outgoing.writeHead(response.status, { ...response.headers, ...(complete ? {} : { connection: 'close' }) });
  if (response.pieces === undefined) {
    outgoing.end(response.body);
    return;
  }
  // A caller who takes nothing for so long must not keep a search open; he may ask again.
  outgoing.setTimeout(longestPauseMs, () => outgoing.destroy());
  // Asks for a piece when the one before has left; ends the iteration when the caller is gone.
  await pipeline(Readable.from(response.pieces, { highWaterMark: 1 }), outgoing, { signal: closing });
}

/** Reads no more than it takes to know that a body is too large. */
async function read(incoming: IncomingMessage): Promise<{ request: RelayRequest; complete: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largestRelayBody) break;
  }
  const url = new URL(incoming.url ?? '/', 'https://relay');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return {
    request: {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(headers),
      body: Buffer.concat(chunks),
    },
    complete: length <= largestRelayBody,
  };
}
