import { type AuditObject, type AuditObjectType, objectTypeOf } from '../audit-object.ts';
import { comparedAs } from '../claim-table.ts';
import { sourceAnchorOf } from '../claims.ts';
import { type ObjectReference, referenceOf } from '../finding.ts';
import { compareMembers, memberOf } from '../member.ts';
import { outOfScope } from '../out-of-scope.ts';
import { type Joined, partiesOf } from '../placing.ts';
import { type CloudObject, isCloudObject, isSoftDeleted } from './cloud-directory.ts';
import { type ContactTwins, guessContactTwins } from './contact-twins.ts';
import { type Likelihood, surely } from './likelihood.ts';
import type { PredictionSettings } from './prediction-settings.ts';
import { doubted, exportedUserName, type Wanted, type WantedAddresses, wantedAddresses } from './wanted-values.ts';

/** What the sync engine exports as one object: one object of Active Directory, or several that it has joined. */
export interface ExportUnit {
  readonly reference: ObjectReference;
  readonly type: Exclude<AuditObjectType, 'other'>;
  /** Never empty. */
  readonly objects: readonly [AuditObject, ...AuditObject[]];
  /** In Entra, what has its source anchor (or SID, where Graph shows no anchor). */
  readonly cloud: CloudObject | null;
  /** `hardMatch`: Entra masters `cloud`, or has deleted it. */
  readonly mode: 'new' | 'update' | 'hardMatch';
  /** Contacts have neither anchor nor SID in Graph: what might be its object in Entra, by its names. */
  readonly guesses: readonly CloudObject[];
  /** Another object of its forest has its source anchor: one of the two is not exported. */
  readonly anchorIsShared: boolean;
  readonly userName: Wanted | null;
  readonly addresses: readonly Wanted[];
  readonly primary: Wanted | null;
  readonly mailInstead: Wanted | null;
  readonly sips: readonly Wanted[];
  readonly securityIdentifier: string | null;
}

export interface LeftOut {
  readonly object: AuditObject;
  readonly reason: string;
  /** Its object in Entra, which goes. */
  readonly cloud: CloudObject | null;
}

export interface Placed {
  readonly units: readonly ExportUnit[];
  readonly leftOut: readonly LeftOut[];
}

/** Which objects are exported, which of them as one, and which not at all. */
export function placeForExport(
  objects: readonly AuditObject[],
  settings: PredictionSettings,
  joined: Joined | undefined,
): Placed {
  const cloud = objects.filter(isCloudObject);
  const candidates = objects.filter((object) => !isCloudObject(object) && objectTypeOf(object) !== 'other');
  const reasons = new Map(candidates.map((object) => [object, outOfScope(object, settings)]));
  const inScope = candidates.filter((object) => reasons.get(object) === null);
  const outside = candidates.filter((object) => reasons.get(object) !== null);

  const contacts = inScope.filter(isContact);
  const knownContacts = cloud.filter((object) => isContact(object) && object.origin.kind === 'synchronised');
  const twins = guessContactTwins(contacts, knownContacts);
  const others = cloud.filter((object) => !isContact(object));
  const parties = groupByParty([...inScope.filter((object) => !isContact(object)), ...others], settings, joined);

  const anchors = countAnchors(inScope);
  const groups = [...parties, ...contacts.map((object) => [object])];
  const units = groups.flatMap((party) => unitOf(party, twins, anchors, settings) ?? []);
  const withoutAnchor = groups.flatMap((party) => linkedMailboxAlone(party));
  const cloudByAnchor = new Map(cloud.map((object) => [sourceAnchorOf(object), object]));
  const cloudBySid = new Map(cloud.map((object) => [object.objectSid, object]));
  const leftOut = outside.map((object) => ({
    object,
    reason: reasons.get(object) ?? '',
    cloud:
      cloudByAnchor.get(sourceAnchorOf(object) ?? '') ??
      (object.objectSid ? cloudBySid.get(object.objectSid) : null) ??
      null,
  }));
  return { units, leftOut: [...leftOut, ...withoutAnchor] };
}

