import type { Finding } from './finding.ts';
import { wouldSoftMatch } from './group-rules.ts';
import { type Input, isInEntra, type Member } from './member.ts';

/** An address and everybody who holds it. */
export interface AddressHolders {
  readonly value: string;
  readonly holders: readonly { readonly member: Member; readonly inputs: readonly Input[] }[];
}

/** A new object that Entra would take for an existing one. */
export interface SoftMatch {
  readonly incoming: Member;
  readonly target: Member;
  readonly by: 'primary SMTP address' | 'userPrincipalName';
  readonly incomingInput: Input;
  readonly targetInputs: readonly Input[];
}

/**
 * Entra compares an object that it does not know by source anchor with those that have none: first its primary SMTP
 * address, then, of users and only when that found nothing, its UPN. Each object matches once.
 *
 * Source: "When you have an existing tenant" (07/01/2026), KB 3164442; groups and contacts match by address alone. Read
 * 2026-11-22. Which addresses of the cloud object count is not documented: here its primary, its mail and its UPN.
 */
export function softMatchesAmong(groups: Iterable<AddressHolders>): Map<Member, SoftMatch> {
  const matches = new Map<Member, SoftMatch>();
  for (const { holders } of groups) {
    const target = holders.find(({ member, inputs }) => canBeMatched(member) && inputs.some(isOwnName));
    if (target === undefined) continue;
    for (const { member, inputs } of holders) {
      const match = isNew(member) ? matchBy(member, inputs) : null;
      if (match === null) continue;
      const known = matches.get(member);
      if (known !== undefined && (known.by === 'primary SMTP address' || match.by === 'userPrincipalName')) continue;
      matches.set(member, { incoming: member, target: target.member, targetInputs: target.inputs, ...match });
    }
  }
  return matches;
}

const isNew = (member: Member): boolean =>
  !isInEntra(member) && !member.hasTwin && member.outOfScope === null && member.reference.objectType !== 'other';

const canBeMatched = ({ object: { origin } }: Member): boolean =>
  origin?.side === 'entra' && origin.kind === 'cloud-only' && !origin.onPremisesImmutableId;

const isOwnName = ({ attribute, value }: Input): boolean =>
  attribute === 'userPrincipalName' || attribute === 'mail' || value.startsWith('SMTP:');

function matchBy(member: Member, inputs: readonly Input[]): Pick<SoftMatch, 'by' | 'incomingInput'> | null {
  const hasPrimary = member.object.proxyAddresses.length > 0;
  const primary = inputs.find(({ attribute, value }) =>
    attribute === 'proxyAddresses' ? value.startsWith('SMTP:') : attribute === 'mail' && !hasPrimary,
  );
  if (primary !== undefined) return { by: 'primary SMTP address', incomingInput: primary };
  const name = inputs.find(({ attribute }) => attribute === 'userPrincipalName');
  return name !== undefined && member.reference.objectType === 'user'
    ? { by: 'userPrincipalName', incomingInput: name }
    : null;
}

export function softMatchFinding(match: SoftMatch): Finding {
  const { incoming, target, incomingInput, targetInputs, by } = match;
  const obstacle = obstacleTo(match);
  const head = `The ${by} of ${incoming.reference.name} is that of ${target.reference.name}, which exists in Entra only`;
  return {
    rule: wouldSoftMatch.code,
    severity: obstacle === null ? 'warning' : 'error',
    object: incoming.reference,
    attribute: incomingInput.attribute,
    value: incomingInput.value,
    message:
      obstacle === null
        ? `${head}: at its first synchronisation it takes that object over, with all its values and its password.`
        : `${head}, and ${obstacle.message}.`,
    remedy:
      obstacle?.remedy ??
      'Make sure that both belong to the same person before it is synchronised; if not, change the address of one.',
    holders: [
      { object: incoming.reference, inputs: [incomingInput] },
      { object: target.reference, inputs: targetInputs, placed: `would be soft-matched by ${incoming.reference.name}` },
    ],
  };
}

function obstacleTo({ incoming, target }: SoftMatch): { message: string; remedy: string } | null {
  const { origin } = target.object;
  if (incoming.reference.objectType !== target.reference.objectType) {
    return {
      message: `a ${incoming.reference.objectType} cannot take over a ${target.reference.objectType} (ObjectTypeMismatch)`,
      remedy: 'Remove the address from the object that should not have it, in the directory where that is mastered.',
    };
  }
  if (origin?.side === 'entra' && origin.privileged === true) {
    return {
      message: 'that account holds a directory role, so that Entra blocks the match and makes a second object',
      remedy: 'Keep privileged accounts cloud-only with an address of their own, and do not synchronise this one.',
    };
  }
  const difference = differenceOf(incoming, target);
  return difference === null
    ? null
    : {
        message: `they look like different people: ${difference}; the one would take over the account of the other`,
        remedy: 'Change the address of one of the two before this object is synchronised.',
      };
}

/** As `src/domain/same-party.ts` weighs it, of the facts that an audit has. */
function differenceOf({ object: one }: Member, { object: other }: Member): string | null {
  if (one.employeeID && other.employeeID) {
    return one.employeeID === other.employeeID ? null : `employeeIDs ${one.employeeID} and ${other.employeeID}`;
  }
  const names = [fullName(one), fullName(other)] as const;
  return names[0] !== null && names[1] !== null && names[0].toLowerCase() !== names[1].toLowerCase()
    ? `${names[0]} and ${names[1]}`
    : null;
}

const fullName = ({ givenName, sn }: Member['object']): string | null =>
  givenName && sn ? `${givenName.trim()} ${sn.trim()}` : null;
