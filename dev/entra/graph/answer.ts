/** What Graph answers to one request; without a body for 204. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Thrown by whatever finds a request wanting, caught once where requests are routed. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly details?: readonly ErrorDetail[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details ?? [];
    this.headers = more.headers ?? {};
  }
}

export function badRequest(message: string): Refused {
  return new Refused(400, 'Request_BadRequest', message);
}

export function invalidQuery(message: string): Refused {
  return new Refused(400, 'BadRequest', message);
}

export function unsupportedQuery(message: string): Refused {
  return new Refused(400, 'Request_UnsupportedQuery', message);
}

export function notFound(id: string): Refused {
  return new Refused(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function requestDenied(message = 'Insufficient privileges to complete the operation.'): Refused {
  return new Refused(403, 'Authorization_RequestDenied', message);
}

export function toErrorAnswer(refused: Refused, ids: { readonly requestId: string; readonly date: string }): Answer {
  const innerError = { date: ids.date, 'request-id': ids.requestId, 'client-request-id': ids.requestId };
  const details = refused.details.length > 0 ? { details: refused.details } : {};
  return {
    status: refused.status,
    headers: refused.headers,
    body: { error: { code: refused.code, message: refused.message, ...details, innerError } },
  };
}
