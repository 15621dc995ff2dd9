/** A request, whichever listener brought it. */
export interface RelayRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface RelayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** Sent in place of the body, a piece at a time as the caller takes it, and given up when the caller is gone. */
  readonly pieces?: AsyncIterable<string>;
}

export type RelayHandler = (request: RelayRequest) => Promise<RelayResponse>;

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RelayResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** RFC 9457. `code` is for machines, `detail` for people. */
export const problem = (
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): RelayResponse => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({ type: 'about:blank', title: code, status, code, detail }),
});

/** One JSON value a line. */
export const ndjson = (pieces: AsyncIterable<string>): RelayResponse => ({
  status: 200,
  headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
  body: '',
  pieces,
});
