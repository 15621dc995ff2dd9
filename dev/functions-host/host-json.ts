import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** The settings of host.json that this host obeys; all durations in milliseconds. */
export interface HostJson {
  readonly routePrefix: string;
  /** Infinity where host.json says -1. */
  readonly functionTimeout: number;
  readonly logLevel: string;
  readonly serviceBus: ServiceBusSettings;
}

export interface ServiceBusSettings {
  readonly autoCompleteMessages: boolean;
  readonly maxAutoLockRenewalDuration: number;
  readonly maxConcurrentCalls: number;
  readonly maxConcurrentSessions: number;
  readonly sessionIdleTimeout: number;
}

export type HostJsonOutcome =
  | { readonly ok: true; readonly hostJson: HostJson }
  | { readonly ok: false; readonly problem: string };

const timeSpan = z.string().regex(/^-?(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?$/);
const count = z.int();

/** Known keys with their types; like the real host it ignores every other key silently. */
const schema = z.object({
  version: z.literal('2.0'),
  functionTimeout: z.union([z.literal('-1'), timeSpan]).default('00:30:00'),
  logging: z.object({ logLevel: z.object({ default: z.string().default('Information') }).prefault({}) }).prefault({}),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: z
        .object({
          prefetchCount: count.default(0),
          autoCompleteMessages: z.boolean().default(true),
          maxAutoLockRenewalDuration: timeSpan.default('00:05:00'),
          maxConcurrentCalls: count.default(16 * availableParallelism()),
          maxConcurrentSessions: count.default(8),
          maxConcurrentCallsPerSession: count.default(1),
          sessionIdleTimeout: timeSpan.default('00:01:00'),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** Reads the text of a host.json. A problem is fatal for the whole app, as in the real host. */
export function readHostJson(text: string): HostJsonOutcome {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `Unable to parse host configuration file 'host.json'. ${error}` };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { ok: false, problem: `host.json is not valid. ${z.prettifyError(parsed.error)}` };

  const { functionTimeout, logging, extensions } = parsed.data;
  const { serviceBus } = extensions;
  return {
    ok: true,
    hostJson: {
      routePrefix: extensions.http.routePrefix,
      functionTimeout: functionTimeout === '-1' ? Number.POSITIVE_INFINITY : milliseconds(functionTimeout),
      logLevel: logging.logLevel.default,
      serviceBus: {
        autoCompleteMessages: serviceBus.autoCompleteMessages,
        maxAutoLockRenewalDuration: milliseconds(serviceBus.maxAutoLockRenewalDuration),
        maxConcurrentCalls: serviceBus.maxConcurrentCalls,
        maxConcurrentSessions: serviceBus.maxConcurrentSessions,
        sessionIdleTimeout: milliseconds(serviceBus.sessionIdleTimeout),
      },
    },
  };
}

/** A .NET time span, `[d.]hh:mm[:ss[.fffffff]]`. */
function milliseconds(span: string): number {
  const [, days = '0', hours, minutes, seconds = '0'] = /^-?(?:(\d+)\.)?(\d+):(\d+)(?::([\d.]+))?$/.exec(span) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
}
