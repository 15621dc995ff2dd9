import type { Actor, Case } from '../domain/case.ts';
import { type Command, decide, type Refusal } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import type { RecordedEvent } from '../domain/recorded-event.ts';
import {
  type CaseStore,
  type Clock,
  type Messages,
  type PromisedMessage,
  type StoredCase,
  StoreUnavailable,
} from '../ports.ts';
import { wakeFor } from './wake.ts';

export interface CommitPorts {
  readonly clock: Clock;
  readonly store: CaseStore;
  readonly messages: Messages;
}

/** `case`: as it stands now; `changed`: whether the command had any effect. */
export type Committed = { readonly case: Case; readonly changed: boolean } | { readonly refusal: Refusal };

/** Losing this often against others means that something appends without end: a bug. */
const mostConflicts = 50;

/**
 * Reads the case, decides, appends, and sends what was promised; on a conflict reads and decides again. A message that
 * cannot be sent now stays promised, and `sweep` sends it.
 */
export async function commit(ports: CommitPorts, id: string, by: Actor, command: Command): Promise<Committed> {
  for (let conflicts = 0; conflicts < mostConflicts; conflicts++) {
    const stored = await ports.store.read(id);
    const decision = decide(command, stored?.case, by);
    if ('refusal' in decision) return decision;
    if (stored && decision.events.length === 0) return { case: stored.case, changed: false };
    const planned = plan(decision.events, stored, by, ports.clock.now());
    const outcome = await ports.store.append(stored, planned.next, planned.recorded, planned.promised);
    if (outcome === 'appended') {
      await sendPromised(ports, planned.promised);
      return { case: planned.next, changed: true };
    }
  }
  throw new Error(`case ${id}: ${mostConflicts} conflicts in a row`);
}

function plan(events: readonly RecordedEvent['event'][], stored: StoredCase | null, by: Actor, now: Date) {
  const at = now.toISOString();
  const recorded: RecordedEvent[] = [];
  const promised: PromisedMessage[] = [];
  let current = stored?.case;
  for (const event of events) {
    if (!event) continue;
    const sequence = (current?.sequence ?? -1) + 1;
    const after = evolve(current, { sequence, at, by, type: event.type, event });
    recorded.push({ v: 1, sequence, at, by, type: event.type, state: after.state, event });
    const message = wakeFor(event, after);
    if (message) promised.push({ caseId: after.id, sequence, promisedAt: at, message });
    current = after;
  }
  if (!current) throw new Error('a case begins with a sighting');
  return { next: current, recorded, promised };
}

/** Sends each promised message and takes the promise off the books; what fails stays for the next sweep. */
export async function sendPromised(ports: CommitPorts, promised: readonly PromisedMessage[]): Promise<number> {
  let sent = 0;
  for (const promise of promised) {
    const answer = await ports.messages.send(promise.message);
    if (!answer.ok) continue;
    sent += 1;
    try {
      await ports.store.kept(promise);
    } catch (cause) {
      // What is recorded is recorded: the sweep sends the message once more, and every handler can bear that.
      if (!(cause instanceof StoreUnavailable)) throw cause;
    }
  }
  return sent;
}
