import { authorityOf } from './authority.ts';
import type { Evidence } from './evidence.ts';
import { type Input, inputsOf } from './inputs.ts';
import { isCurrentUserPrincipalName } from './keeper-rows.ts';
import type { Party } from './party.ts';
import { neverRemoved, protectionsOf, unknownProtections } from './protected.ts';
import { bareAddress } from './proxy-address.ts';
import { isExchangeRecipient, mayHaveMailbox } from './recipient.ts';

/**
 * Why no change may take the sought value from a party, so that only a person can; empty: a change may.
 * @param inputs what has to go, see `inputsToRelease`
 */
export function obstaclesToRelease(party: Party, inputs: readonly Input[], evidence: Evidence): string[] {
  const { value } = evidence.sought;
  // A sign-in name routes no mail: only addresses are bound to the initial domain or a targetAddress.
  const takesAddress = inputs.some(({ attribute }) => attribute !== 'userPrincipalName');
  const never = takesAddress ? neverRemoved(value, party.onPremises) : null;
  return [
    ...protectionsOf(party, evidence).map((reason) => `${party.name} is protected: ${reason}`),
    ...unknownProtections(party, evidence),
    ...(party.cloud?.deletedDateTime === undefined ? [] : [`${party.name} is soft-deleted`]),
    ...(never === null ? [] : [never]),
    ...matchObstacles(party, evidence),
    ...aliasObstacles(party, evidence),
    ...inputs.flatMap((input) => inputObstacles(input, party, evidence)),
    ...directoryObstacles(party, inputs, evidence),
  ];
}

/**
 * What a party must give up so that it no longer yields the value.
 * A holder gives it up in every form. The subject drops its claim: the conflicting attribute, and for an address also what
 * else its address is calculated from; the sign-in name is among that only where there may be a mailbox (KB3190357).
 */
export function inputsToRelease(party: Party, evidence: Evidence): Input[] {
  const needed = inputsOf(party, evidence).filter(({ side, flow }) => side === 'entra' || flow !== 'none');
  if (party.role === 'holder') return needed;
  if (evidence.sought.attribute === 'userPrincipalName') {
    return needed.filter(({ attribute }) => attribute === 'userPrincipalName');
  }
  return mayHaveMailbox(party, evidence) ? needed : needed.filter(({ attribute }) => attribute !== 'userPrincipalName');
}

/** An object that Entra does not know yet is matched when it arrives; on which address, the documentation leaves open. */
function matchObstacles(party: Party, evidence: Evidence): string[] {
  if (party.cloud !== null) return [];
  if (party.role === 'subject' && !anyoneCouldMatch(evidence)) return [];
  if (evidence.foreseen === true && isHeldByNobodyInEntra(evidence)) return [];
  return [
    `${party.name} is not in Entra yet: on its next export it could be matched with an existing cloud object, which cannot be predicted`,
  ];
}

const anyoneCouldMatch = (evidence: Evidence): boolean =>
  evidence.cloudHolders.state !== 'known' ||
  evidence.cloudHolders.value.some((cloud) => cloud.onPremisesImmutableId === undefined);

const isHeldByNobodyInEntra = ({ cloudHolders, subject }: Evidence): boolean =>
  cloudHolders.state === 'known' &&
  cloudHolders.value.length === 0 &&
  subject.cloud.state === 'known' &&
  subject.cloud.value === null;

/** A changed UPN of a mailbox user may stay behind as an alias (KB3190357), so that the address is not released. */
function aliasObstacles(party: Party, evidence: Evidence): string[] {
  if (!isCurrentUserPrincipalName(party, evidence) || !mayHaveMailbox(party, evidence)) return [];
  return [
    `the value is the sign-in name of ${party.name}, which has a mailbox: the old name would stay as an alias and still hold the value`,
  ];
}

function inputObstacles(input: Input, party: Party, evidence: Evidence): string[] {
  const where = `${input.attribute} of ${party.name}`;
  if (input.attribute === 'mailNickname')
    return [`the value comes from mailNickname of ${party.name}, which is never changed`];
  if (input.side === 'active-directory') return flowObstacles(input, where);
  if (input.flow === 'calculated') {
    return (input.behind ?? []).length > 0
      ? []
      : [
          `${where} is calculated from Active Directory, but no attribute there yields it any more: a residue, or an export that is still to come`,
        ];
  }
  return ownValueObstacles(input, where, party, evidence);
}

function flowObstacles({ flow, rule, attribute }: Input, where: string): string[] {
  if (flow === 'direct' || flow === 'foreseen') return [];
  if (flow === 'expression')
    return [`${where} goes through the expression of the synchronisation rule "${rule ?? attribute}"`];
  return [`which synchronisation rule takes ${where} to Entra is not known: the lineage could not be read`];
}

function ownValueObstacles(input: Input, where: string, party: Party, evidence: Evidence): string[] {
  const authority = authorityOf(party, input.attribute, evidence);
  switch (authority.kind) {
    case 'exchange-online':
      return [`${where} is mastered in Exchange Online, which Graph cannot write`];
    case 'other-tenant':
      return [`${party.name} is a guest: its values come from another tenant`];
    case 'unknown':
      return [`who owns ${where} is not known: ${authority.because}`];
    case 'active-directory':
      return [];
    case 'entra':
      if (input.attribute !== 'userPrincipalName') return [`a write of ${where} in Graph does not release the address`];
      if (evidence.sought.attribute !== 'userPrincipalName')
        return [`the value is the UPN of ${party.name}: changing it does not release an address`];
      return party.objectType === 'user' ? [] : [`${where} cannot be written`];
  }
}

/** Raw LDAP on Exchange recipients, several AD objects behind one party, and objects that could not be read. */
function directoryObstacles(party: Party, inputs: readonly Input[], evidence: Evidence): string[] {
  const own = inputs.filter(({ side }) => side === 'active-directory');
  const obstacles: string[] = [];
  if (new Set(own.map(({ objectId }) => objectId)).size > 1) {
    obstacles.push(
      `several Active Directory objects of ${party.name} yield the value: changing one lets the next take its place`,
    );
  }
  const addresses = own.filter(({ attribute }) => attribute !== 'userPrincipalName');
  if (addresses.length > 0 && isExchangeRecipient(party))
    obstacles.push(...exchangeObstacles(party, addresses, evidence));
  const isAlternateId =
    evidence.sought.attribute === 'userPrincipalName' &&
    party.role === 'subject' &&
    !own.some(({ attribute }) => attribute === 'userPrincipalName');
  if (isAlternateId) {
    obstacles.push(
      `${bareAddress(evidence.sought.value)} does not come from userPrincipalName of ${party.name} in Active Directory (alternate login id?)`,
    );
  }
  return obstacles;
}

/** Why LDAP may not change these addresses of an Exchange recipient. */
export function exchangeObstacles(
  party: Party,
  addresses: readonly Pick<Input, 'attribute' | 'primary'>[],
  evidence: Evidence,
): string[] {
  const obstacles: string[] = [];
  if (!evidence.policy.allowDirectExchangeWrites) {
    obstacles.push(`${party.name} is an Exchange recipient, and the policy allowDirectExchangeWrites is off`);
  }
  if (addresses.some(({ primary, attribute }) => primary || attribute === 'mail')) {
    obstacles.push(
      `the value is the primary address of ${party.name}, an Exchange recipient: only Exchange's own cmdlets change that`,
    );
  }
  if (party.onPremises.some((ad) => !ad.emailAddressPolicyOff)) {
    obstacles.push(`an email address policy applies to ${party.name} and may put the address back`);
  }
  return obstacles;
}
