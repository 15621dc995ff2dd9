import type { Change, ValueState } from './change.ts';
import { normaliseProxyAddress, primarySmtp } from './proxy-address.ts';
import { sameUserPrincipalName } from './user-principal-name.ts';

/**
 * Whether a change may be written, given what the object holds now.
 *
 * @param begun an earlier attempt may have written this very change; only then does a state equal to `after` count as done
 * @returns `already`: it is done; `write`: the object is as the plan says; `stale`: it is neither, write nothing
 */
export function compareState(change: Change, found: ValueState, begun: boolean): 'write' | 'already' | 'stale' {
  if (begun && agrees(change.after, found)) return 'already';
  return agrees(change.before, found) ? 'write' : 'stale';
}

/**
 * Whether an applied change is still to be seen: the object holds `after`, up to the equality of the attribute. Active
 * Directory compares names and addresses ignoring case, and another hand may write them so; but when case is all that the
 * change was about, what was there before is not what it wrote.
 */
export function stillShows({ before, after }: Change, found: ValueState): boolean {
  if (agrees(after, found)) return true;
  return !agrees(before, found) && sameButForCase(after, found);
}

function sameButForCase(expected: ValueState, found: ValueState): boolean {
  if (expected.kind !== 'single' || found.kind !== 'single') return false;
  return expected.value !== null && found.value !== null && sameUserPrincipalName(expected.value, found.value);
}

/** What a change touches of the values that an attribute holds; for a single-valued attribute give at most one value. */
export function stateOf(change: Change, values: readonly string[]): ValueState {
  if (change.before.kind === 'single') return { kind: 'single', value: values[0] ?? null };
  const held = addressSet(values);
  const touched = [...change.before.present, ...change.before.absent];
  return {
    kind: 'multiple',
    present: touched.filter((value) => held.has(normaliseProxyAddress(value))),
    absent: touched.filter((value) => !held.has(normaliseProxyAddress(value))),
    primary: primarySmtp(values),
  };
}

function agrees(expected: ValueState, found: ValueState): boolean {
  if (expected.kind === 'single' || found.kind === 'single') {
    return expected.kind === 'single' && found.kind === 'single' && expected.value === found.value;
  }
  const present = addressSet(found.present);
  return (
    expected.present.every((value) => present.has(normaliseProxyAddress(value))) &&
    expected.absent.every((value) => !present.has(normaliseProxyAddress(value))) &&
    samePrimary(expected.primary, found.primary)
  );
}

function samePrimary(expected: string | null, found: string | null): boolean {
  if (expected === null || found === null) return expected === found;
  return normaliseProxyAddress(expected) === normaliseProxyAddress(found);
}

const addressSet = (values: readonly string[]): Set<string> => new Set(values.map(normaliseProxyAddress));
