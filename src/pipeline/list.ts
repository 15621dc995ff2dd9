import type { Case } from '../domain/case.ts';
import { sha256 } from '../domain/sha256.ts';
import type { CaseSummary } from '../domain/summary.ts';
import type { CaseStore } from '../ports.ts';
import { inParallel } from './in-parallel.ts';

export interface ListRequest {
  readonly continuationToken?: string | undefined;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly search?: string | undefined;
  readonly pageSize: number;
}

export interface ListPage {
  readonly value: readonly Case[];
  readonly total: number;
  readonly continuationToken?: string;
}

/** A reader of lists may see what is this many seconds old: a page that polls must not scan all partitions every time. */
const listAge = 2;
const width = 16;

/**
 * One page of cases, newest first. Tables have no order and no count, so the summaries of all partitions are filtered and
 * sorted here; only the page's own cases are read whole.
 * @returns null when the continuation token does not belong to this filter
 */
export async function listCases(store: CaseStore, request: ListRequest): Promise<ListPage | null> {
  const summaries = (await store.summaries(listAge)).filter(matches(request)).sort(newestFirst);
  const start = request.continuationToken === undefined ? 0 : after(summaries, request);
  if (start === null) return null;
  const page = summaries.slice(start, start + request.pageSize);
  const cases = await inParallel(width, page, async ({ id }) => (await store.read(id))?.case);
  const last = page.at(-1);
  const more = last && start + page.length < summaries.length;
  return {
    value: cases.filter((one) => one !== undefined),
    total: summaries.length,
    ...(more ? { continuationToken: tokenFor(last, request) } : {}),
  };
}

function matches({ state, code, search }: ListRequest): (summary: CaseSummary) => boolean {
  const states = state?.split(',').map((name) => name.trim());
  const sought = search?.toLowerCase();
  return (summary) =>
    (!states || states.includes(summary.state)) &&
    (!code || summary.code === code) &&
    (!sought || `${summary.value}\n${summary.displayName}`.toLowerCase().includes(sought));
}

/** By creation, which never changes: a page boundary stays where it is while cases move on. */
const newestFirst = (left: CaseSummary, right: CaseSummary): number =>
  left.createdAt === right.createdAt ? (left.id < right.id ? -1 : 1) : left.createdAt < right.createdAt ? 1 : -1;

/** Opaque to callers. It carries no authority, so it is bound to its filter but not signed. */
function tokenFor({ createdAt, id }: CaseSummary, request: ListRequest): string {
  return btoa(JSON.stringify([filterOf(request), createdAt, id]));
}

function after(summaries: readonly CaseSummary[], request: ListRequest): number | null {
  try {
    const [filter, createdAt, id] = JSON.parse(atob(request.continuationToken ?? '')) as string[];
    if (filter !== filterOf(request) || createdAt === undefined || id === undefined) return null;
    const next = summaries.findIndex((summary) => newestFirst({ ...summary, createdAt, id }, summary) < 0);
    return next === -1 ? summaries.length : next;
  } catch {
    return null;
  }
}

const filterOf = ({ state = '', code = '', search = '' }: ListRequest): string =>
  sha256(JSON.stringify([state, code, search])).slice(0, 16);
