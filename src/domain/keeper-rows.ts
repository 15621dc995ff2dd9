import { type Answer, either, loggedOnLately, signedInLately } from './activity.ts';
import { factsOf } from './authority.ts';
import type { ScoreRow } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { inputsOf } from './inputs.ts';
import type { Party } from './party.ts';
import { bareAddress, domainOf, localPartOf, primarySmtp } from './proxy-address.ts';
import { hasOnPremisesMailbox, isResource, receivesInCloud, recipientOf } from './recipient.ts';
import { daysBetween, isWithinDays } from './time.ts';

/** What a row of the keeper table looks at. */
export interface Scored {
  readonly party: Party;
  readonly rivals: readonly Party[];
  readonly evidence: Evidence;
}

interface Row {
  readonly rule: string;
  readonly points: number;
  readonly source: string;
  /** What is missing when `judge` answers unknown, with what would supply it. */
  readonly missing: string;
  judge(scored: Scored): Answer;
}

const signInRemedy = 'the last sign-in needs AuditLog.Read.All and Entra ID P1; none on record is not never';

const receivesMail: Row = {
  rule: 'receives mail for the value today',
  points: 40,
  source: 'recipient type and calculated or on-premises addresses',
  missing: 'the recipient type needs the Exchange Online reader',
  judge: ({ party, evidence }) => {
    const inputs = inputsOf(party, evidence).filter(({ attribute }) => attribute !== 'userPrincipalName');
    const onPremises = inputs.some(({ side }) => side === 'active-directory');
    const inCloud = inputs.some(({ side }) => side === 'entra');
    if (hasOnPremisesMailbox(party)) return onPremises || inCloud ? 'yes' : 'no';
    if (!inCloud || isSoftDeleted(party)) return 'no';
    const kind = recipientOf(party, evidence);
    if (kind === 'unknown') return 'unknown';
    return receivesInCloud(kind) ? 'yes' : 'no';
  },
};

const isPrimary: Row = {
  rule: 'the value is its primary SMTP address at the master',
  points: 25,
  source: 'proxyAddresses and mail where they are mastered',
  missing: 'the Active Directory object needs the relay',
  judge: ({ party, evidence }) => {
    if (party.cloud?.onPremisesSyncEnabled === true && party.onPremises.length === 0) return 'unknown';
    const masters = party.onPremises.length > 0 ? party.onPremises : party.cloud === null ? [] : [party.cloud];
    return yesNo(masters.some((master) => primaryAddress(master) === bareAddress(evidence.sought.value)));
  },
};

const signsInWithIt: Row = {
  rule: 'signs in with the value now',
  points: 40,
  source: 'userPrincipalName and signInActivity',
  missing: signInRemedy,
  judge: ({ party, evidence }) => {
    if (!isCurrentUserPrincipalName(party, evidence)) return 'no';
    const signIn = factsOf(party, evidence)?.lastSignIn;
    return signIn?.state === 'known' && signIn.value !== null ? 'yes' : 'unknown';
  },
};

const logsOnWithIt: Row = {
  rule: 'its Active Directory UPN is the value, and it logged on within 30 days',
  points: 20,
  source: 'userPrincipalName and lastLogonTimestamp',
  missing: 'lastLogonTimestamp lags up to 14 days; the Active Directory object needs the relay',
  judge: ({ party, evidence }) => {
    const address = bareAddress(evidence.sought.value);
    const named = party.onPremises.some((ad) => ad.userPrincipalName?.toLowerCase() === address);
    return named ? loggedOnLately(party, evidence) : 'no';
  },
};

const mailIsIt: Row = {
  rule: 'its mail is the value',
  points: 15,
  source: 'mail, in Entra or Active Directory',
  missing: '',
  judge: ({ party, evidence }) => yesNo(inputsOf(party, evidence).some(({ attribute }) => attribute === 'mail')),
};

const currentSignInName: Row = {
  rule: 'the value is its current UPN and it signed in within 30 days',
  points: 25,
  source: 'userPrincipalName and signInActivity',
  missing: signInRemedy,
  judge: ({ party, evidence }) =>
    isCurrentUserPrincipalName(party, evidence) ? signedInLately(party, evidence) : 'no',
};

const heldItFirst: Row = {
  rule: 'held the value at least 30 days before the others',
  points: 15,
  source: 'replication metadata of the attribute, else the creation date',
  missing: 'neither replication metadata nor a creation date could be read',
  judge: ({ party, rivals, evidence }) => {
    const own = heldSince(party, evidence);
    const theirs = rivals.map((rival) => heldSince(rival, evidence));
    if (own === undefined || theirs.includes(undefined)) return 'unknown';
    return yesNo(theirs.every((since) => since !== undefined && daysBetween(own, since) >= 30));
  },
};

const namedAfterIt: Row = {
  rule: "the part before @ derives from its own name or alias, and not from another's",
  points: 10,
  source: 'names and aliases',
  missing: '',
  judge: ({ party, rivals, evidence }) => {
    const local = letters(localPartOf(bareAddress(evidence.sought.value)));
    return yesNo(derivesFrom(local, party) && !rivals.some((rival) => derivesFrom(local, rival)));
  },
};

const isActive: Row = {
  rule: 'a person active within 30 days',
  points: 10,
  source: 'recipient type, signInActivity and lastLogonTimestamp',
  missing: `the recipient type, or a sign-in: ${signInRemedy}`,
  judge: ({ party, evidence }) => {
    if (party.objectType !== 'user' || isResource(party, evidence)) return 'no';
    const active = either(signedInLately(party, evidence), loggedOnLately(party, evidence));
    // A shared mailbox is not scored, and an unknown recipient could be one.
    return active === 'yes' && recipientOf(party, evidence) === 'unknown' ? 'unknown' : active;
  },
};

