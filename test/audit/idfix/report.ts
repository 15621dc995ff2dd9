import type { AuditObject } from '../../../src/audit/audit-object.ts';
import { type IdFixRow, idFixRows } from '../../../src/audit/idfix/run.ts';
import type { IdFixMode } from '../../../src/audit/idfix/scope.ts';
import { readAuditObject } from '../../../src/audit/read-object.ts';

export type Given = Readonly<Record<string, unknown>>;

/** A record that neither mode finds fault with. */
export const user = (cn: string, given: Given = {}): Given => ({
  objectClass: 'user',
  cn,
  displayName: cn,
  mail: `${cn}@contoso.com`,
  homeMDB: 'CN=db',
  ...given,
});

/** In dedicated mode a contact must have a mailNickname and a targetAddress. */
export const contact = (cn: string, given: Given = {}): Given => ({
  objectClass: 'contact',
  cn,
  displayName: cn,
  mail: `${cn}@contoso.com`,
  mailNickName: cn,
  targetAddress: `smtp:${cn}@contoso.com`,
  ...given,
});

export const group = (cn: string, given: Given = {}): Given => ({
  objectClass: 'group',
  cn,
  displayName: cn,
  mail: `${cn}@contoso.com`,
  proxyAddresses: [`SMTP:${cn}@contoso.com`],
  ...given,
});

export const read = (objects: readonly Given[]): readonly AuditObject[] =>
  objects.map((object) => readAuditObject(object).object);

export const rowsOf = (mode: IdFixMode, ...objects: readonly Given[]): readonly IdFixRow[] =>
  idFixRows(read(objects), { mode }).rows;

/** `cn attr: error -> action update`, a companion marked with a plus sign. */
export const report = (mode: IdFixMode, ...objects: readonly Given[]): readonly string[] =>
  rowsOf(mode, ...objects).map(
    ({ cn, attr, error, action, update, companion }) =>
      `${companion ? '+' : ''}${cn} ${attr}: ${error} -> ${action} ${update}`,
  );
