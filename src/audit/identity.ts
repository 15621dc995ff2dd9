import type { AuditObject } from './audit-object.ts';

/**
 * The same for an object however often it is read: its id in Entra, its objectGUID, or, in an export without that, its name
 * within the forest. @returns null when it has none of these
 */
export function identityOf({ origin, objectGUID, distinguishedName }: AuditObject): string | null {
  if (origin?.side === 'entra') return `entra ${origin.id.toLowerCase()}`;
  if (objectGUID !== undefined) return objectGUID.toLowerCase();
  if (distinguishedName === undefined) return null;
  return `${origin?.forest ?? ''} ${distinguishedName.toLowerCase().replace(/,\s+/g, ',')}`;
}
