import type { AuditDay, AuditRun } from '../domain/audit-run.ts';
import { sha256 } from '../domain/sha256.ts';
import type { AuditFiles, AuditRuns } from '../ports.ts';

export interface RunsPage {
  readonly value: readonly AuditRun[];
  readonly continuationToken?: string;
}

/** Newest first. The token is the id of a page's last run: it belongs to every list. */
export async function listAudits(
  runs: AuditRuns,
  pageSize: number,
  continuationToken: string | undefined,
): Promise<RunsPage> {
  const found = await runs.list(pageSize + 1, continuationToken ?? null);
  const value = found.slice(0, pageSize);
  const last = value.at(-1);
  return { value, ...(found.length > pageSize && last ? { continuationToken: last.id } : {}) };
}

export const readAudit = (runs: AuditRuns, id: string): Promise<AuditRun | null> => runs.read(id);

const day = 24 * 60 * 60 * 1000;

/** What the last complete run of each day found, oldest first. @param days how many, today among them */
export const auditTrend = (runs: AuditRuns, now: Date, days: number): Promise<readonly AuditDay[]> =>
  runs.days(new Date(now.getTime() - (days - 1) * day).toISOString().slice(0, 10));

export interface FindingsRequest {
  readonly rule?: string | undefined;
  readonly severity?: string | undefined;
  readonly continuationToken?: string | undefined;
  readonly pageSize: number;
}

export interface FindingsPage {
  readonly value: readonly unknown[];
  readonly continuationToken?: string;
}

export type FindingsAnswer =
  | { readonly kind: 'page'; readonly page: FindingsPage }
  | { readonly kind: 'noSuchRun' }
  | { readonly kind: 'noReport' }
  | { readonly kind: 'foreignToken' };

/** One page of a run's report, in the order of the report, from the block on in which the last page ended. */
export async function readFindings(
  runs: AuditRuns,
  files: Pick<AuditFiles, 'read'>,
  id: string,
  request: FindingsRequest,
): Promise<FindingsAnswer> {
  const run = await runs.read(id);
  if (run === null) return { kind: 'noSuchRun' };
  if (run.report === undefined) return { kind: 'noReport' };
  const start = request.continuationToken === undefined ? 0 : lineOf(request.continuationToken, filterOf(id, request));
  if (start === null) return { kind: 'foreignToken' };
  const { file, blocks, lines: total } = run.report;
  const block = blocks.findLast(({ line }) => line <= start) ?? { offset: 0, line: 0 };
  const value: unknown[] = [];
  let line = block.line;
  for await (const findings of files.read(file, block.offset)) {
    for (const finding of findings) {
      if (value.length === request.pageSize)
        return { kind: 'page', page: { value, continuationToken: tokenFor(line, filterOf(id, request)) } };
      if (line >= start && matches(finding, request)) value.push(finding);
      line += 1;
    }
    if (line >= total) break;
  }
  return { kind: 'page', page: { value } };
}

function matches(finding: unknown, { rule, severity }: FindingsRequest): boolean {
  const { rule: own, severity: weight } = finding as { rule?: unknown; severity?: unknown };
  return (rule === undefined || own === rule) && (severity === undefined || weight === severity);
}

/** Opaque to callers; bound to its filter, not signed: it carries no authority. */
const tokenFor = (line: number, filter: string): string => btoa(JSON.stringify([filter, line]));

function lineOf(token: string, filter: string): number | null {
  try {
    const [own, line] = JSON.parse(atob(token)) as [unknown, unknown];
    return own === filter && typeof line === 'number' && Number.isInteger(line) && line >= 0 ? line : null;
  } catch {
    return null;
  }
}

const filterOf = (id: string, { rule = '', severity = '' }: FindingsRequest): string =>
  sha256(JSON.stringify([id, rule, severity])).slice(0, 16);
