import type { AuditSettings } from './audit-settings.ts';
import type { Space, spaces } from './claims.ts';
import { type Input, isInEntra, kindOf, type Member } from './member.ts';
import { type Joined, partiesOf } from './placing.ts';
import type { SoftMatch } from './soft-match.ts';

/** The spaces in which a value that several objects hold is a finding. */
export type SharedSpace = Exclude<Space, typeof spaces.heldAccountName>;

export interface GroupHolder {
  readonly member: Member;
  readonly inputs: Input[];
}

/** A value and every object that claims it. */
export interface Group {
  readonly space: SharedSpace;
  readonly value: string;
  readonly holders: GroupHolder[];
}

export interface PlacedHolder extends GroupHolder {
  /** Why it takes no part; undefined: it does. */
  readonly placed?: string;
  /** Soft-deleted: nobody says for certain whether Entra still counts its addresses. */
  readonly isUnproven?: boolean;
  /** An Entra object of the party of an Active Directory object. */
  readonly isTwin?: boolean;
  readonly isMatched?: boolean;
}

/** Says of each holder whether it takes part in a conflict, and if not, why. */
export function placedHolders(
  { holders }: Group,
  matches: ReadonlyMap<Member, SoftMatch>,
  settings: AuditSettings,
  joined: Joined | undefined,
): PlacedHolder[] {
  const members = holders.map(({ member }) => member);
  const inScope = members.filter(({ outOfScope }) => outOfScope === null);
  const parties = partiesOf(inScope, settings, joined);
  const firstOf = new Map(inScope.map((member, index) => [member, inScope[parties[index] as number] as Member]));
  const matchers = new Map(
    members.flatMap((member) => {
      const match = matches.get(member);
      return match === undefined ? [] : [[match.target, member] as const];
    }),
  );
  return holders.map((holder) => {
    const { member } = holder;
    if (member.outOfScope !== null) return { ...holder, placed: `out of scope: ${member.outOfScope}` };
    const first = firstOf.get(member) ?? member;
    if (first !== member) {
      return {
        ...holder,
        placed: `joined to ${first.reference.name}`,
        isTwin: isInEntra(member) && !isInEntra(first),
      };
    }
    const matcher = matchers.get(member);
    if (matcher !== undefined) {
      return { ...holder, placed: `would be soft-matched by ${matcher.reference.name}`, isMatched: true };
    }
    return kindOf(member) === 'soft-deleted'
      ? { ...holder, placed: 'soft-deleted: whether Entra still counts its values is not known', isUnproven: true }
      : holder;
  });
}

/** Less than two parties that are left are no conflict; an object and its own twins in Entra are not even worth a word. */
export function verdictOn(placed: readonly PlacedHolder[]): 'conflict' | 'joined' | 'nothing' {
  const parties = placed.filter(isParty).length;
  const unproven = placed.filter((holder) => holder.isUnproven).length;
  if (parties > 1 || (parties === 1 && unproven > 0)) return 'conflict';
  return placed.filter(({ isTwin, isMatched }) => !isTwin && !isMatched).length > 1 ? 'joined' : 'nothing';
}

export const isParty = ({ placed }: PlacedHolder): boolean => placed === undefined;
