import type { Moment } from '../clock.ts';
import { ControlValueError } from '../control/control.ts';
import { type Faults, noFaults } from './environment.ts';
import { attributeSchema } from './schema.ts';

/** A value that arrives at an object by replication. */
export interface ReplicatedValue {
  readonly object: string;
  readonly attribute: string;
  readonly values: readonly string[];
}

/** Rights on some attributes of everything below a container. */
export interface Delegation {
  readonly account: string;
  readonly base: string;
  readonly attributes: readonly string[];
}

export function readSeconds(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new ControlValueError('takes a number of seconds, 0 or more');
  return value;
}

/** What is left out is switched off. */
export function readFaults(value: unknown): Faults {
  const given = readRecord(value);
  for (const [name, fault] of Object.entries(given)) {
    const takesCount = typeof noFaults[name as keyof Faults] === 'number';
    const fits = takesCount ? Number.isInteger(fault) && Number(fault) >= 0 : isTexts(fault);
    if (!(name in noFaults) || !fits) {
      const form = takesCount ? 'a count' : 'a list of names';
      throw new ControlValueError(`takes ${Object.keys(noFaults).join(', ')}; ${name} takes ${form}`);
    }
  }
  return { ...noFaults, ...given };
}

export function readDates(value: unknown): [string, Moment][] {
  return Object.entries(readRecord(value)).map(([key, date]) => {
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(at)) throw new ControlValueError(`takes ISO dates; ${key} has ${JSON.stringify(date)}`);
    return [key, at];
  });
}

export function readUpdates(value: unknown): ReplicatedValue[] {
  if (!Array.isArray(value)) throw new ControlValueError('takes a list');
  return value.map((item) => {
    const { object, attribute, values } = readRecord(item);
    const schema = typeof attribute === 'string' ? attributeSchema(attribute) : undefined;
    const isText = schema?.syntax === 'text' && !schema.system;
    if (typeof object !== 'string' || !isText || !isTexts(values)) {
      throw new ControlValueError('takes items of {object, attribute (of text syntax), values (a list of texts)}');
    }
    return { object, attribute: schema.name, values };
  });
}

export function readDelegations(value: unknown): Delegation[] {
  if (!Array.isArray(value)) throw new ControlValueError('takes a list');
  return value.map((item) => {
    const { account, base, attributes } = readRecord(item);
    const known = isTexts(attributes) && attributes.every((name) => attributeSchema(name));
    if (typeof account !== 'string' || typeof base !== 'string' || !known) {
      throw new ControlValueError('takes items of {account, base, attributes (names of the schema)}');
    }
    return { account, base, attributes };
  });
}

function readRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlValueError('takes an object');
  return value as Record<string, unknown>;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
