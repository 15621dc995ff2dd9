import { endedStates } from '../domain/case.ts';
import { system } from '../domain/case-event.ts';
import { sha256 } from '../domain/sha256.ts';
import type { CaseSummary } from '../domain/summary.ts';
import type { ApplyPorts } from './apply.ts';
import { commit, sendPromised } from './commit.ts';
import { inParallel } from './in-parallel.ts';
import { caseMessage, wakeCase, wakeLane } from './wake.ts';

export type SweepPorts = Omit<ApplyPorts, 'target' | 'lanes' | 'pause' | 'directory' | 'onPremises'> & {
  readonly tenant: string;
};

/** What one sweep found and did; emitted as metrics. */
export interface Sweep {
  readonly sent: number;
  readonly lanesWoken: number;
  readonly expired: number;
  readonly redriven: number;
  readonly deadLetters: number;
  readonly openCases: number;
}

/** A promise younger than this is still being sent by whoever made it. */
const promiseGrace = 30_000;
/** A case that has stood still for this long in a state that moves by itself has lost its message. */
const stillFor = 15 * 60 * 1000;
const deadLettersPerQueue = 100;

/** The only re-driver: makes good whatever a crash, an outage or a lost message has left behind. */
export async function sweep(ports: SweepPorts): Promise<Sweep> {
  const sent = await sendOldPromises(ports);
  const deadLetters = await resendDeadLetters(ports);
  const summaries = await ports.store.summaries();
  const expired = await expire(ports, summaries);
  const lanesWoken = await wakeLanes(ports, summaries);
  const redriven = await redrive(ports, summaries);
  const openCases = summaries.filter((summary) => !endedStates.includes(summary.state)).length;
  return { sent, lanesWoken, expired, redriven, deadLetters, openCases };
}

async function sendOldPromises(ports: SweepPorts): Promise<number> {
  const before = ports.clock.now().getTime() - promiseGrace;
  const promised = await ports.store.promised();
  return sendPromised(
    ports,
    promised.filter((promise) => Date.parse(promise.promisedAt) < before),
  );
}

/** A dead letter proves nothing against its message: a neighbour may have ended the worker. */
async function resendDeadLetters(ports: SweepPorts): Promise<number> {
  let handled = 0;
  for (const queue of ['diagnose', 'verify', 'apply'] as const) {
    const drained = await ports.messages.drainDeadLetters(queue, deadLettersPerQueue, async (body) => {
      const parsed = caseMessage.safeParse(body);
      if (!parsed.success)
        return queue === 'apply' || rejectUnreadable(ports, queue, body, parsed.error.issues[0]?.path.join('.') ?? '');
      await commit(ports, parsed.data.case, system, { do: 'noteDeadLetter', queue });
      return true;
    });
    if (drained.ok) handled += drained.value;
  }
  return handled;
}

async function rejectUnreadable(ports: SweepPorts, queue: string, body: unknown, field: string): Promise<boolean> {
  const sent = await ports.messages.send({
    queue: 'rejected',
    id: `dead-letter.${queue}.${ports.clock.now().getTime()}.${sha256(JSON.stringify(body) ?? '').slice(0, 16)}`,
    body: { v: 1, queue, received: body ?? null },
    properties: { reason: 'A dead letter that does not fit its schema.', field },
  });
  return sent.ok;
}

async function expire(ports: SweepPorts, summaries: readonly CaseSummary[]): Promise<number> {
  const now = ports.clock.now().toISOString();
  const approved = summaries.filter((summary) => summary.state === 'Approved');
  const outcomes = await inParallel(8, approved, (summary) => commit(ports, summary.id, system, { do: 'expire', now }));
  return outcomes.filter((outcome) => 'changed' in outcome && outcome.changed).length;
}

async function wakeLanes(ports: SweepPorts, summaries: readonly CaseSummary[]): Promise<number> {
  const now = ports.clock.now();
  const lanes = new Set(
    summaries
      .filter((summary) => summary.lane !== '' && summary.notBefore <= now.toISOString())
      .map((summary) => summary.lane),
  );
  for (const lane of lanes) await ports.messages.send(wakeLane(ports.tenant, lane, now));
  return lanes.size;
}

async function redrive(ports: SweepPorts, summaries: readonly CaseSummary[]): Promise<number> {
  const now = ports.clock.now().getTime();
  const still = summaries.filter((summary) => now - Date.parse(summary.nextLook || summary.updatedAt) > stillFor);
  let redriven = 0;
  for (const summary of still) {
    const queue = queueFor(summary);
    const subject = queue && (await ports.store.read(summary.id))?.case;
    if (!queue || !subject) continue;
    // One message for each quarter of an hour: repeated sweeps do not add up.
    await ports.messages.send(wakeCase(queue, subject, 0, Math.floor(now / stillFor)));
    redriven += 1;
  }
  return redriven;
}

/** The queue whose message moves such a case on; none when it waits for a person or its lane, or has ended. */
function queueFor({ state, sources, lane, nextLook }: CaseSummary): 'diagnose' | 'verify' | undefined {
  switch (state) {
    case 'Detected':
    case 'Stale':
    case 'Reopened':
    case 'Reverted':
      return 'diagnose';
    case 'Applied':
      return 'verify';
    case 'Resolved':
      return nextLook === '' ? undefined : 'verify';
    case 'Applying':
      return lane === '' ? 'verify' : undefined;
    case 'Approved':
    case 'Rejected':
    case 'Undone':
    case 'MergedInto':
    case 'UndoProposed':
      return undefined;
    default:
      return isGone(sources) ? 'verify' : undefined;
  }
}

/** No source reports it any more, in two complete reads each. */
const isGone = (sources: CaseSummary['sources']): boolean => Object.values(sources).every((reads) => reads >= 2);
