import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceBusClient } from '@azure/service-bus';
import { generate } from 'selfsigned';
import { MovableClock } from '../../../dev/clock.ts';
import {
  type AppOptions,
  type FunctionsHost,
  type FunctionsHostOptions,
  startFunctionsHost,
} from '../../../dev/functions-host/functions-host.ts';
import type { LogLine } from '../../../dev/functions-host/log-line.ts';

export const masterKey = 'the master key';
export const functionKey = 'a function key';

const certificate = generate([{ name: 'commonName', value: 'localhost' }], {
  algorithm: 'sha256',
  extensions: [
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ],
});

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
  json<T>(): T;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** A running host with its clock and everything it logged. */
export interface LocalHost {
  readonly host: FunctionsHost;
  readonly clock: MovableClock;
  readonly lines: LogLine[];
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** Runs a function through /admin with the master key and answers the status. */
  start(functionName: string, input?: string): Promise<number>;
  /** The messages of the log that contain `text`. */
  said(text: string): string[];
}

export const defaultHostJson = { version: '2.0', extensions: { http: { routePrefix: '' } } };

/** A fixture app; `hostJson` is the text of host.json, or its value. */
export function fixtureApp(
  file: string,
  { name = 'api', hostJson = defaultHostJson as unknown, environment = {} as Record<string, string> } = {},
): AppOptions {
  const hostJsonFile = join(mkdtempSync(join(tmpdir(), 'functions-host-')), 'host.json');
  writeFileSync(hostJsonFile, typeof hostJson === 'string' ? hostJson : JSON.stringify(hostJson));
  return { name, entry: join(import.meta.dirname, 'fixtures', file), hostJson: hostJsonFile, environment };
}

export async function startLocalHost(
  apps: AppOptions[],
  options: Partial<Omit<FunctionsHostOptions, 'apps' | 'tls'>> = {},
): Promise<LocalHost> {
  const { private: key, cert } = await certificate;
  const clock = options.clock ?? new MovableClock();
  const lines: LogLine[] = [];
  const host = await startFunctionsHost({
    masterKey,
    functionKey,
    serviceBus: noServiceBus,
    stopGrace: 1000,
    ...options,
    clock,
    tls: { key, cert },
    log: (line) => {
      lines.push(line);
      options.log?.(line);
    },
    apps,
  });
  const ask = (path: string, question: Ask = {}) => send(host.port, cert, path, question);
  return {
    host,
    clock,
    lines,
    ask,
    said: (text) => lines.map(({ message }) => message).filter((message) => message.includes(text)),
    start: async (functionName, input = '') => {
      const answer = await ask(`/admin/functions/${functionName}`, {
        method: 'POST',
        headers: { 'x-functions-key': masterKey, 'content-type': 'application/json' },
        body: JSON.stringify({ input }),
      });
      return answer.status;
    },
  };
}

function noServiceBus(): ServiceBusClient {
  throw new Error('This app has no queues.');
}

function send(port: number, ca: string, path: string, { method = 'GET', headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, ca, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          json: <T>() => JSON.parse(text) as T,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
