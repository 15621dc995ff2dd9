import type { Case } from '../../src/domain/case.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import { changedAttributes, type Snapshot, type Values } from './snapshot.ts';

/** A law that does not hold, in words. */
export class LawBroken extends Error {}

function demand(holds: boolean, law: string): asserts holds {
  if (!holds) throw new LawBroken(law);
}

/** Every `before` was true when the plan was proposed. */
export function beforesAreTrue({ changes, title }: Fix, at: Snapshot): void {
  // A claim is written after the release: what is true before it is what the release leaves.
  for (const change of changes.filter(({ stage }) => stage === 'release')) {
    const values = masterValues(change, at);
    demand(
      isState(change.before, values),
      `"${title}": before of ${nameOf(change)} is untrue: ${JSON.stringify({ before: change.before, values })}`,
    );
  }
}

function isState(state: Change['before'], values: readonly string[]): boolean {
  if (state.kind === 'single') return values.length <= 1 && (values[0] ?? null) === state.value;
  const primary = values.find((value) => value.startsWith('SMTP:')) ?? null;
  return (
    state.present.every((value) => values.includes(value)) &&
    state.absent.every((value) => !values.includes(value)) &&
    primary === state.primary
  );
}

function masterValues(change: Change, at: Snapshot): readonly string[] {
  const object =
    change.target === 'entra' ? at.cloud.get(change.objectId)?.values : at.activeDirectory.get(change.objectId);
  return object?.[change.attribute] ?? [];
}

const nameOf = ({ attribute, objectName }: Change): string => `${attribute} of ${objectName}`;

/** No error remains that the fix was for. */
export function isResolved(subject: Case, after: Snapshot): void {
  demand(subject.state === 'Resolved', `the fix was carried out, and the case is ${subject.state}: ${subject.message}`);
  const { cloudId } = subject.identities;
  const left = [...after.errors].filter(
    (error) => error.startsWith(`${cloudId}|`) && error.endsWith(`|${(subject.error.value ?? '').toLowerCase()}`),
  );
  const own = left.filter((error) =>
    error.includes(subject.error.attribute === 'userPrincipalName' ? '|UserPrincipalName|' : '|ProxyAddress|'),
  );
  demand(own.length === 0, `the case is Resolved, and Entra still has ${own.join()}`);
}

/** At the masters, the named attributes have their `after`, and nothing else has changed. */
export function onlyThePlanChanged({ changes, title }: Fix, before: Snapshot, after: Snapshot): void {
  const planned = new Map<string, Values>();
  for (const change of changes.filter(({ target }) => target === 'active-directory')) {
    const values = planned.get(change.objectId) ?? before.activeDirectory.get(change.objectId) ?? {};
    planned.set(change.objectId, written(values, change));
  }
  for (const guid of new Set([...before.activeDirectory.keys(), ...after.activeDirectory.keys()])) {
    const expected = planned.get(guid) ?? before.activeDirectory.get(guid);
    const found = after.activeDirectory.get(guid);
    const different = changedAttributes(expected, found);
    demand(
      different.length === 0,
      `"${title}": ${different} of ${found?.['distinguishedName']} in Active Directory: ${JSON.stringify(different.map((name) => ({ expected: expected?.[name], found: found?.[name] })))}`,
    );
  }
  for (const change of changes.filter(({ target }) => target === 'entra')) {
    const values = masterValues(change, after);
    demand(isState(change.after, values), `"${title}": ${nameOf(change)} is ${values}`);
  }
}

function written(values: Values, { attribute, after, before }: Change): Values {
  const old = values[attribute] ?? [];
  if (after.kind === 'single') {
    const { [attribute]: _, ...others } = values;
    return after.value === null ? others : { ...others, [attribute]: [after.value] };
  }
  const gone = [...after.absent, ...(before.kind === 'multiple' ? before.present : [])];
  const kept = old.filter((value) => !gone.includes(value));
  const { [attribute]: _, ...others } = values;
  const next = [...new Set([...kept, ...after.present])].sort();
  return next.length === 0 ? others : { ...others, [attribute]: next };
}

/** Every value that changed in Entra by itself was predicted, by object and attribute. */
export function derivedWasPredicted({ changes, derived, title }: Fix, before: Snapshot, after: Snapshot): void {
  const said = new Set([
    ...changes.map(({ objectId, attribute }) => `${objectId}|${attribute}`),
    ...derived.map(({ objectId, attribute }) => `${objectId}|${attribute}`),
  ]);
  for (const id of new Set([...before.cloud.keys(), ...after.cloud.keys()])) {
    const [old, now] = [before.cloud.get(id)?.values, after.cloud.get(id)?.values];
    const unsaid = changedAttributes(old, now).filter((attribute) => !said.has(`${id}|${attribute}`));
    demand(
      unsaid.length === 0,
      `"${title}" did not predict ${unsaid} of ${now?.['displayName'] ?? old?.['displayName']}: ${JSON.stringify(unsaid.map((name) => ({ before: old?.[name], after: now?.[name] })))}`,
    );
  }
}

/** One write that a stand-in has accepted. */
export interface AcceptedWrite {
  readonly objectId: string;
  readonly attribute: string;
}

/** The worker died after its writes and did them again: each change was written once all the same. */
export function writtenOnce({ changes, title }: Fix, writes: readonly AcceptedWrite[]): void {
  const count = (list: readonly AcceptedWrite[]): string =>
    list
      .map(({ objectId, attribute }) => `${objectId.toLowerCase()} ${attribute}`)
      .sort()
      .join(', ');
  demand(count(writes) === count(changes), `"${title}" has ${count(changes)}; written was ${count(writes)}`);
}

/** No fix creates an error. */
export function noNewError({ title }: Fix, before: Snapshot, after: Snapshot): void {
  const fresh = [...after.errors].filter((error) => !before.errors.has(error));
  demand(fresh.length === 0, `"${title}" created ${fresh.join(', ')}`);
}

/** Undo restores the masters. What Entra has calculated meanwhile may stay. */
export function mastersAreRestored({ title, changes }: Fix, before: Snapshot, after: Snapshot): void {
  for (const [guid, values] of before.activeDirectory) {
    const different = changedAttributes(values, after.activeDirectory.get(guid));
    demand(
      different.length === 0,
      `the undo of "${title}" left ${different} of ${values['distinguishedName']} changed`,
    );
  }
  for (const change of changes.filter(({ target }) => target === 'entra')) {
    demand(
      isState(change.before, masterValues(change, after)),
      `the undo of "${title}" did not restore ${nameOf(change)}`,
    );
  }
}
