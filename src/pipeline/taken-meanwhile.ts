import type { Change } from '../domain/change.ts';
import type { AdObject } from '../domain/evidence.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';
import { bareAddress, normaliseProxyAddress } from '../domain/proxy-address.ts';
import type { Result } from '../domain/result.ts';
import type { OnPremises, WriteOutcome } from '../ports.ts';
import { type HolderPorts, heldByOthers } from './held-by-others.ts';
import { inParallel } from './in-parallel.ts';

export interface TakenPorts extends HolderPorts {
  readonly onPremises: Pick<OnPremises, 'findHolders' | 'findBySourceAnchor'>;
}

export interface Bringing {
  readonly change: Change;
  /** See `broughtBy`. */
  readonly brings: readonly string[];
}

const width = 5;

/**
 * What a change gives an object of Active Directory that it had not before, but for the value that the case is about: that
 * one is disputed, and its plan says whose it becomes. Entra itself refuses a name that another object has.
 */
export function broughtBy({ target, before, after }: Change, sought: string): string[] {
  if (target !== 'active-directory') return [];
  const had = before.kind === 'multiple' ? before.present : [before.value ?? ''];
  const known = new Set([...had, sought].map(normaliseProxyAddress));
  const next = after.kind === 'multiple' ? after.present : [after.value ?? ''];
  return next.filter((value) => value !== '' && !known.has(normaliseProxyAddress(value)));
}

/**
 * A value that was free when it was proposed may have been given away before the approval, or before the lane was free: Active
 * Directory would take it a second time. Such a plan is stale. One outcome a write, in order; null: it may be written.
 */
export async function takenMeanwhile(ports: TakenPorts, writes: readonly Bringing[]): Promise<(WriteOutcome | null)[]> {
  const isSecond = secondTo(writes);
  return inParallel(width, [...writes.entries()], async ([place, write]) =>
    isSecond.has(place)
      ? stale(write, `${write.brings.join(', ')} goes to another object in the same moment`)
      : outcomeOf(ports, write),
  );
}

/** Places of writes that bring what an earlier one brings another object. */
function secondTo(writes: readonly Bringing[]): Set<number> {
  const givenTo = new Map<string, string>();
  const second = new Set<number>();
  for (const [place, { change, brings }] of writes.entries()) {
    for (const address of brings.map(bareAddress)) {
      const first = givenTo.get(address) ?? change.objectId;
      givenTo.set(address, first);
      if (first !== change.objectId) second.add(place);
    }
  }
  return second;
}

async function outcomeOf(ports: TakenPorts, write: Bringing): Promise<WriteOutcome | null> {
  if (write.brings.length === 0) return null;
  const read = await ownObject(ports, write.change.objectId);
  if (!read.ok) return passedOn(read);
  if (read.value === undefined) return null;
  const own = read.value;
  for (const value of write.brings.filter((brought) => !hasAlready(own, write.change.attribute, brought))) {
    const others = await heldByOthers(ports, value, own);
    if (!others.ok) return passedOn(others);
    const [first] = others.value;
    if (first !== undefined) return stale(write, `${value} has been taken meanwhile by ${first}`);
  }
  return null;
}

/** `undefined`: it is not there any more, which the write itself will say. */
async function ownObject({ onPremises }: TakenPorts, objectGuid: string): Promise<Result<AdObject | undefined>> {
  const read = await onPremises.findBySourceAnchor(immutableIdOf(objectGuid) ?? '');
  return read.ok ? { ok: true, value: read.value.find((ad) => ad.objectGuid === objectGuid) } : read;
}

/** An earlier attempt may have written it; and an address is no new one when it moves between its attributes. */
function hasAlready(own: AdObject, attribute: string, value: string): boolean {
  const held = attribute === 'userPrincipalName' ? [own.userPrincipalName] : [own.mail, ...own.proxyAddresses];
  return held.some((one) => one !== undefined && bareAddress(one) === bareAddress(value));
}

const stale = ({ change }: Bringing, because: string): WriteOutcome => ({
  outcome: 'Stale',
  found: change.before,
  because: `${because}.`,
});

function passedOn({ failure }: Extract<Result<never>, { ok: false }>): WriteOutcome {
  if (failure.kind === 'NotPermitted')
    return { outcome: 'NotPermitted', message: failure.message, remedy: failure.remedy };
  return { outcome: 'TryAgain', message: `Whether the new value is still free is not known: ${failure.message}` };
}
