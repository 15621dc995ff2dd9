import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpsRequest } from '../../src/adapters/https-request.ts';
import { certificate } from './trusted-certificate.ts';

const long = JSON.stringify({ value: 'ä'.repeat(200_000) });
const zipped = gzipSync(long);

describe('a whole reply', () => {
  test('status, headers and text arrive, and so did the body', async () => {
    const url = await serve(async (request, response) => {
      let said = '';
      for await (const part of request) said += part;
      response.writeHead(429, { 'Retry-After': '7' }).end(`${request.method} ${said}`);
    });
    expect(await httpsRequest(url, { ...get(), method: 'POST', body: 'ä' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
      body: Buffer.from('POST ä'),
    });
  });

  test('a zipped one is unzipped', async () => {
    const url = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zipped);
    });
    expect((await httpsRequest(url, get())).body.toString()).toBe(long);
  });

  test('one without a body', async () => {
    const url = await serve((_, response) => response.writeHead(204).end());
    expect(await httpsRequest(url, get())).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  test('a redirect is a reply: nothing follows it with the token', async () => {
    const url = await serve((_, response) => response.writeHead(302, { Location: 'https://localhost:1' }).end());
    expect(await httpsRequest(url, get())).toMatchObject({ status: 302 });
  });

  test('the connection is used again', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let times = 0; times < 3; times++) await httpsRequest(url, get());
    expect(ports.size).toBe(1);
  });
});

describe('half a reply is none', () => {
  const halves: [string, Record<string, string>, Buffer][] = [
    ['plain', { 'Content-Length': '1000' }, Buffer.from('{"value":')],
    ['zipped', { 'Content-Encoding': 'gzip', 'Content-Length': '100000' }, zipped.subarray(0, zipped.length / 2)],
  ];
  test.each(halves)('%s: the connection breaks', async (_, headers, half) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).write(half, () => response.destroy());
    });
    await expect(httpsRequest(url, get())).rejects.toThrow(/aborted|ECONNRESET|Premature close/);
  });

  test.each(halves)('%s: the rest does not come in time', async (_, headers, half) => {
    const url = await serve((_request, response) => void response.writeHead(200, headers).write(half));
    await expect(httpsRequest(url, get(150))).rejects.toThrow(/timeout/);
  });

  test('what calls itself zipped and is not', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{}'));
    await expect(httpsRequest(url, get())).rejects.toThrow('incorrect header check');
  });

  test('an address that is not https', async () => {
    await expect(httpsRequest('http://localhost:1', get())).rejects.toThrow('"http:" not supported');
  });
});

const get = (milliseconds = 5000) => ({ method: 'GET', headers: {}, signal: AbortSignal.timeout(milliseconds) });

/** @returns the URL of a server of this test */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer(await certificate(), answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
