import type { Change } from '../../domain/change.ts';
import type { Failure } from '../../domain/result.ts';
import type { ChangeTarget, PlannedWrite, WriteOutcome } from '../../ports.ts';
import { type ChangeAnswer, changeAnswers, type DirectoryChange, directoryChange } from '../../relay-contract.ts';
import type { RelayHttp } from './relay-http.ts';
import { whereWritten } from './where-written.ts';

/** Most changes that the contract takes in one request. */
const largestBatch = 50;

/**
 * Writes changes in Active Directory. The relay itself compares and sets on one domain controller, so one request does the
 * whole; its idempotency keys make it safe to ask again when the answer was lost.
 */
export function createChangeTarget(relay: RelayHttp): ChangeTarget {
  return {
    largestBatch,
    async apply(writes) {
      const outcomes = new Map<PlannedWrite, WriteOutcome>();
      const sendable: Sendable[] = [];
      for (const write of writes) {
        const change = directoryChangeOf(write.change);
        if (change === null) outcomes.set(write, notAddressed);
        else sendable.push({ write, change });
      }
      for (let start = 0; start < sendable.length; start += largestBatch) {
        await send(relay, sendable.slice(start, start + largestBatch), outcomes);
      }
      return writes.map((write) => outcomes.get(write) ?? unanswered);
    },
  };
}

interface Sendable {
  readonly write: PlannedWrite;
  readonly change: DirectoryChange;
}

const notAddressed: WriteOutcome = {
  outcome: 'Refused',
  code: 'NotWritable',
  message: 'The change does not name a forest, an objectGUID and an attribute of Active Directory',
};

const unanswered: WriteOutcome = { outcome: 'TryAgain', message: 'The relay left the change unanswered' };

/** @returns null for a change that the contract has no words for; the relay would refuse the whole request with it. */
export function directoryChangeOf(change: Change): DirectoryChange | null {
  if (change.target !== 'active-directory') return null;
  const { forest, objectId, attribute, operation, values, before, after } = change;
  const parsed = directoryChange.safeParse({
    forest,
    objectGuid: objectId,
    attribute,
    operation,
    values,
    before,
    after,
  });
  return parsed.data ?? null;
}

async function send(
  relay: RelayHttp,
  batch: readonly Sendable[],
  outcomes: Map<PlannedWrite, WriteOutcome>,
): Promise<void> {
  const changes = batch.map(({ write, change }) => ({ idempotencyKey: write.key, begun: write.begun, change }));
  const sent = await relay.post('/changes', { changes }, changeAnswers, 'Relay.Write');
  // One answer too few or too many: no telling which belongs to which.
  const answers = sent.ok && sent.value.answers.length === batch.length ? sent.value.answers : [];
  for (const [index, { write }] of batch.entries()) {
    outcomes.set(write, sent.ok ? outcomeOf(answers[index]) : outcomeOfFailure(sent.failure));
  }
}

function outcomeOf(answer: ChangeAnswer | undefined): WriteOutcome {
  switch (answer?.outcome) {
    case undefined:
    case 'state':
      return unanswered;
    case 'applied':
      return { outcome: 'Applied', alreadyThere: false, where: whereWritten(answer.domainController, answer.usn) };
    case 'stale':
      return { outcome: 'Stale', found: answer.found };
    case 'gone':
      return { outcome: 'Gone', message: answer.message };
    case 'notPermitted':
      return { outcome: 'NotPermitted', message: answer.message, remedy: answer.remedy };
    case 'refused':
      return { outcome: 'Refused', code: answer.code, message: answer.message };
    case 'tryAgain':
      return { outcome: 'TryAgain', message: answer.message };
  }
}

/** A 404 of the request as a whole means that no relay of this contract is there, not that an object is gone. */
function outcomeOfFailure(failure: Failure): WriteOutcome {
  if (failure.kind === 'Gone') return { outcome: 'TryAgain', message: failure.message };
  const { kind, ...rest } = failure;
  return { outcome: kind, ...rest } as WriteOutcome;
}
