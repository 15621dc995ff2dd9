import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import { sourceAnchorOf } from './claims.ts';
import { type ObjectReference, referenceOf } from './finding.ts';
import { outOfScope } from './out-of-scope.ts';

/** An object that shares a value with others: what has to be known of it until the groups are complete. */
export interface Member {
  readonly ordinal: number;
  /** Its facts for placing alone. */
  readonly object: AuditObject;
  readonly reference: ObjectReference;
  readonly sourceAnchor: string | null;
  readonly outOfScope: string | null;
  /** Some object of the other side has the same source anchor or SID: it is synchronised already. */
  readonly hasTwin: boolean;
}

export interface Input {
  readonly attribute: string;
  readonly value: string;
}

export function memberOf(ordinal: number, object: AuditObject, hasTwin: boolean, settings: AuditSettings): Member {
  const sourceAnchor = sourceAnchorOf(object);
  return {
    ordinal,
    object: placingFacts(object, settings),
    reference: referenceOf(object, sourceAnchor),
    sourceAnchor,
    outOfScope: outOfScope(object, settings),
    hasTwin,
  };
}

/** What placing and soft match look at, and nothing else: there may be many. */
function placingFacts(object: AuditObject, { matchOption }: AuditSettings): AuditObject {
  const facts: Partial<Record<keyof AuditObject, unknown>> = {
    objectClass: [],
    proxyAddresses: object.proxyAddresses.filter((value) => value.startsWith('SMTP:')),
  };
  for (const name of looked) if (object[name] !== undefined) facts[name] = object[name];
  if (matchOption.by === 'attribute') {
    const { attribute } = matchOption;
    const own = (object as unknown as Readonly<Record<string, unknown>>)[attribute];
    const matched = typeof own === 'string' ? [own] : object.others?.[attribute];
    if (matched !== undefined) facts.others = { [attribute]: matched };
  }
  return facts as AuditObject;
}

const looked = [
  'origin',
  'objectGUID',
  'displayName',
  'givenName',
  'sn',
  'employeeID',
  'mail',
  'mailNickname',
  'sAMAccountName',
  'objectSid',
  'msExchMasterAccountSid',
] as const;

export const isInEntra = ({ object: { origin } }: Member): boolean => origin?.side === 'entra';

export const forestOf = ({ object: { origin } }: Member): string | null =>
  origin?.side === 'active-directory' ? origin.forest.toLowerCase() : null;

export function kindOf({
  object: { origin },
}: Member): 'cloud-only' | 'guest' | 'synchronised' | 'soft-deleted' | null {
  return origin?.side === 'entra' ? origin.kind : null;
}

/** An order that does not depend on that in which objects were read: Active Directory first, then by name and identity. */
export function compareMembers(left: Member, right: Member): number {
  if (isInEntra(left) !== isInEntra(right)) return isInEntra(left) ? 1 : -1;
  const [one, other] = [sortKey(left), sortKey(right)];
  return one < other ? -1 : one > other ? 1 : left.ordinal - right.ordinal;
}

const sortKey = ({ reference, object: { origin } }: Member): string =>
  [
    reference.name.toLowerCase(),
    reference.distinguishedName?.toLowerCase() ?? '',
    reference.objectGUID ?? '',
    origin?.side === 'entra' ? origin.id : (origin?.forest ?? ''),
  ].join('\n');
