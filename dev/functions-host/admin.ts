import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionApp } from './function-app.ts';
import { endEmpty, readBody } from './http-exchange.ts';
import type { IndexedFunction } from './index-functions.ts';
import { type Keys, refuse } from './keys.ts';
import type { TypedData } from './rpc.ts';
import { statusBeforeFirstRun, timerObject } from './timer-listener.ts';

export interface AdminContext {
  readonly apps: readonly FunctionApp[];
  readonly keys: Keys;
  /** The moment by the local stack's clock. */
  readonly now: () => number;
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL, context: AdminContext) => Promise<void>;

/** What the host itself answers under /admin; undefined for every other path, which a function may serve. */
export function adminAnswer(method: string, path: string): Answer | undefined {
  const call = `${method} ${path.toLowerCase().replace(/(?<=.)\/$/, '')}`;
  if (call === 'GET /admin/host/ping' || call === 'POST /admin/host/ping') return ping;
  if (call === 'GET /admin/host/status') return status;
  if (/^POST \/admin\/functions\/[^/]+$/.test(call)) return runFunction;
  return undefined;
}

/** Says 200 even while the apps are broken. */
const ping: Answer = async (_, response) => endEmpty(response, 200);

const status: Answer = async (request, response, url, { apps, keys }) => {
  const refusal = refuse('admin', request, url, keys);
  if (refusal) return endEmpty(response, refusal);
  const body = {
    id: 'local',
    state: apps.every((app) => app.isRunning) ? 'Running' : 'Error',
    version: '4.1037.0.0',
    processUptime: Math.round(process.uptime() * 1000),
  };
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
};

/** Starts a function with the `input` of the request and answers 202 before it has run. */
const runFunction: Answer = async (request, response, url, { apps, keys, now }) => {
  const refusal = refuse('admin', request, url, keys);
  if (refusal) return endEmpty(response, refusal);
  const target = findFunction(apps, decodeURIComponent(url.pathname.split('/')[3] ?? ''));
  if (!target) return endEmpty(response, 404);
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return endEmpty(response, 415);
  const input = readInput((await readBody(request)) ?? Buffer.alloc(0));
  if (input === undefined) return endEmpty(response, 400);
  endEmpty(response, 202);
  void target.app.run(target.indexed, manualInput(target.indexed, input, url, now()));
};

function findFunction(
  apps: readonly FunctionApp[],
  name: string,
): { app: FunctionApp; indexed: IndexedFunction } | undefined {
  for (const app of apps) {
    const indexed = app.functions.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (indexed) return { app, indexed };
  }
  return undefined;
}

/** The string in `{"input": ...}`; undefined when the body is something else. */
function readInput(body: Buffer): string | undefined {
  try {
    const { input } = JSON.parse(body.toString('utf8')) as { input?: unknown };
    if (input === undefined || input === null) return '';
    return typeof input === 'object' ? undefined : String(input);
  } catch {
    return undefined;
  }
}

/** A queue function gets the input as its body, without metadata; a timer the usual object; an HTTP function a POST. */
function manualInput(indexed: IndexedFunction, input: string, url: URL, now: number): TypedData {
  switch (indexed.trigger) {
    case 'serviceBus':
      return { string: input };
    case 'timer':
      return { json: timerObject(statusBeforeFirstRun(indexed, now), false) };
    case 'http':
      return { http: { method: 'POST', url: url.href, nullableHeaders: {}, body: { string: input } } };
  }
}
