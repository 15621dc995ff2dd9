import { signedInLately } from './activity.ts';
import type { Verdict } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { immutableIdOf } from './immutable-id.ts';
import type { Party } from './party.ts';
import { isResource, recipientOf } from './recipient.ts';

export interface PartyVerdict {
  readonly verdict: Verdict;
  /** Every fact that spoke for or against, in plain words. */
  readonly facts: string[];
  /** Identity facts that were not to be had. */
  readonly unknowns: string[];
}

/**
 * One person or two? `SamePerson`: a strong fact for and none against. `DifferentParties`: a strong fact against, none
 * for, and at most one medium fact for. Everything else is `Undecided`.
 */
export function judgeSameParty(subject: Party, other: Party, evidence: Evidence): PartyVerdict {
  const strongFor = strongFactsFor(subject, other, evidence);
  const strongAgainst = strongFactsAgainst(subject, other, evidence);
  const medium = mediumFactsFor(subject, other);
  const unknowns = unprovenEmployeeIds(subject, other, evidence);
  return {
    verdict: decide(strongFor.length + unknowns.length, strongAgainst.length, medium.length, strongFor.length > 0),
    facts: [
      ...strongFor.map((fact) => `same: ${fact}`),
      ...strongAgainst.map((fact) => `different: ${fact}`),
      ...medium.map((fact) => `perhaps the same: ${fact}`),
    ],
    unknowns,
  };
}

/** One verdict over every other party: a single same person decides, then a single undecided one. */
export function judgeAll(subject: Party, others: readonly Party[], evidence: Evidence): PartyVerdict {
  const verdicts = others.map((other) => ({ other, ...judgeSameParty(subject, other, evidence) }));
  const has = (verdict: Verdict): boolean => verdicts.some((judged) => judged.verdict === verdict);
  return {
    verdict: has('SamePerson') ? 'SamePerson' : has('Undecided') ? 'Undecided' : 'DifferentParties',
    facts: verdicts.flatMap(({ other, facts }) => facts.map((fact) => `${subject.name} and ${other.name}: ${fact}`)),
    unknowns: verdicts.flatMap(({ unknowns }) => unknowns),
  };
}

/** @param possible strong facts for, those that are known and those that may yet turn out true */
function decide(possible: number, against: number, medium: number, isProven: boolean): Verdict {
  if (isProven && against === 0) return 'SamePerson';
  return against > 0 && possible === 0 && medium <= 1 ? 'DifferentParties' : 'Undecided';
}

function strongFactsFor(left: Party, right: Party, evidence: Evidence): string[] {
  const facts: string[] = [];
  if (shares(anchors(left), anchors(right)))
    facts.push('the immutableId of one is the objectGUID or mS-DS-ConsistencyGuid of the other');
  if (shares(securityIdentifiers(left), securityIdentifiers(right))) facts.push('the same SID, now or in sIDHistory');
  if (shares(mailboxGuids(left), mailboxGuids(right))) facts.push('the same Exchange mailbox GUID');
  if (shares(masterAccounts(left), ownSids(right)) || shares(masterAccounts(right), ownSids(left))) {
    facts.push('the account of one is the master account of the linked mailbox of the other (msExchMasterAccountSid)');
  }
  const employeeId = commonEmployeeId(left, right);
  if (employeeId !== undefined && isUnique(employeeId, [left, right], evidence) === 'yes') {
    facts.push(`the same employeeId ${employeeId}, which nobody else has`);
  }
  return facts;
}

function strongFactsAgainst(left: Party, right: Party, evidence: Evidence): string[] {
  const facts: string[] = [];
  const ids = [employeeIds(left), employeeIds(right)] as const;
  if (ids[0].length > 0 && ids[1].length > 0 && !shares(...ids)) {
    facts.push(`different employeeIds (${ids[0].join(', ')} and ${ids[1].join(', ')})`);
  }
  if (signedInLately(left, evidence) === 'yes' && signedInLately(right, evidence) === 'yes') {
    facts.push('both signed in within the last 30 days');
  }
  if (areIndependentTypes(left, right, evidence))
    facts.push(`${kindOf(left, evidence)} and ${kindOf(right, evidence)} receive mail independently`);
  return facts;
}

function mediumFactsFor(left: Party, right: Party): string[] {
  const facts: string[] = [];
  if (shares(fullNames(left), fullNames(right))) facts.push('the same given name and surname');
  if (shares(accountNames(left), accountNames(right))) facts.push('the same sAMAccountName');
  if (shares(workplaces(left), workplaces(right))) facts.push('the same manager and department');
  if (shares(phones(left), phones(right))) facts.push('the same telephone number');
  return facts;
}

