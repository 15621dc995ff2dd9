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
  /** Sets it; throws {@link ControlValueError} when the value is not one it takes. */
  write(value: unknown): void | Promise<void>;
}

/** A value that a control does not take; the message names what it takes. */
export class ControlValueError extends Error {}
