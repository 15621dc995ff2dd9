import { mostLiveObjects, type PreflightJob, preflightDays } from '../domain/preflight.ts';
import { isWithinDays } from '../domain/time.ts';
import type { Clock, PreflightStore } from '../ports.ts';
import { inParallel } from './in-parallel.ts';

interface ReadPorts {
  readonly clock: Clock;
  readonly tenant: string;
  readonly preflights: PreflightStore;
}

/** Parts of the answers that are read at once. */
const width = 4;

/** @returns null when there is no such request, or its answers are over */
export async function readPreflight(
  { preflights, clock, tenant }: ReadPorts,
  id: string,
  from: number,
  count: number,
): Promise<{ job: PreflightJob; answers: readonly unknown[] } | null> {
  const job = (await preflights.read(id))?.job;
  if (job === undefined || job.tenant !== tenant) return null;
  if (!isWithinDays(job.createdAt, preflightDays, clock.now().toISOString())) return null;
  const first = from - (from % mostLiveObjects);
  const end = Math.min(job.done, from + count);
  const parts = Array.from({ length: Math.ceil(Math.max(0, end - first) / mostLiveObjects) }, (_, part) => part);
  const answers = await inParallel(width, parts, (part) => preflights.answers(id, first + part * mostLiveObjects));
  return { job, answers: answers.flatMap((part) => part ?? []).slice(from - first, end - first) };
}
