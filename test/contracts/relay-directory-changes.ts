import type { ValueState } from '../../src/domain/change.ts';
import type { DirectoryChange } from '../../src/relay-contract.ts';

const forest = 'contoso.com';

export const single = (value: string | null): ValueState => ({ kind: 'single', value });

export const multiple = (present: string[], absent: string[], primary: string | null = null): ValueState => ({
  kind: 'multiple',
  present,
  absent,
  primary,
});

/** Replaces the one value of an attribute. */
export function set(objectGuid: string, attribute: string, from: string | null, to: string): DirectoryChange {
  const [before, after] = [single(from), single(to)];
  return { forest, objectGuid, attribute, operation: 'replace', values: [to], before, after };
}

export const rename = (objectGuid: string, from: string | null, to: string): DirectoryChange =>
  set(objectGuid, 'userPrincipalName', from, to);

/** Takes one address away. */
export function drop(objectGuid: string, value: string, primary: string | null = null): DirectoryChange {
  const [before, after] = [multiple([value], [], primary), multiple([], [value], primary)];
  return { forest, objectGuid, attribute: 'proxyAddresses', operation: 'delete', values: [value], before, after };
}

/** Adds one address. */
export function put(objectGuid: string, value: string, primary: string | null = null): DirectoryChange {
  const [before, after] = [multiple([], [value], primary), multiple([value], [], primary)];
  return { forest, objectGuid, attribute: 'proxyAddresses', operation: 'add', values: [value], before, after };
}
