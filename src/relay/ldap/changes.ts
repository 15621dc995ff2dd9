import type { Change, ValueState } from '../../domain/change.ts';
import { compareState, stateOf } from '../../domain/compare-state.ts';
import type { ApplyRequest, ChangeAnswer, DirectoryChange } from '../../relay-contract.ts';
import type { ReadObject } from './ad-object.ts';
import { controllerNamed, type Directory, type Forest } from './directory.ts';
import type { DomainController } from './domain-controller.ts';
import { octetsOf, readEntry, textOf, textsOf } from './entry.ts';
import type { DoneWrites } from './idempotency.ts';
import { isPassing, type LdapFailure, resultCode } from './ldap-failure.ts';
import { ldapChanges, type Modification, modificationOf } from './modification.ts';
import { holdersOfUpn } from './search.ts';
import { remedyFor } from './write-permission.ts';
import { refuseAttribute, refuseObject, refuseRemoval } from './write-rules.ts';

type PlannedWrite = ApplyRequest['changes'][number];

/**
 * The present state of what each change touches.
 *
 * @param controller its name: that one and no other is read; absent: the one that would be written
 */
export async function readStates(
  directory: Directory,
  changes: readonly DirectoryChange[],
  controller?: string,
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const change of changes) answers.push(await readState(directory, change, controller));
  return answers;
}

/** Compare-and-set of each change, one after another. A change that fails does not stop the others. */
export async function applyChanges(
  directory: Directory,
  done: DoneWrites,
  writes: readonly PlannedWrite[],
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const write of writes) {
    answers.push(await done.once(write.idempotencyKey, write.change, () => apply(directory, write)));
  }
  return answers;
}

async function readState(directory: Directory, change: DirectoryChange, controller?: string): Promise<ChangeAnswer> {
  const place =
    controller === undefined ? await locate(directory, change) : await locateOn(controller, directory, change);
  if ('outcome' in place) return place;
  return { outcome: 'state', found: stateIn(change, place.found), domainController: place.controller.name };
}

async function apply(directory: Directory, { change, begun }: PlannedWrite): Promise<ChangeAnswer> {
  const forbidden = refuseAttribute(change.attribute);
  if (forbidden !== null) return { outcome: 'refused', ...forbidden };
  const place = await locate(directory, change);
  if ('outcome' in place) return place;

  const found = stateIn(change, place.found);
  switch (compareState(asPlanned(change), found, begun)) {
    case 'already':
      return applied(place, change);
    case 'stale':
      return { outcome: 'stale', found, domainController: place.controller.name };
    case 'write':
      return write(place, change, begun);
  }
}

/** Where an object is: its home controller, and the object as that one holds it. */
interface Place {
  readonly forest: Forest;
  readonly controller: DomainController;
  readonly found: ReadObject;
}

/** Finds the object by its GUID in whatever domain of the forest it is now. */
async function locate(directory: Directory, change: DirectoryChange): Promise<Place | ChangeAnswer> {
  const forest = directory.forest(change.forest);
  if (forest === undefined) return unknownForest(change);
  let silent: LdapFailure | null = null;
  for (const domain of forest.domains) {
    const controller = await domain.home();
    const answer = await controller.readObject(change.objectGuid);
    if (!answer.ok) silent = answer.failure;
    else if (answer.value !== null) return { forest, controller, found: answer.value };
  }
  if (silent !== null) return answerOf(silent, change, forest.bindDn);
  return absent(forest, change, 'has not reached the controller that is written');
}

/** The object as one controller holds it. It may have moved to another domain meanwhile: then this one cannot tell. */
async function locateOn(name: string, directory: Directory, change: DirectoryChange): Promise<Place | ChangeAnswer> {
  const forest = directory.forest(change.forest);
  if (forest === undefined) return unknownForest(change);
  const named = await controllerNamed(forest, name);
  if (!named.ok) return answerOf(named.failure, change, forest.bindDn);
  if (named.value === null)
    return { outcome: 'refused', code: 'UnknownController', message: `The relay has no controller ${name}.` };
  const answer = await named.value.readObject(change.objectGuid);
  if (!answer.ok) return answerOf(answer.failure, change, forest.bindDn);
  if (answer.value !== null) return { forest, controller: named.value, found: answer.value };
  return absent(forest, change, `is not on ${name}`);
}

const unknownForest = ({ forest }: DirectoryChange): ChangeAnswer => ({
  outcome: 'refused',
  code: 'UnknownForest',
  message: `The relay has no forest ${forest}.`,
});

/** @param here what is known of the object at the controller that was asked */
async function absent(forest: Forest, { objectGuid }: DirectoryChange, here: string): Promise<ChangeAnswer> {
  const elsewhere = await findElsewhere(forest, objectGuid);
  return elsewhere === null
    ? { outcome: 'gone', message: `No domain of ${forest.name} has an object ${objectGuid}.` }
    : { outcome: 'tryAgain', message: `The object is on ${elsewhere} and ${here}.` };
}

/** A controller of the forest that has the object; null when none of those that answer does. */
async function findElsewhere(forest: Forest, objectGuid: string): Promise<string | null> {
  for (const controller of forest.domains.flatMap(({ controllers }) => controllers)) {
    const answer = await controller.readObject(objectGuid);
    if (answer.ok && answer.value !== null) return controller.name;
  }
  return null;
}

