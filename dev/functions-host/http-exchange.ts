import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, NullableStrings, TypedData } from './rpc.ts';

/** The largest body that the host takes, in bytes. */
export const bodyLimit = 104_857_600;

/** The whole body; undefined when it is larger than the host takes. */
export async function readBody(request: IncomingMessage, limit = bodyLimit): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // Left early, the request must stay open: its answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A request as a function gets it: repeated query keys and headers are joined with a comma, only `url` keeps them apart. */
export function toHttpData(
  request: IncomingMessage,
  url: URL,
  parameters: Readonly<Record<string, string>>,
  body: Buffer,
): HttpData {
  const query = Map.groupBy(url.searchParams, ([key]) => key);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(
      Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
    ),
    nullableQuery: nullable([...query].map(([key, pairs]) => [key, pairs.map(([, value]) => value).join(',')])),
    nullableParams: nullable(Object.entries(parameters)),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function nullable(entries: [string, string][]): NullableStrings {
  return Object.fromEntries(entries.map(([key, value]) => [key, { value }]));
}

/** Ends a response with an empty body, as the host does whenever it has to answer itself. */
export function endEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** Writes what a function returned; nothing returned is 204. Throws when a status or header cannot be sent. */
export function writeFunctionResult(response: ServerResponse, returned: TypedData | null | undefined): void {
  const http = returned?.http;
  if (!http) {
    endEmpty(response, 204);
    return;
  }
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value);
  const cookies = http.cookies ?? [];
  if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(cookieText));
  response.statusCode = Number(http.statusCode ?? 200);
  const { body } = http;
  response.end(body?.bytes ? Buffer.from(body.bytes) : body?.string);
}

function cookieText(cookie: HttpCookie): string {
  const { expires, maxAge, domain, path, secure, httpOnly, sameSite } = cookie;
  const attributes = [
    expires && `Expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `Max-Age=${maxAge.value}`,
    domain && `Domain=${domain.value}`,
    path && `Path=${path.value}`,
    secure?.value && 'Secure',
    httpOnly?.value && 'HttpOnly',
    sameSite && sameSite !== 'none' && `SameSite=${sameSite === 'explicitNone' ? 'None' : sameSite}`,
  ];
  return [`${cookie.name}=${encodeURIComponent(cookie.value)}`, ...attributes.filter(Boolean)].join('; ');
}
