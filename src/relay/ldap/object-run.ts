import type { ObjectsCheckpoint } from '../../relay-contract.ts';

/** What is read of a domain in one go, from a position in its controller's update sequence. */
export interface ObjectRun {
  readonly mode: ObjectsCheckpoint['mode'];
  /** Why everything is read although there is a checkpoint. */
  readonly because?: string;
  /** First update sequence number to read. */
  readonly next: bigint;
  /** The highest that there was when the run began. */
  readonly until: bigint;
  /** When the run began, ISO 8601. */
  readonly at: string;
  /** Numbers in the narrowest window. */
  readonly narrowest: bigint;
}

/** The controller that is to be read now. */
export interface PresentState {
  readonly dnsName: string;
  readonly invocationId: string;
  readonly highestCommittedUsn: bigint;
  /** Why deletions cannot be seen; null when they can. */
  readonly deletedHidden: string | null;
  readonly now: Date;
}

/**
 * Days for which deleted objects are sure to be kept: the default of forests that were made before Windows Server 2003 SP1
 * and whose tombstoneLifetime is not set (MS-ADTS 6.1.1.2.4.1.1). All others keep them longer.
 */
const deletedKeptDays = 60;

/**
 * Goes on with a run, begins one over what has changed, or begins a full one. Sequence numbers mean something in one
 * database only: that of one controller with one invocation id, which a restored database changes.
 *
 * @param from null: nothing was read before
 */
export function planRun(from: ObjectsCheckpoint | null, present: PresentState, narrowest = usualWidth): ObjectRun {
  const { highestCommittedUsn: until, now } = present;
  const full = { mode: 'full', next: 0n, until, at: now.toISOString(), narrowest } as const;
  if (from === null) return full;
  const because = whyNotFrom(from, present);
  if (because !== null) return { ...full, because };
  const begun = from.until === null ? { until: full.until, at: full.at } : { until: BigInt(from.until), at: from.at };
  return { mode: from.mode, next: BigInt(from.next), ...begun, narrowest };
}

function whyNotFrom(from: ObjectsCheckpoint, present: PresentState): string | null {
  const { dnsName, invocationId, highestCommittedUsn, deletedHidden, now } = present;
  if (from.domainController.toLowerCase() !== dnsName.toLowerCase())
    return `${dnsName} is read now, and ${from.domainController} was read before`;
  if (from.invocationId !== invocationId)
    return `the database of ${dnsName} is another than before: its invocation id was ${from.invocationId} and is ${invocationId}`;
  const seen = from.until === null ? BigInt(from.next) - 1n : BigInt(from.until);
  if (highestCommittedUsn < seen)
    return `${dnsName} has gone back to update ${highestCommittedUsn}; update ${seen} was there before`;
  if (+now - Date.parse(from.at) > deletedKeptDays * 86_400_000)
    return `the checkpoint is of ${from.at}: deletions are remembered for ${deletedKeptDays} days only`;
  return from.mode === 'changes' ? deletedHidden : null;
}

/** Sequence numbers that are searched at once. */
export interface UsnWindow {
  readonly first: bigint;
  /** null: no bound. Such a window is the last of its run. */
  readonly last: bigint | null;
}

/**
 * A sequence number belongs to one object at most, so a narrow window bounds how much of a cut stream comes a second time, and how
 * many objects the controller has to gather before it answers. An old controller has many more numbers than objects: stretches
 * with few are passed in wider and wider steps, and a wide window that turns out to hold more than a page is narrowed again
 * before it is read.
 */
const usualWidth = 50_000n;
/** Of a window's numbers: fewer objects than this share are few. */
const fewIn = 5n;
const widening = 8n;

export const firstWindow = (run: ObjectRun): UsnWindow => windowAt(run, run.next, run.narrowest);

/**
 * @param found number of objects in the window before
 * @returns null after the last
 */
export function windowAfter(run: ObjectRun, { first, last }: UsnWindow, found: number): UsnWindow | null {
  if (last === null) return null;
  const width = last - first + 1n;
  return windowAt(run, last + 1n, BigInt(found) < run.narrowest / fewIn ? width * widening : width);
}

/** A part of a window from its beginning on; null when the window is as narrow as it gets. */
export function narrowed(run: ObjectRun, { first, last }: UsnWindow): UsnWindow | null {
  const width = (last ?? run.until) - first + 1n;
  if (width <= run.narrowest) return null;
  const part = width / widening;
  return windowAt(run, first, part > run.narrowest ? part : run.narrowest);
}

/** What reaches `until` has no bound: what is changed during the run has numbers above. */
function windowAt({ until }: ObjectRun, first: bigint, width: bigint): UsnWindow {
  const last = first + width - 1n;
  return { first, last: last < until ? last : null };
}