const isContact = (object: AuditObject): boolean => objectTypeOf(object) === 'contact';

/**
 * Objects that are one, Active Directory before Entra. Contacts are left aside: Graph shows nothing by which theirs could be
 * known, and whether the engine has joined one with another's user depends on which came first.
 */
function groupByParty(
  objects: readonly AuditObject[],
  settings: PredictionSettings,
  joined: Joined | undefined,
): AuditObject[][] {
  const members = objects.map((object, ordinal) => memberOf(ordinal, object, false, settings)).sort(compareMembers);
  const firsts = partiesOf(members, settings, joined);
  const parties = new Map<number, AuditObject[]>();
  for (const [index, { ordinal }] of members.entries()) {
    const first = firsts[index] as number;
    const party = parties.get(first);
    const object = objects[ordinal] as AuditObject;
    if (party === undefined) parties.set(first, [object]);
    else party.push(object);
  }
  return [...parties.values()];
}

function unitOf(
  party: readonly AuditObject[],
  twins: ContactTwins,
  anchors: ReadonlyMap<string, number>,
  settings: PredictionSettings,
): ExportUnit | null {
  const [named, ...joined] = distinct(party.filter((object) => !isCloudObject(object)));
  if (named === undefined) return null;
  const objects = [named, ...joined] as const;
  const anchored = objects.find((object) => sourceAnchorOf(object) !== null || object.objectGUID === undefined);
  if (anchored === undefined || objects.every(isLinkedMailbox)) return null;
  const cloud = party.filter(isCloudObject).sort(liveFirst)[0] ?? twins.known.get(named) ?? null;
  const mode = modeOf(cloud);
  const type = typeOf(objects);
  return {
    reference: referenceOf(named, sourceAnchorOf(anchored)),
    type,
    objects,
    cloud,
    mode,
    guesses: twins.guessed.get(named) ?? [],
    anchorIsShared: objects.some((object) => (anchors.get(anchorInForest(object)) ?? 0) > 1),
    userName: type === 'user' ? userNameOf(objects, settings) : null,
    ...addressesOf(objects, cloud, mode, settings),
    securityIdentifier: anchored.objectSid ?? null,
  };
}

/** A mailbox for an account of another forest gives no anchor: alone it is not synchronised (default configuration). */
function linkedMailboxAlone(party: readonly AuditObject[]): LeftOut[] {
  const own = party.filter((object) => !isCloudObject(object));
  if (own.length === 0 || !own.every(isLinkedMailbox)) return [];
  const reason = 'it is a linked mailbox, and the account that it belongs to is not among the objects';
  return own.map((object) => ({ object, reason, cloud: null }));
}

const isLinkedMailbox = ({ msExchRecipientTypeDetails }: AuditObject): boolean => msExchRecipientTypeDetails === '2';

const typeOf = (objects: readonly AuditObject[]): ExportUnit['type'] => {
  const types = objects.map(objectTypeOf);
  return types.includes('user') ? 'user' : types.includes('group') ? 'group' : 'contact';
};

function modeOf(cloud: CloudObject | null): ExportUnit['mode'] {
  if (cloud === null) return 'new';
  return cloud.origin.kind === 'synchronised' ? 'update' : 'hardMatch';
}

const liveFirst = (left: CloudObject, right: CloudObject): number =>
  Number(isSoftDeleted(left)) - Number(isSoftDeleted(right));

/** A join of several forests takes each value from one of them: which one is not known where they differ. */
function userNameOf(objects: readonly AuditObject[], settings: PredictionSettings): Wanted | null {
  const names = objects
    .filter((object) => !isLinkedMailbox(object))
    .flatMap((object) => exportedUserName(object, settings) ?? []);
  const [first, ...rest] = names;
  if (first === undefined) return null;
  return rest.every(({ key }) => key === first.key) ? first : { ...first, likely: 'maybe' };
}

