import type { AuditSettings } from './audit-settings.ts';
import { type Space, spaces } from './claims.ts';
import type { Finding, Holder, Severity } from './finding.ts';
import {
  duplicateAddress,
  duplicateMailNickname,
  duplicateSamAccountName,
  duplicateSecurityIdentifier,
  duplicateSipAddress,
  duplicateSourceAnchor,
  type GroupRule,
  joinedDuplicate,
} from './group-rules.ts';
import { compareMembers, type Input, isInEntra, kindOf, type Member } from './member.ts';
import { type Joined, partiesOf } from './placing.ts';
import { type SoftMatch, softMatchesAmong, softMatchFinding } from './soft-match.ts';

/** The spaces in which a value that several objects hold is a finding. */
export type SharedSpace = Exclude<Space, typeof spaces.heldAccountName>;

interface GroupHolder {
  readonly member: Member;
  readonly inputs: Input[];
}

/** A value and every object that claims it. */
interface Group {
  readonly space: SharedSpace;
  readonly value: string;
  readonly holders: GroupHolder[];
}

/** Collects who holds which shared value, and says at the end what that means. */
export class Duplicates {
  readonly #groups = new Map<string, Group>();

  /** Members come one after another: all claims of one, then all of the next. */
  add(member: Member, space: SharedSpace, value: string, input: Input): void {
    const key = `${space} ${value}`;
    const group = this.#groups.get(key) ?? { space, value, holders: [] };
    this.#groups.set(key, group);
    const last = group.holders.at(-1);
    if (last?.member === member) last.inputs.push(input);
    else group.holders.push({ member, inputs: [input] });
  }

