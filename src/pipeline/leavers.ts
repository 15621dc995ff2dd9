import type { Unknown } from '../audit/preflight/claims.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { entraPage } from './leavers-in-entra.ts';
import { type Leaver, type LeaverPorts, type Place, phases } from './leavers-list.ts';
import { onPremisesPage } from './leavers-on-premises.ts';

export type { Leaver, LeaverPorts } from './leavers-list.ts';

export interface LeaversPage {
  readonly value: readonly Leaver[];
  /** Why accounts may be missing, or facts about those that are listed. */
  readonly unknowns: readonly Unknown[];
  /** Absent: this was the last page. A page may be empty and not the last. */
  readonly continuationToken?: string;
}

export interface LeaversRequest {
  readonly days: number | undefined;
  readonly pageSize: number;
  readonly continuationToken: string | undefined;
}

/**
 * Accounts that are disabled or not used and still hold addresses or a licence. On premises those that the last audit found,
 * read again now; in Entra what Microsoft Graph lists now. Nothing is guessed: an account whose mailbox may be a shared one is
 * not listed, and `unknowns` says so.
 *
 * @returns null when the token is not one of this list
 */
export async function listLeavers(
  ports: LeaverPorts,
  policy: AuditPolicy,
  { days = policy.inactiveDays, pageSize, continuationToken }: LeaversRequest,
): Promise<LeaversPage | null> {
  const place = continuationToken === undefined ? firstPlace : placeOf(continuationToken, days);
  if (place === null) return null;
  const settings = auditSettings({ ...policy, inactiveDays: days }, notAsked, ports.clock.now());
  const page = place.phase.endsWith('on premises')
    ? await onPremisesPage(ports, policy, settings, place, pageSize)
    : await entraPage(ports, settings, place, pageSize);
  if (page === null) return null;
  const { next, ...answer } = page;
  return { ...answer, ...(next === null ? {} : { continuationToken: tokenOf(next, days) }) };
}

const firstPlace: Place = { phase: phases[0], token: null, run: null };
/** The rules of leavers do not look at domains. */
const notAsked = { state: 'unknown', because: '', remedy: '' } as const;

/** Opaque to callers, and not signed: it carries no authority. */
const tokenOf = ({ phase, token, run }: Place, days: number): string =>
  btoa(JSON.stringify([days, phases.indexOf(phase), token, run]));

function placeOf(text: string, days: number): Place | null {
  try {
    const [own, index, token, run] = JSON.parse(atob(text)) as unknown[];
    const phase = phases[index as number];
    const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';
    return own === days && phase !== undefined && isText(token) && isText(run) ? { phase, token, run } : null;
  } catch {
    return null;
  }
}
