import type { AuditObject } from '../../audit/audit-object.ts';

/** Attributes whose absence some rule minds. */
const minded = ['objectGUID', 'userPrincipalName', 'sAMAccountName', 'displayName', 'mail', 'mailNickname'] as const;

/** Where so many objects lack an attribute that can be absent, and none has it, it was left out of the export. */
const enough = 20;

/** Tells an attribute that was not exported, which is no fault of any object, from one that an object lacks. */
export class ExportedAttributes {
  #objects = 0;
  readonly #unseen = new Set<string>(minded);
  readonly #passedOver = new Set<string>();

  /** Of the first reading. What Graph shows of Entra says nothing of an export of Active Directory. */
  see(object: AuditObject): void {
    if (object.origin?.side === 'entra') return;
    this.#objects++;
    for (const attribute of this.#unseen) if (hasValue(object, attribute)) this.#unseen.delete(attribute);
  }

  /** Of the second reading: whether an object that lacks the attribute may be blamed for it. */
  canMiss(attribute: string): boolean {
    // Every object of a directory has an objectGUID.
    const isExported = !this.#unseen.has(attribute) || (attribute !== 'objectGUID' && this.#objects < enough);
    if (!isExported) this.#passedOver.add(attribute);
    return isExported;
  }

  notices(): string[] {
    return [...this.#passedOver].map(
      (attribute) => `No object of the input has ${attribute}; what rests on it cannot be audited.`,
    );
  }
}

function hasValue(object: AuditObject, attribute: string): boolean {
  if (attribute === 'objectGUID' && object['mS-DS-ConsistencyGuid'] !== undefined) return true;
  return object[attribute as (typeof minded)[number]] !== undefined;
}
