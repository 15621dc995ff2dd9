import { domainOfDn } from '../../domain/name-apart.ts';
import type { AuditObject } from '../audit-object.ts';
import type { ObjectReference } from '../finding.ts';

/** Somebody else who holds a value, or wants it in the same request. */
export interface PreflightHolder {
  readonly name: string;
  readonly objectType: ObjectReference['objectType'];
  /** `this request`: it asks for the same value. */
  readonly side: 'active-directory' | 'entra' | 'this request';
  /** Of an object of Entra. */
  readonly kind?: 'cloud-only' | 'guest' | 'synchronised' | 'soft-deleted';
  /** Entra object id, objectGUID, or the key in this request. */
  readonly id: string;
  readonly distinguishedName?: string;
  readonly forest?: string;
  readonly inputs: readonly { readonly attribute: string; readonly value: string }[];
  /** Why it takes no part in the conflict. Absent: it does. */
  readonly placed?: string;
}

/** @param key of an object of this request; null: it exists */
export function holderOf(
  object: ObjectReference,
  key: string | null,
  inputs: PreflightHolder['inputs'],
  placed: string | undefined,
): PreflightHolder {
  const { name, objectType, origin, objectGUID, distinguishedName } = object;
  const common = { name, objectType, inputs, ...(placed === undefined ? {} : { placed }) };
  const dn = distinguishedName === undefined ? {} : { distinguishedName };
  if (key !== null) return { ...common, side: 'this request', id: key, ...dn };
  if (origin?.side === 'entra') return { ...common, side: 'entra', kind: origin.kind, id: origin.id };
  return {
    ...common,
    side: 'active-directory',
    id: objectGUID ?? '',
    ...dn,
    ...(origin === undefined ? {} : { forest: origin.forest }),
  };
}

/** `Anna Berg (guest in Entra)`. */
export function nameOfHolder({ name, side, kind, objectType, id, distinguishedName, forest }: PreflightHolder): string {
  if (side === 'this request') return `${name} (${id} of this request)`;
  if (side === 'entra') return `${name} (${kind === 'synchronised' ? `synchronised ${objectType}` : kind} in Entra)`;
  return `${name} (${objectType} in ${(distinguishedName && domainOfDn(distinguishedName)) || forest || 'Active Directory'})`;
}

const namedAtMost = 5;

export function listed(holders: readonly PreflightHolder[]): string {
  const names = holders.slice(0, namedAtMost).map(nameOfHolder);
  const more = holders.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** An object that exists, whichever side it is on. */
export const identityOf = ({ origin, objectGUID, distinguishedName }: AuditObject): string =>
  origin?.side === 'entra' ? origin.id.toLowerCase() : (objectGUID ?? distinguishedName ?? '').toLowerCase();
