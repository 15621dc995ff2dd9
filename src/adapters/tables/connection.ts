import type { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { StoreUnavailable } from '../../ports.ts';

export interface TableConnection {
  /** `https://<account>.table.core.windows.net` */
  readonly url: string;
  readonly credential: TokenCredential;
  readonly tenant: string;
}

/** A client for one table; the SDK is loaded when it is first needed. */
export function table({ url, credential }: TableConnection, name: string): () => Promise<TableClient> {
  let client: Promise<TableClient> | undefined;
  return () => {
    client ??= import('@azure/data-tables').then(
      ({ TableClient }) =>
        new TableClient(url, name, credential, {
          retryOptions: { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 2000 },
        }),
    );
    return client;
  };
}

/** Runs one request; an answer that is not an expected outcome becomes {@link StoreUnavailable}. */
export async function asking<T>(
  what: string,
  request: () => Promise<T>,
  expected: Readonly<Record<number, T>> = {},
): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== undefined && status in expected) return expected[status] as T;
    if (!isOutOfReach(cause, status)) throw cause;
    throw new StoreUnavailable(`${what}: the table store answered ${status ?? 'nothing'}`, { cause });
  }
}

/** Busy, down, not permitted (yet) or without a token: time or an operator mends it. A request that is wrong is a bug. */
function isOutOfReach(cause: unknown, status: number | undefined): boolean {
  if (status !== undefined) return status >= 500 || [401, 403, 404, 408, 409, 412, 429].includes(status);
  return cause instanceof Error && ('code' in cause || /Credential|Authentication/.test(cause.name));
}

function statusOf(cause: unknown): number | undefined {
  return typeof cause === 'object' && cause !== null && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}
