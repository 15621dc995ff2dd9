import type { Failure } from '../../domain/result.ts';
import { type Need, remedyFor } from './permissions.ts';

/** One answer of Graph, be it a response of its own or one inside a `$batch`. */
export interface Answer {
  readonly status: number;
  /** What `Retry-After` asked for; fractions occur. */
  readonly retryAfterSeconds?: number;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

interface GraphErrorBody {
  readonly code: string;
  readonly message: string;
  /** Codes and targets of `error.details`, such as ObjectConflict and proxyAddresses. */
  readonly details: readonly string[];
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Statuses after which the same request may succeed later; 401 is a token that expired on the way. */
const transientStatuses = new Set([401, 408, 423, 424, 425, 429]);

/**
 * The one translation of an unsuccessful answer.
 * @param need names the permission of the request, for the remedy of a 403.
 */
export function failureOf(answer: Answer, need: Need): Failure {
  const error = errorOf(answer);
  const message = `Graph answered ${answer.status} ${error.code}: ${error.message}`;
  if (transientStatuses.has(answer.status) || answer.status >= 500) return tryAgain(message, answer.retryAfterSeconds);
  if (answer.status === 403) return { kind: 'NotPermitted', message, remedy: remedyFor(need) };
  if (answer.status === 404) return { kind: 'Gone', message };
  return { kind: 'Refused', code: refusalCode(answer.status, error), message };
}

export const tryAgain = (message: string, afterSeconds?: number): Failure => ({
  kind: 'TryAgain',
  message,
  ...(afterSeconds === undefined ? {} : { afterSeconds }),
});

/** True when the service does not support the query as it was asked (another form of it may do). */
export const isUnsupportedQuery = (answer: Answer): boolean => answer.status === 400;

/** Graph's own word for the error, `''` when it gave none. */
export const errorCodeOf = (answer: Answer): string => errorOf(answer).code;

/** Code and wording of these refusals varied over the years, so fragments count, not equality. */
function refusalCode(status: number, { code, message, details }: GraphErrorBody): string {
  if (/on-premises mastered/i.test(message)) return 'OnPremisesMastered';
  if (/originated within an external service/i.test(message)) return 'ExchangeMastered';
  const conflict =
    status === 409 ||
    code === 'Request_MultipleObjectsWithSameKeyValue' ||
    details.includes('ObjectConflict') ||
    /another object with the same value/i.test(message);
  return conflict ? 'ValueTaken' : code || `Http${status}`;
}

function errorOf({ body }: Answer): GraphErrorBody {
  const error = fieldsOf(fieldsOf(body)['error']);
  const details = Array.isArray(error['details']) ? error['details'].map((detail) => fieldsOf(detail)['code']) : [];
  return {
    code: text(error['code']) ?? '',
    message: text(error['message']) ?? 'no message',
    details: details.filter((code) => typeof code === 'string'),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
