import type { AuditObject } from '../../src/audit/audit-object.ts';
import type { Directory } from '../../src/relay/ldap/directory.ts';
import { objectLines } from '../../src/relay/object-lines.ts';
import { type ObjectsCheckpoint, type ObjectsControlLine, objectsControlLine } from '../../src/relay-contract.ts';
import type { RelaySubject } from './relay-directory-subject.ts';

type End = Extract<ObjectsControlLine, { end: unknown }>['end'];

export interface Lines {
  readonly header: unknown;
  readonly objects: readonly AuditObject[];
  readonly deleted: readonly unknown[];
  readonly problems: readonly unknown[];
  readonly checkpoints: readonly ObjectsCheckpoint[];
  /** How many objects came before each checkpoint. */
  readonly told: readonly number[];
  readonly interrupted: string | undefined;
  readonly end: End | undefined;
}

/** Everything that one request is answered, each line held to the contract. */
export async function readLines(
  relay: RelaySubject,
  from: ObjectsCheckpoint | null,
  further: string[] = [],
  directory: Directory = relay.directory,
  narrowest?: bigint,
): Promise<Lines> {
  const domain = directory.forest('contoso.com')?.domains[0];
  if (domain === undefined) throw new Error('contoso.com has no domain');
  const request = { forest: 'contoso.com', domain: 'contoso.com', from, further };
  let text = '';
  for await (const piece of objectLines(domain, request, () => undefined, narrowest)) text += piece;
  return sorted(text.split('\n').filter((line) => line !== ''));
}

export function sorted(lines: readonly string[]): Lines {
  const objects: AuditObject[] = [];
  const control: ObjectsControlLine[] = [];
  const told: number[] = [];
  for (const line of lines) {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'object' in value) objects.push(value.object as AuditObject);
    else control.push(objectsControlLine.parse(value));
    if (line.startsWith('{"checkpoint"')) told.push(objects.length);
  }
  return {
    header: control.flatMap((line) => ('header' in line ? [line.header] : []))[0],
    objects,
    told,
    deleted: control.flatMap((line) => ('deleted' in line ? [line.deleted] : [])),
    problems: control.flatMap((line) => ('problem' in line ? [line.problem] : [])),
    checkpoints: control.flatMap((line) => ('checkpoint' in line ? [line.checkpoint] : [])),
    interrupted: control.flatMap((line) => ('interrupted' in line ? [line.interrupted.message] : []))[0],
    end: control.flatMap((line) => ('end' in line ? [line.end] : []))[0],
  };
}

/** Sorted common names of those below a container. */
export const objectsOf = (objects: readonly AuditObject[], container: string): (string | undefined)[] =>
  objects
    .filter(({ distinguishedName }) => distinguishedName?.endsWith(`,${container}`))
    .map(({ cn }) => cn)
    .sort();
