import type { Moment } from '../clock.ts';
import type { ChangeOperation } from './ldap-message.ts';

/** One write that a controller accepted from a client, changed anything or not. */
export interface WriteRecord {
  readonly at: Moment;
  /** Host name of the controller that accepted it. */
  readonly controller: string;
  readonly operation: 'add' | 'modify' | 'modifyDn' | 'delete';
  /** The DN before the write (of an add: the new one). */
  readonly dn: string;
  /** Dashed form. */
  readonly objectGuid: string;
  readonly changes: readonly WrittenChange[];
  /** DN of the account that wrote. */
  readonly by: string;
}

export interface WrittenChange {
  readonly operation: ChangeOperation;
  /** In schema casing. */
  readonly attribute: string;
  /** Text as sent; octets as hex digits. */
  readonly values: readonly string[];
}