async function write(place: Place, change: DirectoryChange, begun: boolean): Promise<ChangeAnswer> {
  const modification = modificationOf(change, octetsOf(place.found.entry, change.attribute));
  if (modification === null) {
    const message = 'Operation, values, before and after do not describe one change.';
    return { outcome: 'refused', code: 'InconsistentChange', message };
  }
  const forbidden = refuse(place.found, change, modification);
  if (forbidden !== null) return { outcome: 'refused', ...forbidden };

  const target = `<GUID=${change.objectGuid}>`;
  const changes = ldapChanges(change.attribute, modification);
  const written = await place.controller.connection.write((client) => client.modify(target, changes));
  return written.ok ? applied(place, change) : explainFailure(place, change, begun, written.failure);
}

function refuse(
  { object }: ReadObject,
  change: DirectoryChange,
  { removed }: Modification,
): ReturnType<typeof refuseObject> {
  // A user principal name routes no mail: it may end in onmicrosoft.com and be changed.
  const addresses = change.attribute === 'userPrincipalName' ? [] : removed.map((octets) => octets.toString('utf8'));
  const nextPrimary = change.after.kind === 'multiple' ? change.after.primary : null;
  return refuseObject(object) ?? refuseRemoval(object, addresses, nextPrimary);
}

/** What a refused modify means. The object is read again where somebody else may have been faster. */
async function explainFailure(
  place: Place,
  change: DirectoryChange,
  begun: boolean,
  failure: LdapFailure,
): Promise<ChangeAnswer> {
  if (failure.code === resultCode.noSuchAttribute || failure.code === resultCode.attributeOrValueExists) {
    return compareAgain(place, change, begun, failure);
  }
  if (failure.code === resultCode.constraintViolation && change.attribute === 'userPrincipalName') {
    return upnTaken(place, change, failure);
  }
  return answerOf(failure, change, place.forest.bindDn);
}

/**
 * noSuchAttribute says that the old value is gone, or that the schema lacks the attribute; attributeOrValueExists that the
 * new one is there already. When the object is still as planned the reason is another one.
 */
async function compareAgain(
  place: Place,
  change: DirectoryChange,
  begun: boolean,
  failure: LdapFailure,
): Promise<ChangeAnswer> {
  const again = await place.controller.readObject(change.objectGuid);
  if (!again.ok) return answerOf(again.failure, change, place.forest.bindDn);
  if (again.value === null) return { outcome: 'gone', message: failure.message };
  const found = stateIn(change, again.value);
  switch (compareState(asPlanned(change), found, begun)) {
    case 'already':
      return applied({ ...place, found: again.value }, change);
    case 'stale':
      return { outcome: 'stale', found, domainController: place.controller.name };
    case 'write':
      return answerOf(failure, change, place.forest.bindDn);
  }
}

async function upnTaken({ forest }: Place, change: DirectoryChange, failure: LdapFailure): Promise<ChangeAnswer> {
  const wanted = change.after.kind === 'single' ? (change.after.value ?? '') : '';
  const others = await holdersOfUpn(forest, wanted);
  if (others.length === 0) return { outcome: 'refused', code: 'ConstraintViolation', message: failure.message };
  return {
    outcome: 'refused',
    code: 'UpnNotUniqueInForest',
    message: `${wanted} is the user principal name of ${others.join(' and ')}.`,
  };
}

async function applied(place: Place, change: DirectoryChange): Promise<ChangeAnswer> {
  const target = `<GUID=${change.objectGuid}>`;
  const read = await place.controller.connection.read((client) =>
    readEntry(client, { base: target, attributes: ['uSNChanged'] }),
  );
  // The write is done whether or not its number can be read.
  const usn = read.ok && read.value !== null ? (textOf(read.value, 'uSNChanged') ?? '') : '';
  return { outcome: 'applied', domainController: place.controller.name, usn, at: new Date().toISOString() };
}

function answerOf(failure: LdapFailure, change: DirectoryChange, account: string): ChangeAnswer {
  const { code, message } = failure;
  if (isPassing(failure)) return { outcome: 'tryAgain', message };
  switch (code) {
    case resultCode.noSuchObject:
      return { outcome: 'gone', message };
    case resultCode.insufficientAccessRights:
      return { outcome: 'notPermitted', message, remedy: remedyFor(change.attribute, account) };
    case resultCode.invalidCredentials:
      return {
        outcome: 'notPermitted',
        message,
        remedy: `Correct the bindDn (${account}) or the password file of forest ${change.forest} in RELAY_FORESTS.`,
      };
    case resultCode.constraintViolation:
      return { outcome: 'refused', code: 'ConstraintViolation', message };
    case resultCode.noSuchAttribute:
      return { outcome: 'refused', code: 'NoSuchAttribute', message };
    default:
      return { outcome: 'refused', code: `LdapResult${code}`, message };
  }
}

const stateIn = (change: DirectoryChange, { entry }: ReadObject): ValueState =>
  stateOf(asPlanned(change), textsOf(entry, change.attribute));

/** The domain's form of a change; what people call the object does not bear on its state. */
const asPlanned = ({ objectGuid, ...change }: DirectoryChange): Change => ({
  ...change,
  target: 'active-directory',
  objectId: objectGuid,
  objectType: 'user',
  objectName: objectGuid,
  stage: 'release',
});
