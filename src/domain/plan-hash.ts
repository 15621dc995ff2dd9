import { canonicalJson } from './canonical-json.ts';
import type { Change } from './change.ts';
import { sha256 } from './sha256.ts';

/** What an approval binds to: SHA-256 over the exact changes, their order included; independent of the order of keys. */
export const planHash = (changes: readonly Change[]): string => sha256(canonicalJson(changes));
