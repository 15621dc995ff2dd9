import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCertificates, trustInThisProcess } from '../../../dev/certificates.ts';
import { createCaseStore } from '../../../src/adapters/tables/case-store.ts';
import { createSourceLeases } from '../../../src/adapters/tables/leases.ts';
import { fromChunks, key, toChunks } from '../../../src/adapters/tables/rows.ts';
import { summarise } from '../../../src/domain/summary.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { caseIn } from '../../domain/case-builder.ts';

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

let server: Server;
let url = '';
let replies: Reply[] = [];
let asked: string[] = [];

beforeAll(async () => {
  const { authority, server: tls } = await createCertificates();
  trustInThisProcess(authority);
  server = createServer(tls, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => {
      const {
        status,
        headers = {},
        body = {},
      } = replies.length > 1 ? (replies.shift() as Reply) : (replies[0] ?? { status: 500 });
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}/account`;
});
afterAll(() => server.close());
beforeEach(() => {
  replies = [];
  asked = [];
});

const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const store = (more: Partial<Parameters<typeof createCaseStore>[0]> = {}) =>
  createCaseStore({ url, credential, tenant: 'tenant', ...more });
const answered = (...those: Reply[]): void => {
  replies = those;
};
const stored = {
  status: 200,
  headers: { etag: '"1"' },
  body: { ...toChunks(caseIn('Detected')), head: 'h', 'odata.etag': '"1"' },
};

describe('the table service', () => {
  test.each([429, 503, 500])('answering %i once is asked again', async (status) => {
    answered({ status, headers: { 'retry-after': '0' } }, stored);
    expect((await store().read('a'.repeat(32)))?.case.state).toBe('Detected');
    expect(asked).toHaveLength(2);
  });

  test.each([429, 503, 401, 403])('that goes on answering %i is out of reach', async (status) => {
    answered({ status });
    await expect(store().read('a'.repeat(32))).rejects.toThrow(StoreUnavailable);
  });

  test('that does not listen is out of reach', async () => {
    await expect(store({ url: 'https://localhost:1/account' }).read('a'.repeat(32))).rejects.toThrow(StoreUnavailable);
  });

  test('without a token is out of reach', async () => {
    const failing = Object.assign(new Error('IMDS does not answer'), { name: 'CredentialUnavailableError' });
    const without = { getToken: async () => Promise.reject(failing) };
    await expect(store({ credential: without }).read('a'.repeat(32))).rejects.toThrow(StoreUnavailable);
  });

  test('that finds a request malformed has met a bug, which is not tried again', async () => {
    answered({ status: 400 });
    const read = store().read('a'.repeat(32));
    await expect(read).rejects.toThrow();
    await expect(read).rejects.not.toThrow(StoreUnavailable);
    expect(asked).toHaveLength(1);
  });

  test('out of reach is an answer for whoever wants a lease', async () => {
    answered({ status: 503 });
    const leases = createSourceLeases({ url, credential, tenant: 'tenant' }, { now: () => new Date() });
    expect(await leases.take('graph', 'me', new Date())).toMatchObject({ ok: false, failure: { kind: 'TryAgain' } });
  });
});

test('short and empty pages are followed to the end', async () => {
  const row = { summary: JSON.stringify(summarise(caseIn('Detected'))) };
  const more = { 'x-ms-continuation-nextpartitionkey': 'p', 'x-ms-continuation-nextrowkey': 'r' };
  const pages: Reply[] = [
    { status: 200, headers: more, body: { value: [] } },
    { status: 200, headers: more, body: { value: [row] } },
    { status: 200, body: { value: [row] } },
  ];
  answered(...pages, { status: 200, body: { value: [] } });
  expect(await store().summaries()).toHaveLength(2);
  expect(asked).toHaveLength(18);
});

describe('a row', () => {
  test('is spread over properties and put together again, whatever it holds', () => {
    for (const length of [0, 1, 29_990, 29_999, 30_000, 30_001, 90_000]) {
      const value = { text: `${'x'.repeat(length)}${'😀'.repeat(2000)}` };
      const chunks = toChunks(value);
      expect(fromChunks(chunks)).toEqual(value);
      for (const chunk of Object.values(chunks)) expect(chunk.isWellFormed()).toBe(true);
    }
  });

  test('that does not fit is refused in words', () => {
    expect(() => toChunks('x'.repeat(500_000))).toThrow('does not fit into the table');
  });

  test.each(['a/b', 'a\\b', 'a#b', 'a?b', 'a\nb'])('is not keyed by %j', (text) => {
    expect(() => key(text)).toThrow('cannot be a key');
  });
});