/** A person and a group are never one; a contact may be the shadow of a person of another forest. */
function areIndependentTypes(left: Party, right: Party, evidence: Evidence): boolean {
  if (left.objectType !== right.objectType) return left.objectType === 'group' || right.objectType === 'group';
  const areKnown = recipientOf(left, evidence) !== 'unknown' && recipientOf(right, evidence) !== 'unknown';
  return left.objectType === 'user' && areKnown && isResource(left, evidence) !== isResource(right, evidence);
}

function kindOf(party: Party, evidence: Evidence): string {
  const recipient = recipientOf(party, evidence);
  return `${party.name} (${recipient === 'unknown' || recipient === 'none' ? party.objectType : recipient})`;
}

function unprovenEmployeeIds(left: Party, right: Party, evidence: Evidence): string[] {
  const employeeId = commonEmployeeId(left, right);
  if (employeeId === undefined || isUnique(employeeId, [left, right], evidence) !== 'unknown') return [];
  const counts = evidence.employeeIdCounts[employeeId];
  const why = counts?.state === 'unknown' ? `${counts.because}; ${counts.remedy}` : 'it was not counted';
  return [`whether the employeeId ${employeeId} of both is unique: ${why}`];
}

/** Both parties carry it; it is unique when no further object does. */
function isUnique(employeeId: string, parties: readonly Party[], evidence: Evidence): 'yes' | 'no' | 'unknown' {
  const counts = evidence.employeeIdCounts[employeeId];
  if (counts?.state !== 'known') return 'unknown';
  const inCloud = parties.filter(({ cloud }) => cloud?.employeeId === employeeId).length;
  const onPremises = parties.flatMap((party) => party.onPremises).filter((ad) => ad.employeeId === employeeId).length;
  return counts.value.cloud <= inCloud && counts.value.onPremises <= onPremises ? 'yes' : 'no';
}

const commonEmployeeId = (left: Party, right: Party): string | undefined =>
  employeeIds(left).find((id) => employeeIds(right).includes(id));

const anchors = ({ cloud, onPremises }: Party): string[] =>
  present([
    cloud?.onPremisesImmutableId,
    ...onPremises.flatMap((ad) => [immutableIdOf(ad.objectGuid) ?? undefined, ad.consistencyGuid]),
  ]);
const ownSids = ({ cloud, onPremises }: Party): string[] =>
  present([cloud?.onPremisesSecurityIdentifier, ...onPremises.map((ad) => ad.objectSid)]);
const securityIdentifiers = (party: Party): string[] => [
  ...ownSids(party),
  ...party.onPremises.flatMap((ad) => ad.sidHistory),
];
const mailboxGuids = ({ onPremises }: Party): string[] => present(onPremises.map((ad) => ad.msExchMailboxGuid));
const masterAccounts = ({ onPremises }: Party): string[] =>
  present(onPremises.map((ad) => ad.msExchMasterAccountSid)).filter((sid) => sid !== selfSid);
/** Exchange writes SELF as the master account of shared and resource mailboxes. */
const selfSid = 'S-1-5-10';
const employeeIds = ({ cloud, onPremises }: Party): string[] =>
  [...new Set(present([cloud?.employeeId, ...onPremises.map((ad) => ad.employeeId)]).map((id) => id.trim()))].filter(
    (id) => id !== '',
  );
const fullNames = (party: Party): string[] =>
  present(sides(party).map(({ givenName, surname }) => pair(givenName, surname)));
const accountNames = ({ cloud, onPremises }: Party): string[] =>
  present([cloud?.onPremisesSamAccountName, ...onPremises.map((ad) => ad.sAMAccountName)]).map(folded);
const workplaces = ({ cloud, onPremises }: Party): string[] =>
  present([pair(cloud?.managerId, cloud?.department), ...onPremises.map((ad) => pair(ad.manager, ad.department))]);
const phones = (party: Party): string[] =>
  sides(party)
    .flatMap((side) => side.phones.map((phone) => phone.replace(/\D/g, '')))
    .filter((digits) => digits.length >= 6);

const sides = ({ cloud, onPremises }: Party) => (cloud === null ? [...onPremises] : [cloud, ...onPremises]);
const folded = (text: string): string => text.trim().toLowerCase();
const pair = (left: string | undefined, right: string | undefined): string | undefined =>
  left && right ? `${folded(left)}\n${folded(right)}` : undefined;
const present = (values: readonly (string | undefined)[]): string[] =>
  values.filter((value): value is string => value !== undefined && value !== '');
const shares = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((value) => right.includes(value));
