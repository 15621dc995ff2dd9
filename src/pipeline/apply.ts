import { type ApplyPolicy, addWrites, applyGate } from '../domain/apply-gate.ts';
import { type Case, executedFix, pendingChanges } from '../domain/case.ts';
import { type ChangeResult, system } from '../domain/case-event.ts';
import { laneOf } from '../domain/lane.ts';
import type { CaseSummary } from '../domain/summary.ts';
import type { ChangeTarget, LaneRecords, PlannedWrite } from '../ports.ts';
import { type CommitPorts, commit } from './commit.ts';
import { inParallel } from './in-parallel.ts';
import { broughtBy, type TakenPorts, takenMeanwhile } from './taken-meanwhile.ts';
import { type LaneMessage, wakeLane } from './wake.ts';

export interface ApplyPorts extends CommitPorts, TakenPorts {
  readonly lanes: LaneRecords;
  /** The place that a lane writes to. */
  target(lane: string): ChangeTarget;
  /** In [0, 1). */
  random(): number;
  /** Waits within a run. */
  pause(milliseconds: number): Promise<void>;
}

/** A run hands over to its successor after this long, well below the host's limit on a function. */
const longestRun = 4 * 60 * 1000;
/** A shorter hold is waited out: handing over costs a second, which is much of a throttled window of ten. */
const shortHold = 15 * 1000;
/** Between two looks at the clock while a hold is waited out. */
const longestPause = 1000;
const width = 10;

/**
 * Carries out the approved work of one lane, oldest first, until nothing is due. The message only woke us: the table decides
 * what is done. One worker serves a lane at a time (the lane is the session), so a case found `Applying` here was left by
 * a worker that ended; it is claimed again and its changes are compared with the objects.
 */
export async function apply(ports: ApplyPorts, policy: ApplyPolicy, { lane, tenant }: LaneMessage): Promise<void> {
  const deadline = ports.clock.now().getTime() + longestRun;
  const target = ports.target(lane);
  let written = 0;
  let due: readonly Due[] = await dueCases(ports, lane);
  while (due.length > 0) {
    const now = ports.clock.now();
    const record = await ports.lanes.read(lane);
    const gate = applyGate(policy, record, written, now);
    if (now.getTime() >= deadline) return wake(ports, tenant, lane, gate.open ? now : gate.until);
    if (!gate.open) {
      const hold = gate.until.getTime() - now.getTime();
      if (hold > shortHold) return wake(ports, tenant, lane, gate.until);
      await ports.pause(Math.min(hold, longestPause));
      continue;
    }
    const batch = await claimBatch(ports, lane, due, Math.min(target.largestBatch, gate.room));
    if (batch.writes.length > 0) {
      const { done, refused, askedUntil } = await carryOut(ports, target, batch);
      written += done + refused;
      await ports.lanes.write(lane, addWrites(record, done, refused, ports.clock.now(), askedUntil));
    }
    due = batch.left.length > 0 ? batch.left : await dueCases(ports, lane);
  }
  await wakeForLater(ports, tenant, lane);
}

interface Due {
  readonly id: string;
  /** An earlier claim ended without an outcome: the case may be what ended the worker. */
  readonly suspect: boolean;
}

/** What may be written now: the oldest first, suspects after everyone else. */
async function dueCases(ports: ApplyPorts, lane: string): Promise<Due[]> {
  const now = ports.clock.now().toISOString();
  return inLane(await ports.store.summaries(), lane)
    .filter((summary) => summary.notBefore <= now)
    .sort((left, right) => left.openClaims - right.openClaims)
    .map((summary) => ({ id: summary.id, suspect: summary.openClaims > 0 }));
}

const inLane = (summaries: readonly CaseSummary[], lane: string): CaseSummary[] =>
  summaries
    .filter((summary) => summary.lane === lane)
    .sort((left, right) => compare(left.notBefore, right.notBefore) || compare(left.id, right.id));

interface Write extends PlannedWrite {
  readonly caseId: string;
  readonly index: number;
  readonly brings: readonly string[];
}
interface Batch {
  readonly writes: readonly Write[];
  /** Due cases that this batch had no room for. */
  readonly left: readonly Due[];
}

