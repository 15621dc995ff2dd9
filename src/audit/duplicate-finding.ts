import { spaces } from './claims.ts';
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
import { type Input, kindOf } from './member.ts';
import { type Group, type GroupHolder, isParty, type PlacedHolder, type SharedSpace } from './placed-holders.ts';

/** Values that the same objects hold and that are no conflict. */
export interface JoinedGroup {
  readonly first: Group;
  readonly holders: readonly PlacedHolder[];
  values: number;
}

export function conflict(group: Group, placed: readonly PlacedHolder[]): Finding {
  const parties = placed.filter(isParty);
  const others = parties.length > 1 ? [] : placed.filter((holder) => holder.isUnproven);
  const { severity, remedy, addition } = weightOf(group.space, parties);
  return {
    rule: ruleOf[group.space].code,
    severity,
    ...headOf(parties),
    message: `${whatIsShared[group.space](group.value)} belongs to ${listed([...parties, ...others])}${addition}.`,
    remedy,
    holders: holdersOf(placed, parties),
  };
}

export function joinedFinding({ first, holders, values }: JoinedGroup): Finding {
  const parties = holders.filter(isParty);
  const shown = whatIsShared[first.space](first.value);
  const subject =
    values === 1 ? `${shown} stands` : `${shown} and ${values - 1} more ${values === 2 ? 'value' : 'values'} stand`;
  return {
    rule: joinedDuplicate.code,
    severity: joinedDuplicate.severity,
    ...headOf(parties.length > 0 ? parties : holders),
    message: `${subject} at ${listed(holders)}, but at most one of them brings ${values === 1 ? 'it' : 'them'} to Entra.`,
    remedy: 'Nothing, as long as the joins and the scope are as intended.',
    holders: holdersOf(holders, parties),
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

function listed(holders: readonly GroupHolder[]): string {
  const names = holders.slice(0, namedAtMost).map(({ member }) => member.reference.name);
  const more = holders.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
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
