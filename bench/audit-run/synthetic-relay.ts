import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TlsMaterial } from '../../dev/tokens.ts';
import { type DirectorySize, lineOf } from '../audit/million-objects.ts';

export interface SyntheticRelay {
  readonly url: string;
  stop(): Promise<void>;
}

const linesAtOnce = 500;

/** Streams a made directory as the relay would: all of it, or, to whoever knows it already, the first of every hundred. */
export async function startSyntheticRelay(tls: TlsMaterial, size: DirectorySize): Promise<SyntheticRelay> {
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    void answer(request, response, size).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const domain = { forest: 'contoso.com', domain: 'contoso.com' };

async function answer(request: IncomingMessage, response: ServerResponse, size: DirectorySize): Promise<void> {
  if (request.url === '/v1/domains') {
    response.end(JSON.stringify({ domains: [domain] }));
  } else if (request.url === '/v1/objects') {
    const { from } = JSON.parse(await text(request));
    await stream(response, size, from === null ? 'full' : 'changes');
  } else {
    response.statusCode = 404;
    response.end();
  }
}

async function stream(response: ServerResponse, size: DirectorySize, mode: 'full' | 'changes'): Promise<void> {
  const database = { domainController: 'dc1.contoso.com', invocationId: 'b4e6d2be-f4ef-4b7b-b8a7-fc11fd009e97' };
  const step = mode === 'full' ? 1 : 100;
  response.setHeader('Content-Type', 'application/x-ndjson');
  response.write(line({ header: { ...domain, ...database, highestCommittedUsn: '1', mode } }));
  let count = 0;
  for (let from = 0; from < size.objects; from += linesAtOnce * step) {
    const lines: string[] = [];
    for (let number = from; number < Math.min(size.objects, from + linesAtOnce * step); number += step)
      lines.push(`{"object":${lineOf(number, size)}}\n`);
    count += lines.length;
    if (!response.write(lines.join(''))) await once(response, 'drain');
  }
  const checkpoint = { ...domain, ...database, mode: 'changes', next: '1', until: null, at: new Date().toISOString() };
  response.end(line({ end: { count, checkpoint } }));
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