  /** The same findings in the same order, in whatever order the objects were read. */
  findings(settings: AuditSettings, joined: Joined | undefined): Finding[] {
    // Different values can share a hash, and then stand alone here.
    const groups = [...this.#groups].filter(([, { holders }]) => holders.length > 1).map(([, group]) => group);
    this.#groups.clear();
    groups.sort((left, right) => left.space - right.space || (left.value < right.value ? -1 : 1));
    for (const { holders } of groups) holders.sort((left, right) => compareMembers(left.member, right.member));
    const matches = softMatchesAmong(groups.filter(({ space }) => space === spaces.address));
    return [
      ...groups.flatMap((group) => findingOf(group, matches, settings, joined) ?? []),
      ...[...matches.values()].map(softMatchFinding),
    ];
  }
}

const ruleOf: Readonly<Record<SharedSpace, GroupRule>> = {
  [spaces.address]: duplicateAddress,
  [spaces.otherAddress]: duplicateAddress,
  [spaces.sip]: duplicateSipAddress,
  [spaces.mailNickname]: duplicateMailNickname,
  [spaces.sAMAccountName]: duplicateSamAccountName,
  [spaces.sourceAnchor]: duplicateSourceAnchor,
  [spaces.securityIdentifier]: duplicateSecurityIdentifier,
};

function findingOf(
  group: Group,
  matches: ReadonlyMap<Member, SoftMatch>,
  settings: AuditSettings,
  joined: Joined | undefined,
): Finding | null {
  const placed = placedHolders(group, matches, settings, joined);
  const parties = placed.filter((holder) => holder.placed === undefined);
  const unproven = placed.filter((holder) => holder.isUnproven);
  if (parties.length + Math.min(unproven.length, parties.length) > 1) return conflict(group, placed, parties, unproven);
  const isWorthSaying = placed.filter(({ isTwin, isMatched }) => !isTwin && !isMatched).length > 1;
  return isWorthSaying ? joinedFinding(group, placed) : null;
}

interface PlacedHolder extends GroupHolder {
  /** Why it takes no part; undefined: it does. */
  readonly placed?: string;
  /** Soft-deleted: nobody says for certain whether Entra still counts its addresses. */
  readonly isUnproven?: boolean;
  /** An Entra object of the party of an Active Directory object. */
  readonly isTwin?: boolean;
  readonly isMatched?: boolean;
}

function placedHolders(
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

function conflict(
  group: Group,
  placed: readonly PlacedHolder[],
  parties: readonly PlacedHolder[],
  unproven: readonly PlacedHolder[],
): Finding {
  const rule = ruleOf[group.space];
  const { severity, remedy, addition } = weightOf(group.space, parties);
  const named = [...parties, ...(parties.length > 1 ? [] : unproven)].map(({ member }) => member);
  return {
    rule: rule.code,
    severity,
    ...headOf(parties),
    message: `${whatIsShared[group.space](group.value)} belongs to ${listed(named)}${addition}.`,
    remedy,
    holders: holdersOf(placed, parties),
  };
}

function joinedFinding(group: Group, placed: readonly PlacedHolder[]): Finding {
  const parties = placed.filter((holder) => holder.placed === undefined);
  return {
    rule: joinedDuplicate.code,
    severity: joinedDuplicate.severity,
    ...headOf(parties.length > 0 ? parties : placed),
    message: `${whatIsShared[group.space](group.value)} stands at ${listed(placed.map(({ member }) => member))}, but at most one of them brings it to Entra.`,
    remedy: 'Nothing, as long as the joins and the scope are as intended.',
    holders: holdersOf(placed, parties),
  };
}

const whatIsShared: Readonly<Record<SharedSpace, (value: string) => string>> = {
  [spaces.address]: (value) => `The address ${value}`,
  [spaces.otherAddress]: (value) => `The address ${value}`,
  [spaces.sip]: (value) => `The SIP address ${value}`,
  [spaces.mailNickname]: (value) => `The alias ${value}`,
  [spaces.sAMAccountName]: (value) => `The account name ${value}`,
  [spaces.sourceAnchor]: (value) => `The source anchor ${value}`,
  [spaces.securityIdentifier]: (value) => `The security identifier ${value}`,
};

interface Weight {
  readonly severity: Severity;
  readonly remedy: string;
  /** What the message says beyond who holds the value. */
  readonly addition: string;
}

function weightOf(space: SharedSpace, parties: readonly PlacedHolder[]): Weight {
  const usual: Weight = {
    severity: ruleOf[space].severity,
    remedy: remedies[space],
    addition: '',
  };
  const kinds = parties.map(({ member }) => kindOf(member));
  if (parties.length === 1) {
    return { ...usual, severity: 'warning', addition: '; it is not known whether the deleted one still counts' };
  }
  if (kinds.every((kind) => kind !== null && kind !== 'synchronised')) {
    return { ...usual, severity: 'warning', addition: '; they exist side by side in Entra already' };
  }
  // "Troubleshooting common issues with B2B collaboration": the guest loses, and no error is reported. Read 2026-11-22.
  const others = parties.filter((_, index) => kinds[index] !== 'guest');
  return others.length === 1 && others.every(({ member }) => member.reference.objectType === 'contact')
    ? {
        severity: 'warning',
        remedy: 'Take the contact out of scope, or accept it; neither rename nor delete the guest.',
        addition: '; Entra takes it from the guest without a word, who can then no longer redeem by one-time passcode',
      }
    : usual;
}

const atSource = 'in the directory where the object is mastered; then let a synchronisation run';
const remedies: Readonly<Record<SharedSpace, string>> = {
  [spaces.address]: `Decide who keeps the address, and remove every input of it from the others, ${atSource}.`,
  [spaces.otherAddress]: `Decide who keeps the address, and remove it from the others, ${atSource}.`,
  [spaces.sip]: `Decide who keeps the SIP address, and remove it from the others, ${atSource}.`,
  [spaces.mailNickname]: `Give all but one another alias, with the tools of Exchange, ${atSource}.`,
  [spaces.sAMAccountName]: 'Give each user a valid userPrincipalName.',
  [spaces.sourceAnchor]:
    'Find out which object the cloud object belongs to. Take the other out of scope before its mS-DS-ConsistencyGuid is changed: an anchor cannot change after it was exported.',
  [spaces.securityIdentifier]:
    'Find out whether one was made anew from the other: then its source anchor has to become that of the cloud object, which a person must do.',
};

function headOf(parties: readonly PlacedHolder[]): Pick<Finding, 'object' | 'attribute' | 'value'> {
  const [{ member, inputs }] = parties as [PlacedHolder];
  const [{ attribute, value }] = inputs as [Input];
  return { object: member.reference, attribute, value };
}

/** The object of the finding first, then who takes part, then the rest. */
function holdersOf(placed: readonly PlacedHolder[], parties: readonly PlacedHolder[]): Holder[] {
  return [...parties, ...placed.filter((holder) => !parties.includes(holder))].map((holder) => ({
    object: holder.member.reference,
    inputs: holder.inputs,
    ...(holder.placed === undefined ? {} : { placed: holder.placed }),
  }));
}

const namedAtMost = 5;

function listed(members: readonly Member[]): string {
  const names = members.slice(0, namedAtMost).map(({ reference }) => reference.name);
  const more = members.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
