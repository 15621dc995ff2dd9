import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsMaterial } from '../tokens.ts';
import { type AdminContext, adminAnswer } from './admin.ts';
import { type FunctionApp, httpFunctions } from './function-app.ts';
import { endEmpty, readBody, toHttpData, writeFunctionResult } from './http-exchange.ts';
import type { HttpFunction } from './index-functions.ts';
import { refuse } from './keys.ts';

/** The HTTPS listener of the host: it finds the function of a request among those of all apps. */
export class HttpFront {
  readonly #context: AdminContext;
  readonly #server: Server;
  #closed: Promise<unknown> = Promise.resolve();

  constructor(context: AdminContext, tls: TlsMaterial) {
    this.#context = context;
    this.#server = createServer({ ...tls }, (request, response) => {
      this.#answer(request, response).catch((error) => this.#giveUp(response, error));
    });
  }

  /** Opens the port (0: a free one) on 127.0.0.1 and answers its number. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Refuses new connections; requests that run go on. */
  refuseConnections(): void {
    this.#closed = new Promise((resolve) => this.#server.close(resolve));
  }

  /** Gives answers on their way a second to arrive. */
  async close(): Promise<void> {
    this.#server.closeIdleConnections();
    const overdue = setTimeout(() => this.#server.closeAllConnections(), 1000);
    await this.#closed;
    clearTimeout(overdue);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    if (!url) return endEmpty(response, 400);
    const { apps, keys } = this.#context;
    const admin = adminAnswer(request.method ?? '', url.pathname);
    if (admin) return admin(request, response, url, this.#context);

    const target = findRoute(apps, request.method ?? '', url.pathname);
    if (!target) return this.#answerUnknown(response);
    if (!target.app.isRunning) return answerNotRunning(response);
    const refusal = refuse(target.http.authLevel, request, url, keys);
    if (refusal) return endEmpty(response, refusal);
    const body = await readBody(request);
    if (!body) return endTooLarge(request, response);

    const data = toHttpData(request, url, target.parameters, body);
    const outcome = await target.app.run(target.http, { http: data });
    if (outcome.ok) writeFunctionResult(response, outcome.response.returnValue);
    else if (outcome.reason === 'hostStopped') answerNotRunning(response);
    else endEmpty(response, 500);
  }

  /** A broken app answers 503 to everything; which of the unknown paths would have been its own, nobody knows. */
  #answerUnknown(response: ServerResponse): void {
    if (this.#context.apps.every((app) => app.isRunning)) endEmpty(response, 404);
    else answerNotRunning(response);
  }

  /** An answer that cannot be sent is the function's fault: 500 with an empty body, like every other. */
  #giveUp(response: ServerResponse, error: unknown): void {
    this.#context.apps[0]?.log('error', `An HTTP answer could not be sent: ${error}`);
    if (response.headersSent) return void response.destroy();
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    endEmpty(response, 500);
  }
}

/** The URL as the client wrote it, dot segments collapsed; undefined when it is none. */
function urlOf(request: IncomingMessage): URL | undefined {
  const base = `https://${request.headers.host ?? '127.0.0.1'}`;
  return request.url?.startsWith('/') ? (URL.parse(base + request.url) ?? undefined) : undefined;
}

interface Target {
  readonly app: FunctionApp;
  readonly http: HttpFunction;
  readonly parameters: Record<string, string>;
}

function findRoute(apps: readonly FunctionApp[], method: string, path: string): Target | undefined {
  const candidates = apps
    .flatMap((app) => httpFunctions(app).map((http) => ({ app, http })))
    .filter(({ http }) => http.methods.includes(method))
    .sort((one, other) => compare(one.http.route.precedence, other.http.route.precedence));
  for (const candidate of candidates) {
    const parameters = candidate.http.route.match(path);
    if (parameters) return { ...candidate, parameters };
  }
  return undefined;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function answerNotRunning(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain' }).end('Function host is not running.');
}

/** The rest of the body is not read: the connection ends with the answer. */
function endTooLarge(request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
  endEmpty(response, 500);
  request.resume();
}
