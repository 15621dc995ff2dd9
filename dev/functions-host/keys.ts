import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AuthLevel } from './index-functions.ts';

export interface Keys {
  /** Opens everything, /admin included. */
  readonly masterKey: string;
  /** Opens functions of authLevel `function`. */
  readonly functionKey: string | undefined;
}

/** Status with which the host refuses: 401 for no or a wrong key, 403 for a valid key of too low a level. */
export type Refusal = 401 | 403;

/** Answers undefined when the key in `x-functions-key` or `?code=` suffices. */
export function refuse(level: AuthLevel, request: IncomingMessage, url: URL, keys: Keys): Refusal | undefined {
  if (level === 'anonymous') return undefined;
  const header = request.headers['x-functions-key'];
  const key = (typeof header === 'string' ? header : undefined) ?? url.searchParams.get('code') ?? '';
  if (equal(key, keys.masterKey)) return undefined;
  if (keys.functionKey === undefined || !equal(key, keys.functionKey)) return 401;
  return level === 'function' ? undefined : 403;
}

function equal(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