/** Claims as many due cases as there is room for. A suspect is tried alone, so that it takes no innocent case along. */
async function claimBatch(ports: ApplyPorts, lane: string, due: readonly Due[], room: number): Promise<Batch> {
  const innocent = due.findIndex((one) => one.suspect);
  const size = due[0]?.suspect ? 1 : Math.min(room, innocent === -1 ? due.length : innocent);
  const claims = await inParallel(width, due.slice(0, size), ({ id }) => claim(ports, lane, id));
  return { writes: claims.flat(), left: due.slice(size) };
}

async function claim(ports: ApplyPorts, lane: string, id: string): Promise<Write[]> {
  const committed = await commit(ports, id, system, { do: 'claim', lane, now: ports.clock.now().toISOString() });
  if (!('case' in committed) || committed.case.state !== 'Applying') return [];
  return writesOf(committed.case, lane);
}

function writesOf(subject: Case, lane: string): Write[] {
  const { execution } = subject;
  const fix = executedFix(subject);
  if (!execution || !fix || subject.events.at(-1)?.type !== 'Claimed') return [];
  return pendingChanges(subject).flatMap((index) => {
    const change = fix.changes[index];
    if (!change || laneOf(subject.tenant, change) !== lane) return [];
    const key = `${subject.id}.${fix.planHash}.${index}`;
    // What an undo gives back was there before.
    const brings = fix.undoOf === undefined ? broughtBy(change, subject.error.value ?? '') : [];
    return [{ caseId: subject.id, index, key, begun: execution.begunBefore.includes(index), change, brings }];
  });
}

async function carryOut(ports: ApplyPorts, target: ChangeTarget, { writes }: Batch) {
  const results: { caseId: string; result: ChangeResult }[] = [];
  for (let from = 0; from < writes.length; from += target.largestBatch) {
    const part = writes.slice(from, from + target.largestBatch);
    const taken = await takenMeanwhile(ports, part);
    const writable = part.filter((_write, place) => taken[place] === null);
    const outcomes = writable.length === 0 ? [] : await target.apply(writable);
    for (const [place, write] of part.entries()) {
      const outcome = taken[place] ??
        outcomes[writable.indexOf(write)] ?? {
          outcome: 'TryAgain' as const,
          message: 'The directory gave no answer for this change.',
        };
      results.push({ caseId: write.caseId, result: { index: write.index, ...outcome } });
    }
  }
  const askedUntil = throttledUntil(results, ports.clock.now());
  const byCase = Map.groupBy(results, (one) => one.caseId);
  await inParallel(width, [...byCase], ([id, own]) =>
    commit(ports, id, system, {
      do: 'recordResults',
      results: own.map((one) => one.result),
      now: ports.clock.now().toISOString(),
      jitter: ports.random(),
    }),
  );
  const count = (...outcomes: ChangeResult['outcome'][]) =>
    results.filter(({ result }) => outcomes.includes(result.outcome)).length;
  return { done: count('Applied', 'Stale'), refused: count('Refused', 'NotPermitted', 'Gone'), askedUntil };
}

/** @param answeredAt when the directory said how long to wait */
function throttledUntil(results: readonly { result: ChangeResult }[], answeredAt: Date): Date | undefined {
  const waits = results.map(({ result }) => (result.outcome === 'TryAgain' ? (result.afterSeconds ?? 0) : 0));
  const longest = Math.max(0, ...waits);
  return longest > 0 ? new Date(answeredAt.getTime() + longest * 1000) : undefined;
}

async function wakeForLater(ports: ApplyPorts, tenant: string, lane: string): Promise<void> {
  const next = inLane(await ports.store.summaries(), lane)[0];
  if (next) await wake(ports, tenant, lane, new Date(next.notBefore));
}

/** A wake that cannot be sent is made good by the next sweep. */
async function wake(ports: ApplyPorts, tenant: string, lane: string, moment: Date): Promise<void> {
  const now = ports.clock.now();
  await ports.messages.send(wakeLane(tenant, lane, moment > now ? moment : now));
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
