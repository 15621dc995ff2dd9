/**
 * One thing that a person or a test may set in the local stack because a tenant cannot show it through Graph or LDAP:
 * a tenant switch, a mailbox, a fault. Every stand-in lists its own; the control endpoint shows and sets them all by name.
 */
export interface Control {
  /** Unique, dotted, camelCase: `<stand-in>.<what>`, such as `ad.replicationDelaySeconds`. */
  readonly name: string;
  /** One sentence: what it does, its values, its default. */
  readonly meaning: string;
  /** The present value, as JSON. */
  read(): unknown;
  /** Judges a value and answers what sets it, or throws {@link ControlValueError}; nothing is set before that is called. */
  prepare(value: unknown): () => void | Promise<void>;
  /** Both in one. */
  write(value: unknown): void | Promise<void>;
}

/** How a control is defined. */
export interface ControlDefinition<Accepted> extends Pick<Control, 'name' | 'meaning' | 'read'> {
  /** What is to be set; throws {@link ControlValueError} when the value is not one that the control takes. Sets nothing. */
  accept(value: unknown): Accepted;
  set(accepted: Accepted): void | Promise<void>;
}

export function control<Accepted>({ accept, set, ...shown }: ControlDefinition<Accepted>): Control {
  const prepare = (value: unknown): (() => void | Promise<void>) => {
    const accepted = accept(value);
    return () => set(accepted);
  };
  return { ...shown, prepare, write: (value) => prepare(value)() };
}

/** A value that a control does not take; the message names what it takes. */
export class ControlValueError extends Error {}

/** For `accept`: one of `values`, or an error that says `takes`. */
export function oneOf<const Value extends string>(value: unknown, values: readonly Value[], takes: string): Value {
  const found = values.find((known) => known === value);
  if (found === undefined) throw new ControlValueError(takes);
  return found;
}

/** For `accept`: true or false, or an error that says `takes`. */
export function trueOrFalse(value: unknown, takes: string): boolean {
  if (typeof value !== 'boolean') throw new ControlValueError(takes);
  return value;
}
