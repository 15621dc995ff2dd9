import type { LogLevel } from './log-line.ts';

/*
 * What travels between the host and a worker process. The shapes of data, bindings and responses are those of the
 * module `@azure/functions-core`, which the real worker hands to @azure/functions.
 */

/** A value as the host hands it to a function, or a function's output. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

export type NullableStrings = Record<string, { readonly value: string }>;

/** An HTTP request on its way in (the first five), or a response on its way out (the rest). */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: NullableStrings;
  readonly nullableQuery?: NullableStrings;
  readonly nullableParams?: NullableStrings;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly HttpCookie[];
  readonly body?: TypedData;
}

export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: { readonly value: string };
  readonly path?: { readonly value: string };
  readonly expires?: { readonly value: { readonly seconds: number } };
  readonly secure?: { readonly value: boolean };
  readonly httpOnly?: { readonly value: boolean };
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: { readonly value: number };
}

export interface Binding {
  readonly name?: string;
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly [property: string]: unknown;
}

/** One function as the app registered it; `bindings` is keyed by binding name, `$return` for the return value. */
export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface Invocation {
  readonly id: string;
  readonly functionName: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
}

export type ToWorker =
  | {
      readonly type: 'load';
      readonly directory: string;
      readonly entryFiles: readonly string[];
      readonly offset: number;
    }
  | { readonly type: 'invoke'; readonly invocation: Invocation }
  | { readonly type: 'moveClock'; readonly offset: number }
  | { readonly type: 'terminate' };

export type FromWorker =
  | { readonly type: 'waiting' }
  | { readonly type: 'loaded'; readonly functions: readonly FunctionMetadata[] }
  | { readonly type: 'loadFailed'; readonly message: string }
  | { readonly type: 'completed'; readonly id: string; readonly response: InvocationResponse }
  | { readonly type: 'failed'; readonly id: string; readonly message: string }
  | WorkerLog;

export interface WorkerLog {
  readonly type: 'log';
  readonly level: LogLevel;
  readonly category: 'system' | 'user';
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}
