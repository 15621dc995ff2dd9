import type { Claims } from '../../tokens.ts';
import type { Tenant } from '../tenant.ts';
import type { Pages } from './pages.ts';
import type { WriteLog } from './write-log.ts';

/** One request, alone or within a $batch, after its token was accepted. */
export interface Call {
  readonly tenant: Tenant;
  readonly claims: Claims;
  readonly pages: Pages;
  readonly writes: WriteLog;
  readonly method: string;
  /** Decoded segments of the path after /v1.0. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Names are lower-case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** With scheme and host, ends in /v1.0. */
  readonly baseUrl: string;
}
