import type { AuditObject } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { comparedAs } from '../claim-table.ts';
import { eachClaim, type Space, spaces } from '../claims.ts';
import { type WantedObject, withWanted } from './wanted.ts';

/** A value that an object holds or would hold, in the form in which it is compared. */
export interface ValueClaim {
  readonly space: Space;
  readonly value: string;
  readonly attribute: string;
  /** As the attribute has it. */
  readonly stored: string;
}

/** What a fact that could not be had would have said, and what would supply it. */
export interface Unknown {
  readonly what: string;
  readonly because: string;
  readonly remedy: string;
}

/** Each once. */
export const distinctUnknowns = (unknowns: readonly Unknown[]): Unknown[] => [
  ...new Map(unknowns.map((unknown) => [JSON.stringify(unknown), unknown])).values(),
];

/** What was found of a wanted object itself. */
export type Self =
  | {
      readonly state: 'new';
      /** Who has the distinguished name that it is to have. */
      readonly occupant: AuditObject | null;
    }
  | {
      readonly state: 'found';
      readonly masteredIn: 'active-directory' | 'entra';
      /** The object that is to be changed. */
      readonly now: AuditObject;
      /** All that is one with it: joined objects, its twin on the other side. */
      readonly others: readonly AuditObject[];
      /** Entra knows it by its source anchor; null: that could not be found out. */
      readonly synchronised: boolean | null;
    }
  /** Not one object is there, or several. */
  | { readonly state: 'not one'; readonly message: string }
  | { readonly state: 'unread' };

export const claimKey = ({ space, value }: Pick<ValueClaim, 'space' | 'value'>): string => `${space} ${value}`;

export function claimsOf(object: AuditObject, settings: AuditSettings): ValueClaim[] {
  const claims: ValueClaim[] = [];
  eachClaim(object, settings, (space, text, from, attribute, stored) => {
    claims.push({ space, value: comparedAs(text, from), attribute, stored });
  });
  return claims;
}

/** A wanted object as it would stand among the others. */
export interface Standing {
  /** In Entra an object of its own is looked at as if it were new: nothing there has accepted it yet. */
  readonly object: AuditObject;
  /** All that it would hold, on both sides. */
  readonly claims: readonly ValueClaim[];
  /** What it does not hold yet. */
  readonly fresh: readonly ValueClaim[];
  /** Compared forms of what it would hold no more. */
  readonly released: ReadonlySet<string>;
  /** False: it may take over an object of Entra at its first synchronisation. */
  readonly matchesNothing: boolean;
}

export function standingOf(wanted: WantedObject, self: Self, settings: AuditSettings): Standing {
  if (self.state !== 'found') {
    const claims = claimsOf(wanted.values, settings);
    const isNewInActiveDirectory = self.state === 'new' && wanted.createIn === 'active-directory';
    return {
      object: wanted.values,
      claims,
      fresh: claims,
      released: new Set(),
      matchesNothing: !isNewInActiveDirectory,
    };
  }
  const { origin, ...rest } = withWanted(self.now, wanted);
  const object: AuditObject = self.masteredIn === 'entra' || origin === undefined ? rest : { ...rest, origin };
  const own = claimsOf(object, settings);
  const kept = new Set(own.map(claimKey));
  const before = claimsOf(self.now, settings);
  const released = new Set(before.map(claimKey).filter((key) => !kept.has(key)));
  const elsewhere = self.others.flatMap((other) => claimsOf(other, settings));
  const held = new Set([...before, ...elsewhere].map(claimKey));
  return {
    object,
    claims: [...own, ...elsewhere.filter((claim) => !kept.has(claimKey(claim)) && !released.has(claimKey(claim)))],
    fresh: own.filter((claim) => !held.has(claimKey(claim))),
    released,
    matchesNothing: self.masteredIn === 'entra' || self.synchronised !== false,
  };
}

/** One look into the directories. */
export interface Question {
  readonly key: string;
  /** An address, with its prefix when it is not SMTP; an alias; an account name. */
  readonly text: string;
  /** `alias` and `accountName` are asked of Active Directory alone: Entra makes its own unique. */
  readonly kind: 'address' | 'alias' | 'accountName';
}

export function questionOf({ space, value }: Pick<ValueClaim, 'space' | 'value'>): Question | null {
  const key = claimKey({ space, value });
  switch (space) {
    case spaces.address:
    case spaces.otherAddress:
      return { key, text: value, kind: 'address' };
    case spaces.sip:
      return { key, text: `sip:${value}`, kind: 'address' };
    case spaces.mailNickname:
      return { key, text: value, kind: 'alias' };
    case spaces.heldAccountName:
      return { key, text: value, kind: 'accountName' };
    default:
      return null;
  }
}