function addressesOf(
  objects: readonly AuditObject[],
  cloud: CloudObject | null,
  mode: ExportUnit['mode'],
  settings: PredictionSettings,
): WantedAddresses {
  const facts = { isNew: mode === 'new', isLicensed: cloud?.origin.licensed };
  const all = objects.map((object) => wantedAddresses(object, facts, settings));
  const giving = all.filter(({ addresses, sips }) => addresses.length + sips.length > 0);
  const first = giving[0] ?? (all[0] as WantedAddresses);
  const isElsewhere = mode === 'update' && typeOf(objects) === 'user' && settings.exchangeAuthority !== 'on-premises';
  if (giving.length < 2 && !isElsewhere) return first;
  return {
    addresses: doubted(byKey(giving.flatMap(({ addresses }) => addresses))),
    primary: first.primary && { ...first.primary, likely: 'maybe' },
    mailInstead: first.mailInstead,
    sips: doubted(byKey(giving.flatMap(({ sips }) => sips))),
  };
}

const byKey = (wanted: readonly Wanted[]): Wanted[] => [...new Map(wanted.map((one) => [one.key, one])).values()];

/** The same object may have been read twice. */
const distinct = (objects: readonly AuditObject[]): AuditObject[] =>
  objects.filter(
    ({ objectGUID }, index) =>
      objectGUID === undefined || objects.findIndex((other) => other.objectGUID === objectGUID) === index,
  );

function countAnchors(objects: readonly AuditObject[]): Map<string, number> {
  const holders = new Map<string, Set<string | AuditObject>>();
  for (const object of objects) {
    if (sourceAnchorOf(object) === null) continue;
    const anchor = anchorInForest(object);
    const known = holders.get(anchor) ?? new Set();
    holders.set(anchor, known.add(object.objectGUID ?? object));
  }
  return new Map([...holders].map(([anchor, known]) => [anchor, known.size]));
}

const anchorInForest = (object: AuditObject): string =>
  `${object.origin?.side === 'active-directory' ? object.origin.forest.toLowerCase() : ''} ${sourceAnchorOf(object)}`;

/** Whether the object does not exist in Entra yet, under its own anchor. */
export const isNew = ({ mode, guesses }: ExportUnit): Likelihood =>
  mode === 'new' && guesses.length > 0 ? 'maybe' : surely(mode === 'new');

/**
 * Pairs that the engine may take for one: a contact that stands for another forest's user joins that user by `mail`, whatever
 * the match option, if it is not in Entra by itself already. Which of the two comes first is not known.
 *
 * Source: "Understanding Users, Groups, and Contacts" (12/05/2024), read 2026-11-29.
 */
export function possibleJoins(units: readonly ExportUnit[]): Map<ExportUnit, ReadonlySet<ExportUnit>> {
  const joins = new Map<ExportUnit, Set<ExportUnit>>();
  for (const sharing of Map.groupBy(units.flatMap(mailsOf), ({ mail }) => mail).values()) {
    const contacts = sharing.filter(({ unit }) => unit.type === 'contact');
    for (const { unit: contact } of contacts) {
      for (const { unit: other } of sharing) {
        if (other === contact || !mayJoin(contact, other)) continue;
        joins.set(contact, (joins.get(contact) ?? new Set()).add(other));
        joins.set(other, (joins.get(other) ?? new Set()).add(contact));
      }
    }
  }
  return joins;
}

const mailsOf = (unit: ExportUnit) =>
  unit.type === 'group' ? [] : unit.objects.flatMap(({ mail }) => (mail ? [{ mail: comparedAs(mail), unit }] : []));

function mayJoin(one: ExportUnit, other: ExportUnit): boolean {
  const isSettled = one.mode === 'update' && other.mode === 'update';
  return (
    !isSettled &&
    one.objects.some((object) => other.objects.some((another) => forestKey(object) !== forestKey(another)))
  );
}

const forestKey = ({ origin }: AuditObject): string | null =>
  origin?.side === 'active-directory' ? origin.forest.toLowerCase() : null;
