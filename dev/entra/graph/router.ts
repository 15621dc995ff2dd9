import { randomUUID } from 'node:crypto';
import { type Answer, badRequest, Refused, requestDenied, toErrorAnswer } from './answer.ts';
import type { Call } from './call.ts';
import { deletedItemRoutes } from './deleted-item-routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { isoDate } from './object-properties.ts';
import { objectRoutes } from './object-routes.ts';
import { isPermitted } from './permissions.ts';
import { relationRoutes } from './relation-routes.ts';
import { roleRoutes } from './role-routes.ts';
import { matchPath, type Route, unitsOf } from './route.ts';
import { tenantRoutes } from './tenant-routes.ts';
import type { Traffic } from './traffic.ts';

/** Fixed paths come before those with parameters that would take them too. */
const routes: readonly Route[] = [
  ...tenantRoutes,
  ...roleRoutes,
  ...deletedItemRoutes,
  ...relationRoutes,
  ...invitationRoutes,
  ...objectRoutes,
];

/** Answers one call, alone or from a $batch: fault, quota, route, permission, then the route itself. */
export function answerCall(call: Call, traffic: Traffic): Answer {
  const path = `/${call.segments.join('/')}`;
  try {
    const fault = statusFault(traffic, call.method, path);
    if (fault) throw fault;
    const { route, parameters } = findRoute(call);
    admit(call, route, traffic);
    if (!isPermitted(call.claims.roles, route.needs)) throw requestDenied();
    const answer = route.answer(call, ...parameters);
    return { ...answer, headers: { ...answer.headers, ...usageHeaders(call, route, traffic) } };
  } catch (error) {
    if (error instanceof Refused) return errorAnswer(call, error);
    throw error;
  }
}

/** The error answer for a call, with the ids by which support would find it. */
export function errorAnswer(call: Pick<Call, 'tenant'>, refused: Refused): Answer {
  const date = (isoDate(call.tenant.state.now()) ?? '').replace('Z', '');
  return toErrorAnswer(refused, { requestId: randomUUID(), date });
}

function findRoute(call: Call): { readonly route: Route; readonly parameters: readonly string[] } {
  const fitting = routes.flatMap((route) => {
    const parameters = matchPath(route.path, call.segments);
    return parameters ? [{ route, parameters }] : [];
  });
  const found = fitting.find(({ route }) => route.method === call.method);
  if (found) return found;
  if (fitting.length > 0) {
    throw new Refused(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
  }
  throw badRequest(`Resource not found for the segment '${call.segments.at(-1) ?? ''}'.`);
}

function admit(call: Call, route: Route, traffic: Traffic): void {
  const isRead = route.method === 'GET' || route.path === 'directoryObjects/getByIds';
  const throttled = traffic.admit(call.claims.oid, !isRead, unitsOf(route, call.method, call.query));
  if (!throttled) return;
  throw new Refused(429, 'TooManyRequests', 'Too many requests.', {
    headers: {
      'retry-after': String(throttled.retryAfterSeconds),
      'x-ms-throttle-information': throttled.reason,
      'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${call.claims.oid}/${call.tenant.tenantId}`,
    },
  });
}

/** The refusal that a `status` fault puts in the place of an answer, if one applies to this call (or to a whole $batch). */
export function statusFault(traffic: Traffic, method: string, path: string, body?: string): Refused | undefined {
  const fault = traffic.takeFault(method, path, ['status'], body);
  return fault && faultAnswer(fault.status ?? 503, fault.retryAfterSeconds);
}

function faultAnswer(status: number, retryAfterSeconds: number | undefined): Refused {
  const [code, message] = faultWords[status] ?? ['ServiceUnavailable', 'The service is temporarily unavailable.'];
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new Refused(status, code, message, { headers });
}

const faultWords: Readonly<Record<number, readonly [string, string]>> = {
  401: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  429: ['TooManyRequests', 'Too many requests.'],
};

function usageHeaders(call: Call, route: Route, traffic: Traffic): Record<string, string> {
  const usage = traffic.usage(call.claims.oid);
  return {
    'x-ms-resource-unit': String(unitsOf(route, call.method, call.query)),
    ...(usage >= 0.8 ? { 'x-ms-throttle-limit-percentage': usage.toFixed(1) } : {}),
  };
}
