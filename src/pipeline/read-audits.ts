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

interface PageRequest {
  readonly continuationToken?: string | undefined;
  readonly pageSize: number;
}

export interface FindingsRequest extends PageRequest {
  readonly rule?: string | undefined;
  readonly severity?: string | undefined;
}

/** Findings or predictions, as they were written. */
export interface LinesPage {
  readonly value: readonly unknown[];
  readonly continuationToken?: string;
}

export type LinesAnswer =
  | { readonly kind: 'page'; readonly page: LinesPage }
  | { readonly kind: 'noSuchRun' }
  | { readonly kind: 'noReport' }
  | { readonly kind: 'foreignToken' };

export const readFindings = (
  runs: AuditRuns,
  files: Pick<AuditFiles, 'read'>,
  id: string,
  { rule, severity, ...page }: FindingsRequest,
): Promise<LinesAnswer> => readLines(runs, files, id, page, { file: 'report', wanted: { rule, severity } });

export interface PredictionsRequest extends PageRequest {
  readonly outcome?: string | undefined;
  readonly certainty?: string | undefined;
}

export const readPredictions = (
  runs: AuditRuns,
  files: Pick<AuditFiles, 'read'>,
  id: string,
  { outcome, certainty, ...page }: PredictionsRequest,
): Promise<LinesAnswer> => readLines(runs, files, id, page, { file: 'forecast', wanted: { outcome, certainty } });

interface Filter {
  readonly file: 'report' | 'forecast';
  /** Property and its value; undefined: any. */
  readonly wanted: Readonly<Record<string, string | undefined>>;
}

/** One page of a file of a run, in the order of the file, from the block on in which the last page ended. */
async function readLines(
  runs: AuditRuns,
  files: Pick<AuditFiles, 'read'>,
  id: string,
  request: PageRequest,
  filter: Filter,
): Promise<LinesAnswer> {
  const run = await runs.read(id);
  if (run === null) return { kind: 'noSuchRun' };
  const lines = run[filter.file];
  if (lines === undefined) return { kind: 'noReport' };
  const key = keyOf(id, filter);
  const start = request.continuationToken === undefined ? 0 : lineOf(request.continuationToken, key);
  if (start === null) return { kind: 'foreignToken' };
  const { file, blocks, lines: total } = lines;
  const block = blocks.findLast(({ line }) => line <= start) ?? { offset: 0, line: 0 };
  const value: unknown[] = [];
  let line = block.line;
  for await (const batch of files.read(file, block.offset)) {
    for (const one of batch) {
      if (value.length === request.pageSize)
        return { kind: 'page', page: { value, continuationToken: tokenFor(line, key) } };
      if (line >= start && matches(one, filter)) value.push(one);
      line += 1;
    }
    if (line >= total) break;
  }
  return { kind: 'page', page: { value } };
}

const matches = (line: unknown, { wanted }: Filter): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => value === undefined || (line as Readonly<Record<string, unknown>>)[name] === value,
  );

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

const keyOf = (id: string, { file, wanted }: Filter): string =>
  sha256(JSON.stringify([id, file, ...Object.values(wanted)])).slice(0, 16);
