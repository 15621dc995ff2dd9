import { userInfo } from 'node:os';
import type { Audit } from '../compose.ts';
import { checkTrail, rebuild, type Trail } from '../domain/audit-trail.ts';
import { type Actor, type Case, endedStates } from '../domain/case.ts';
import { evolve } from '../domain/evolve.ts';
import { mentions, namesOneOf } from './mentions.ts';
import type { Print } from './verify-trails.ts';

export interface Erasure {
  readonly names: readonly string[];
  readonly reason: string;
}

/** Losing this often against others means that the case is not ended after all. */
const mostConflicts = 10;

/**
 * Erases the data of every ended case that speaks of the person: evidence, event data with their salts, and what the
 * projection shows. Ids, states, times and hashes stay, so the chain still verifies. What may not be erased yet is named.
 * @returns whether nothing of the person is left
 */
export async function erasePerson(audit: Audit, { names, reason }: Erasure, print: Print): Promise<boolean> {
  const isNamed = namesOneOf(names);
  if (isNamed(reason)) {
    print('The reason names the person, and it is kept. Say it without the name.');
    return false;
  }
  const count = { erased: 0, left: 0 };
  for await (const found of audit.trail.trails()) {
    if (!mentions(found, isNamed)) continue;
    const obstacle = await eraseCase(audit, found.id, reason);
    print(`${found.id}: ${obstacle ?? 'erased.'}`);
    count[obstacle === null ? 'erased' : 'left'] += 1;
  }
  print(`${count.erased} cases erased, ${count.left} left.`);
  return count.left === 0;
}

/** The cases that speak of the person. */
export async function findPerson({ trail }: Pick<Audit, 'trail'>, names: readonly string[], print: Print) {
  const isNamed = namesOneOf(names);
  for await (const found of trail.trails()) {
    if (mentions(found, isNamed)) print(`${found.id}: ${found.projection?.case.state ?? 'cannot be read'}`);
  }
}

/** @returns why it was not erased, and what to do; null when it was */
async function eraseCase(audit: Audit, id: string, reason: string): Promise<string | null> {
  for (let conflicts = 0; conflicts < mostConflicts; conflicts++) {
    // Read first: whatever is appended after this moment makes the last step fail, and everything is done again.
    const stored = await audit.store.read(id);
    const trail = await audit.trail.read(id);
    const obstacle = obstacleTo(trail);
    if (!stored || !trail || obstacle !== null) return obstacle ?? 'not erased: it is gone.';
    for (const hash of evidenceOf(trail)) {
      const erased = await audit.evidence.erase(hash);
      if (!erased.ok) return `not erased: ${erased.failure.message} Run erase again.`;
    }
    const withData = trail.events.filter(({ event }) => event !== null && event.type !== 'Erased');
    const sequences = withData.map(({ sequence }) => sequence);
    await audit.trail.eraseEvents(trail, sequences);
    const { next, event } = erasedCase(trail, sequences, reason, audit.clock.now());
    if ((await audit.store.append(stored, next, [event], [])) === 'appended') return null;
  }
  return 'not erased: it keeps changing. Run erase again.';
}

function obstacleTo(trail: Trail | null): string | null {
  if (!trail?.projection) return 'not erased: its projection cannot be read. Run verify --repair first.';
  const { state } = trail.projection.case;
  if (!endedStates.includes(state))
    return `not erased: it is ${state}, and what is going on needs the data. Reject it, or see it through; then run erase again.`;
  if (checkTrail(trail).broken.length > 0)
    return 'not erased: its record is broken, and erasing would hide how. Run verify and find out first.';
  return null;
}

const evidenceOf = ({ events, projection }: Trail): Set<string> =>
  new Set(
    [
      projection?.case.evidence?.hash ?? '',
      ...events.map(({ event }) => (event?.type === 'Diagnosed' ? event.data.evidence : '')),
    ].filter((hash) => hash !== ''),
  );

/** The case as its erased events tell it, with the erasure as its last event. */
function erasedCase(trail: Trail, sequences: readonly number[], reason: string, now: Date) {
  const events = trail.events.map((event) =>
    sequences.includes(event.sequence) ? { ...event, event: null, salt: null } : event,
  );
  const before = rebuild({ ...trail, events }) as Case;
  const happening = {
    v: 1 as const,
    sequence: before.sequence + 1,
    at: now.toISOString(),
    by: whoRunsThis(),
    type: 'Erased',
    event: { type: 'Erased' as const, data: { reason } },
  };
  const next = evolve(before, happening);
  return { next, event: { ...happening, state: next.state } };
}

function whoRunsThis(): Actor {
  return { oid: 'audit-trail', name: userInfo().username };
}
