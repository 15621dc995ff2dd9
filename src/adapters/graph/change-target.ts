import type { Change } from '../../domain/change.ts';
import { compareState, stateOf } from '../../domain/compare-state.ts';
import type { Failure } from '../../domain/result.ts';
import type { ChangeTarget, PlannedWrite, WriteOutcome } from '../../ports.ts';
import { type Answer, failureOf, isSuccess, tryAgain } from './answer.ts';
import { type BatchedRequest, largestBatch, sendBatch } from './batch.ts';
import type { Connection } from './connection.ts';
import { segment, withQuery } from './odata.ts';
import { needs } from './permissions.ts';

/** Writes changes of Entra-mastered users: one batch re-reads them, a second writes those that are as planned. */
export function createChangeTarget(connection: Connection): ChangeTarget {
  return {
    largestBatch,
    async apply(writes) {
      const outcomes = new Map<PlannedWrite, WriteOutcome>();
      for (const write of writes) {
        if (!isWritable(write.change)) outcomes.set(write, notWritable(write.change));
      }
      for (const wave of wavesOf(writes.filter(({ change }) => isWritable(change)))) {
        const held = wave.filter((write) => followsUnapplied(write, outcomes));
        for (const write of held) outcomes.set(write, heldUp);
        await applyWave(
          connection,
          wave.filter((write) => !held.includes(write)),
          outcomes,
        );
      }
      return writes.map((write) => outcomes.get(write) ?? unanswered);
    },
  };
}

/**
 * The one attribute whose change in Graph releases something. proxyAddresses is read-only there for everyone, and a PATCH
 * of mail adds an address instead of taking one away.
 */
const isWritable = ({ target, objectType, attribute, operation, values }: Change): boolean =>
  target === 'entra' &&
  objectType === 'user' &&
  attribute === 'userPrincipalName' &&
  operation === 'replace' &&
  values.length === 1;

const notWritable = ({ operation, attribute, objectType }: Change): WriteOutcome => ({
  outcome: 'Refused',
  code: 'NotWritable',
  message: `Microsoft Graph cannot ${operation} ${attribute} of a ${objectType} in a way that releases a value`,
});

const unanswered: WriteOutcome = { outcome: 'TryAgain', message: 'Graph was not asked' };

/** Requests of one batch run in any order, so two changes of one object go into batches one after the other. */
function wavesOf(writes: readonly PlannedWrite[]): PlannedWrite[][] {
  const waves: PlannedWrite[][] = [];
  for (const write of writes) {
    const { objectId } = write.change;
    const afterOwn = 1 + waves.findLastIndex((wave) => wave.some(({ change }) => change.objectId === objectId));
    const open = waves.findIndex((wave, index) => index >= afterOwn && wave.length < largestBatch);
    if (open === -1) waves.push([write]);
    else waves[open]?.push(write);
  }
  return waves;
}

/** After an earlier change of the object that was not applied, a comparison would call this one stale; it waits instead. */
const followsUnapplied = ({ change }: PlannedWrite, outcomes: ReadonlyMap<PlannedWrite, WriteOutcome>): boolean =>
  [...outcomes].some(([earlier, { outcome }]) => earlier.change.objectId === change.objectId && outcome === 'TryAgain');

const heldUp: WriteOutcome = { outcome: 'TryAgain', message: 'an earlier change of the same object comes first' };

async function applyWave(
  connection: Connection,
  wave: readonly PlannedWrite[],
  outcomes: Map<PlannedWrite, WriteOutcome>,
): Promise<void> {
  if (wave.length === 0) return;
  const asPlanned: PlannedWrite[] = [];
  const found = await sendBatch(connection, wave.map(readRequest));
  for (const [index, write] of wave.entries()) {
    const outcome = found.ok ? beforeWriting(write, found.value[index]) : outcomeOf(found.failure);
    if (outcome === 'write') asPlanned.push(write);
    else outcomes.set(write, outcome);
  }
  if (asPlanned.length === 0) return;

  const written = await sendBatch(connection, asPlanned.map(writeRequest));
  for (const [index, write] of asPlanned.entries()) {
    outcomes.set(write, written.ok ? afterWriting(written.value[index]) : outcomeOf(written.failure));
  }
}

const readRequest = ({ change }: PlannedWrite): BatchedRequest => ({
  method: 'GET',
  path: withQuery(`/users/${segment(change.objectId)}`, { $select: `id,${change.attribute}` }),
});

const writeRequest = ({ change }: PlannedWrite): BatchedRequest => ({
  method: 'PATCH',
  path: `/users/${segment(change.objectId)}`,
  body: { [change.attribute]: change.values[0] },
});

/** An object is compared with `before` and `after` of its change; only what is as planned is written. */
function beforeWriting({ change, begun }: PlannedWrite, answer: Answer | undefined): WriteOutcome | 'write' {
  if (answer === undefined) return unanswered;
  if (!isSuccess(answer)) return outcomeOf(failureOf(answer, needs.readUsers));
  const value = (answer.body as Record<string, unknown> | undefined)?.[change.attribute];
  if (value !== null && typeof value !== 'string') {
    return outcomeOf(tryAgain(`Graph answered without ${change.attribute}`));
  }
  const found = stateOf(change, value === null ? [] : [value]);
  switch (compareState(change, found, begun)) {
    case 'write':
      return 'write';
    case 'already':
      return { outcome: 'Applied', alreadyThere: true, where };
    case 'stale':
      return { outcome: 'Stale', found };
  }
}

function afterWriting(answer: Answer | undefined): WriteOutcome {
  if (answer === undefined) return unanswered;
  if (isSuccess(answer)) return { outcome: 'Applied', alreadyThere: false, where };
  const failure = failureOf(answer, needs.writeUsers);
  return outcomeOf(
    failure.kind === 'NotPermitted' ? { ...failure, remedy: `${failure.remedy} ${ifItIsGranted}` } : failure,
  );
}

const where = 'Microsoft Graph';

/** A 403 is a missing permission or a target above the application: Graph does not say which. */
const ifItIsGranted =
  'If it is granted, the user holds a directory role or is in a restricted management administrative unit: ' +
  'an administrator with a higher role must make the change.';

function outcomeOf(failure: Failure): WriteOutcome {
  const { kind, ...rest } = failure;
  return { outcome: kind, ...rest } as WriteOutcome;
}
