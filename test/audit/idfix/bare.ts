import type { IdFixRow } from '../../../src/audit/idfix/run.ts';

/** A row as the vectors have it: without what else identifies the object. */
export function bare({ dn: _dn, objectClass: _class, ...row }: IdFixRow): Omit<IdFixRow, 'dn' | 'objectClass'> {
  return row;
}