const hasLeft: Row = {
  rule: 'a leaver: an account disabled for more than 30 days, not of a shared, room or equipment mailbox',
  points: -30,
  source: 'accountEnabled and the date of its change',
  missing: 'whether and since when the account is disabled, or what recipient it is',
  judge: ({ party, evidence }) => {
    if (party.objectType !== 'user' || isResource(party, evidence)) return 'no';
    const enabled = party.onPremises.map((ad) => ad.accountEnabled ?? undefined);
    if (party.onPremises.length === 0) enabled.push(party.cloud?.accountEnabled);
    if (enabled.includes(true)) return 'no';
    if (enabled.includes(undefined) || recipientOf(party, evidence) === 'unknown') return 'unknown';
    const disabled = party.onPremises.flatMap((ad) => ad.whenDisabled ?? []);
    if (disabled.length === 0) return 'unknown';
    return yesNo(disabled.every((moment) => !isWithinDays(moment, 30, evidence.gatheredAt)));
  },
};

const isOutsider: Row = {
  rule: 'a guest or contact, though the domain is one of the tenant',
  points: -20,
  source: 'object type and verified domains',
  missing: 'the verified domains need Domain.Read.All',
  judge: ({ party, evidence }) => {
    if (party.objectType !== 'contact' && party.cloud?.userType !== 'Guest') return 'no';
    const { verifiedDomains } = evidence.tenant;
    if (verifiedDomains.state !== 'known') return 'unknown';
    const domain = domainOf(bareAddress(evidence.sought.value));
    return yesNo(verifiedDomains.value.some(({ name }) => name.toLowerCase() === domain));
  },
};

const isUnused: Row = {
  rule: 'no mailbox, never signed in, unlicensed and younger than 7 days',
  points: -15,
  source: 'recipient type, signInActivity, licences and creation date',
  missing: `recipient type, licence or creation date; ${signInRemedy}`,
  judge: ({ party, evidence }) => {
    const { cloud } = party;
    if (cloud === null || cloud.objectType !== 'user' || cloud.licensed === true) return 'no';
    if (cloud.createdDateTime !== undefined && !isWithinDays(cloud.createdDateTime, 7, evidence.gatheredAt))
      return 'no';
    const kind = recipientOf(party, evidence);
    if (kind !== 'unknown' && kind !== 'none') return 'no';
    const signIn = factsOf(party, evidence)?.lastSignIn;
    return signIn?.state === 'known' && signIn.value !== null ? 'no' : 'unknown';
  },
};

const common: readonly Row[] = [currentSignInName, heldItFirst, namedAfterIt, isActive, hasLeft, isOutsider, isUnused];

/** The keeper table, as docs/keeper.md explains it; one variant an attribute. */
export const keeperTable: Readonly<Record<'userPrincipalName' | 'proxyAddresses', readonly Row[]>> = {
  proxyAddresses: [receivesMail, isPrimary, ...common],
  userPrincipalName: [signsInWithIt, logsOnWithIt, mailIsIt, ...common],
};

/** One row for one party; an unknown fact gives no points now, and the range that it could give. */
export function scoreRow(row: Row, scored: Scored): ScoreRow {
  const answer = row.judge(scored);
  const points = answer === 'yes' ? row.points : 0;
  const range = answer === 'unknown' ? [0, row.points] : [points, points];
  return {
    rule: row.rule,
    fact: answer,
    points,
    least: Math.min(...range),
    most: Math.max(...range),
    source: row.source,
    ...(answer === 'unknown' ? { unknown: row.missing } : {}),
  };
}

export function isCurrentUserPrincipalName({ cloud }: Party, evidence: Evidence): boolean {
  return (
    cloud?.deletedDateTime === undefined &&
    cloud?.userPrincipalName?.toLowerCase() === bareAddress(evidence.sought.value)
  );
}

const isSoftDeleted = ({ cloud }: Party): boolean => cloud?.deletedDateTime !== undefined;

function primaryAddress({
  proxyAddresses,
  mail,
}: {
  proxyAddresses: readonly string[];
  mail?: string | undefined;
}): string | undefined {
  const primary = primarySmtp(proxyAddresses) ?? mail;
  return primary === undefined ? undefined : bareAddress(primary);
}

/** The metadata tell when the whole attribute last changed: the value is at least that old. */
function heldSince(party: Party, evidence: Evidence): string | undefined {
  const inputs = inputsOf(party, evidence);
  const moments = party.onPremises.flatMap((ad) => {
    const own = inputs.filter(({ objectId }) => objectId === ad.objectGuid);
    return own.flatMap(({ attribute }) => ad.attributeChangedAt[attribute] ?? ad.whenCreated ?? []);
  });
  if (moments.length === 0 && party.cloud?.createdDateTime !== undefined) return party.cloud.createdDateTime;
  return moments.sort((left, right) => Date.parse(left) - Date.parse(right))[0];
}

function derivesFrom(local: string, party: Party): boolean {
  if (local === '') return false;
  return namesOf(party).some((name) => name === local);
}

function namesOf({ cloud, onPremises }: Party): string[] {
  const sides = cloud === null ? [...onPremises] : [cloud, ...onPremises];
  return sides.flatMap(({ givenName = '', surname = '', displayName, mailNickname = '' }) => [
    letters(mailNickname),
    letters(displayName),
    letters(givenName + surname),
    letters(surname + givenName),
    ...(givenName === '' || surname === '' ? [] : [letters(givenName.slice(0, 1) + surname), letters(surname)]),
  ]);
}

const letters = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

const yesNo = (condition: boolean): Answer => (condition ? 'yes' : 'no');
