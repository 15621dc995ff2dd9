import { largestRelayBody } from '../relay-contract.ts';
import type { Log } from './log.ts';
import { problem, type RelayHandler, type RelayRequest, type RelayResponse } from './request.ts';
import { type RelayParts, type Route, routes } from './routes.ts';
import type { Caller, IdentifyCaller } from './token.ts';

/** Answers every request, under whatever listener: who calls, may they, what do they want, do it. */
export function createHandler(parts: RelayParts, identify: IdentifyCaller, log: Log): RelayHandler {
  return async (request) => {
    const begun = performance.now();
    const response = await answer(parts, identify, log, request);
    const { method, path } = request;
    log('info', 'Request answered', {
      method,
      path,
      status: response.status,
      milliseconds: Math.round(performance.now() - begun),
    });
    return response;
  };
}

async function answer(
  parts: RelayParts,
  identify: IdentifyCaller,
  log: Log,
  request: RelayRequest,
): Promise<RelayResponse> {
  const caller = await identify(request.headers['authorization']);
  if (caller.kind !== 'known') return refuseCaller(caller, log);
  const route = findRoute(request);
  if ('status' in route) return route;
  if (!caller.roles.includes(route.role)) {
    log('warn', 'Caller lacks the app role', { subject: caller.subject, role: route.role, path: request.path });
    return problem(403, 'Forbidden', `The token lacks the app role ${route.role}.`);
  }
  const body = readBody(request, route);
  if ('status' in body) return body;
  try {
    const id = route.path.exec(request.path)?.[1] ?? '';
    return await route.answer(parts, { body: body.value, query: request.query, id, log });
  } catch (thrown) {
    log('error', 'Request failed', {
      path: request.path,
      error: thrown instanceof Error ? thrown.stack : String(thrown),
    });
    return problem(500, 'InternalError', 'The relay failed; its log says why.');
  }
}

function refuseCaller(caller: Exclude<Caller, { kind: 'known' }>, log: Log): RelayResponse {
  log('warn', 'Caller refused', { kind: caller.kind, because: caller.because });
  if (caller.kind === 'noKeys')
    return problem(503, 'KeysUnavailable', 'The signing keys could not be fetched.', { 'retry-after': '15' });
  return problem(401, 'Unauthorized', 'A valid bearer token is needed.', { 'www-authenticate': 'Bearer' });
}

function findRoute({ method, path }: RelayRequest): Route | RelayResponse {
  const here = routes.filter((route) => route.path.test(path));
  if (here.length === 0) return problem(404, 'NotFound', `There is nothing at ${path}.`);
  const route = here.find((candidate) => candidate.method === method);
  if (route !== undefined) return route;
  const allow = here.map((candidate) => candidate.method).join(', ');
  return problem(405, 'MethodNotAllowed', `${path} takes ${allow}.`, { allow });
}

function readBody(request: RelayRequest, route: Route): { readonly value: unknown } | RelayResponse {
  if (request.body.length > largestRelayBody) {
    return problem(413, 'BodyTooLarge', `A body may have ${largestRelayBody} bytes at most.`);
  }
  if (route.schema === null) return { value: undefined };
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return problem(415, 'UnsupportedMediaType', 'The body must be application/json.');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch {
    return problem(400, 'BadRequest', 'The body is no JSON.');
  }
  const read = route.schema.safeParse(parsed);
  if (read.success) return { value: read.data };
  const detail = read.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
  return problem(400, 'BadRequest', detail);
}
