import type { AuditObject } from '../audit-object.ts';
import { ClaimTable } from '../claim-table.ts';
import {
  type Claims,
  type FirstHolder,
  type IdFixAttribute,
  type UniqueAttribute,
  uniqueAttributes,
} from './failure.ts';
import type { OrdinalSet } from './ordinal-set.ts';

/**
 * The claims of the first reading, hashed. It notes which values are claimed more than once and which objects claimed them
 * first: these objects are needed again. A false answer of the table only makes the second reading look at an object more.
 */
export class HashedClaims implements Claims {
  readonly #claimed = new ClaimTable();
  readonly #repeated = new ClaimTable();
  readonly #wanted: OrdinalSet;
  #ordinal = 0;

  constructor(wanted: OrdinalSet) {
    this.#wanted = wanted;
  }

  /** What follows is claimed by this object. */
  reading(ordinal: number): void {
    this.#ordinal = ordinal;
  }

  claim(attribute: UniqueAttribute, value: string): boolean {
    const space = spaceOf(attribute);
    const folded = fold(value);
    return this.#keep(space, folded, this.#claimed.claim(space, folded, this.#ordinal));
  }

  holderOf(attribute: IdFixAttribute, value: string): null {
    const space = spaceOf(attribute);
    const folded = fold(value);
    this.#keep(space, folded, this.#claimed.find(space, folded));
    return null;
  }

  /** @param folded as `fold` returns it */
  isRepeated(space: number, folded: string): boolean {
    return this.#repeated.find(space, folded) >= 0;
  }

  #keep(space: number, folded: string, first: number): boolean {
    if (first < 0) return false;
    this.#repeated.claim(space, folded, 0);
    this.#wanted.add(first);
    return true;
  }
}

/** The claims of the second reading, exact: of the values that were claimed more than once, with their first holders. */
export class NamedClaims implements Claims {
  readonly #holders = uniqueAttributes.map(() => new Map<string, FirstHolder>());
  readonly #hashed: HashedClaims;
  #object: FirstHolder = {};

  constructor(hashed: HashedClaims) {
    this.#hashed = hashed;
  }

  /** What follows is claimed by this object. */
  reading({ cn, distinguishedName }: AuditObject): void {
    this.#object = {
      ...(cn === undefined ? {} : { cn }),
      ...(distinguishedName === undefined ? {} : { distinguishedName }),
    };
  }

  claim(attribute: UniqueAttribute, value: string): boolean {
    const space = spaceOf(attribute);
    const folded = fold(value);
    const holders = this.#holders[space];
    if (holders === undefined || !this.#hashed.isRepeated(space, folded)) return false;
    if (holders.has(folded)) return true;
    holders.set(folded, this.#object);
    return false;
  }

  holderOf(attribute: IdFixAttribute, value: string): FirstHolder | null {
    return this.#holders[spaceOf(attribute)]?.get(fold(value)) ?? null;
  }
}

const spaceOf = (attribute: IdFixAttribute): number =>
  (uniqueAttributes as readonly IdFixAttribute[]).indexOf(attribute);

/**
 * Equal are the texts that .NET's invariant culture calls equal, ignoring case: composed or not, and whatever invisible
 * characters they hold. It has further equalities (kinds of space, ligatures, final sigma), which are left out.
 */
function fold(value: string): string {
  if (!beyondPlain.test(value)) return value.toLowerCase();
  return value.normalize('NFC').replace(ignorable, '').toLowerCase();
}

const beyondPlain = /[^\t-\r -~]/;
const ignorable = /[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\t-\r\x85]]/gv;
