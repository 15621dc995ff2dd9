import { type Case, executedFix } from '../domain/case.ts';
import { system } from '../domain/case-event.ts';
import type { Change, ValueState } from '../domain/change.ts';
import { stateOf, stillShows } from '../domain/compare-state.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';
import { nameApart } from '../domain/name-apart.ts';
import type { CloudDirectory, OnPremises } from '../ports.ts';
import { type AuditPolicy, usualAuditPolicy } from './audit-policy.ts';
import { type CommitPorts, commit } from './commit.ts';
import { foundIn, isOfAudit, stillFound } from './still-found.ts';
import { showsQuarantine } from './still-reported.ts';
import { type CaseMessage, wakeCase } from './wake.ts';

export interface VerifyPorts extends CommitPorts {
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

export interface VerifyPolicy {
  /** Seconds between two runs of Entra's own task that releases quarantined values. */
  readonly releaseIntervalSeconds: number;
  /** Seconds between two looks while something is awaited. */
  readonly pollSeconds: number;
  /** Absent: as usual. */
  readonly audit?: AuditPolicy;
}

/** Release intervals that a quarantine may outlive its last holder before it is taken to be stuck. */
const patientIntervals = 3;
/** Entra's replicas agree within a minute, however short the interval. */
const leastPatience = 60_000;
/** Another controller than the one that was written may answer: between sites, 15 minutes is the shortest interval. */
const replicationPatience = 20 * 60_000;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/** Looks whether an applied plan has had its effect, or whether an error has vanished or come back, and records it. */
export async function verify(ports: VerifyPorts, policy: VerifyPolicy, message: CaseMessage): Promise<void> {
  const subject = (await ports.store.read(message.case))?.case;
  if (!subject) return;
  const stage: Stage = { ports, policy, subject };
  if (subject.state === 'Resolved') return confirmLater(stage);
  if (subject.execution?.awaitingProof && (subject.state === 'Applied' || subject.state === 'Applying'))
    return prove(stage);
  if (Object.values(subject.sources).every((reads) => reads >= 2)) return confirmAbsence(stage);
}

interface Stage {
  readonly ports: VerifyPorts;
  readonly policy: VerifyPolicy;
  readonly subject: Case;
}

/** In order: the change has reached Entra, the release task has run, the quarantine is gone. */
async function prove(stage: Stage): Promise<void> {
  const { subject, ports } = stage;
  const { execution } = subject;
  if (!execution?.exportProvenAt) {
    return awaitExport(stage);
  }
  // Only a quarantine waits for Entra's release task, and only an object that is in Entra can have one.
  const isQuarantined = !isOfAudit(subject.error) || subject.identities.cloudId !== undefined;
  const interval = isQuarantined ? stage.policy.releaseIntervalSeconds * 1000 : 0;
  const wait = Date.parse(execution.exportProvenAt) + interval - ports.clock.now().getTime();
  if (wait > 0) return lookAgain(stage, wait / 1000);
  return readBoth(stage, Date.parse(execution.exportProvenAt));
}

async function awaitExport(stage: Stage): Promise<void> {
  const { ports, subject } = stage;
  const travel = await travelOf(stage);
  switch (travel.kind) {
    case 'exported': {
      const { at, proof } = travel;
      // ExportProven wakes this stage again.
      await commit(ports, subject.id, system, { do: 'proveExport', at, proof });
      return;
    }
    case 'takenBack':
      await commit(ports, subject.id, system, { do: 'revert', reason: travel.reason });
      return;
    case 'waiting': {
      const now = ports.clock.now().toISOString();
      const noted = await commit(ports, subject.id, system, { do: 'noteWaiting', message: travel.because, now });
      // StillWaiting wakes this stage again.
      if ('changed' in noted && noted.changed) return;
      return lookAgain(stage, stage.policy.pollSeconds);
    }
  }
}

interface Written {
  readonly change: Change;
  /** The place that took the write, as its target named it. */
  readonly where: string;
}

/** The changes of the running stage that were written. */
function writesOf(subject: Case): Written[] {
  const { execution } = subject;
  const places = new Map(
    execution?.results.flatMap((result) =>
      result.outcome === 'Applied' ? [[result.index, result.where] as const] : [],
    ),
  );
  return (executedFix(subject)?.changes ?? []).flatMap((change, index) => {
    const where = places.get(index);
    return where === undefined || change.stage !== execution?.stage ? [] : [{ change, where }];
  });
}

/** How far the written changes have come on their way to Entra. */
type Travel =
  | { readonly kind: 'exported'; readonly at: string; readonly proof: string }
  | { readonly kind: 'waiting'; readonly because: string }
  | { readonly kind: 'takenBack'; readonly reason: string };

/**
 * The moment at which Entra had every change: at once for its own objects, else the export after an import that saw the new
 * value. While one is on its way every other is looked at too: one that was taken back never arrives.
 */
async function travelOf(stage: Stage): Promise<Travel> {
  const { subject } = stage;
  const writtenAt = new Date(subject.execution?.writtenAt ?? subject.updatedAt);
  const onPremises = writesOf(subject).filter(({ change }) => change.target === 'active-directory');
  let at = writtenAt;
  let because: string | null = null;
  let isAlone = true;
  for (const written of onPremises) {
    const step = await stepOf(stage, written, writtenAt);
    if ('kind' in step) return step;
    isAlone &&= 'atMaster' in step;
    if ('because' in step) because ??= step.because;
    else if ('exportedAt' in step && step.exportedAt > at) at = step.exportedAt;
  }
  if (because !== null) return { kind: 'waiting', because };
  const proof =
    isAlone && onPremises.length > 0
      ? 'The sync engine does not have the object: no cycle can prove the change, Active Directory does.'
      : onPremises.length > 0
        ? `The sync engine imported the new value and exported it to Entra at ${at.toISOString()}.`
        : 'The object is mastered in Entra: no sync cycle is needed.';
  return { kind: 'exported', at: at.toISOString(), proof };
}

/** `atMaster`: the sync engine does not have the object, and its controller shows the change. */
type Step =
  | { readonly exportedAt: Date }
  | { readonly atMaster: true }
  | { readonly because: string }
  | Extract<Travel, { kind: 'takenBack' }>;

async function stepOf({ ports, subject }: Stage, { change, where }: Written, writtenAt: Date): Promise<Step> {
  const forest = change.forest ?? '';
  const space = await ports.onPremises.connectorSpace(forest, change.objectId);
  const isImported =
    space.ok && space.value !== null && stillShows(change, stateOf(change, space.value[change.attribute] ?? []));
  if (!isImported) {
    const master = await ports.onPremises.atMaster(change, where);
    if (master.ok && master.value !== null && !stillShows(change, master.value.found)) {
      const { found, domainController } = master.value;
      return { kind: 'takenBack', reason: await reversion(ports, subject, change, found, domainController) };
    }
    if (space.ok && space.value === null && master.ok && master.value !== null && isOfAudit(subject.error))
      return { atMaster: true };
    const what = `${change.attribute} of ${change.objectName}`;
    if (!space.ok)
      return { because: `whether the sync engine has imported ${what} is not known (${space.failure.message}).` };
    if (!master.ok)
      return {
        because: `the sync engine has not imported ${what}, and its controller could not be read (${master.failure.message}).`,
      };
    if (master.value === null) return { because: `${change.objectName} is not in its forest any more.` };
    return {
      because: `the sync engine has not imported ${what}, which is unchanged at the master. Is the scheduler running, and does it import from a controller that has the change?`,
    };
  }
  const exported = await ports.onPremises.exportedSince(forest, writtenAt);
  if (!exported.ok)
    return { because: `whether the sync engine has exported is not known (${exported.failure.message}).` };
  return exported.value === null
    ? {
        because:
          'the sync engine has imported the change, but no export to Entra followed. Is the server in staging mode, or was the export stopped by the deletion threshold?',
      }
    : { exportedAt: exported.value };
}

/** Reads both objects by id: a filtered list may lag behind. */
async function readBoth(stage: Stage, exportedAt: number): Promise<void> {
  const { ports, subject } = stage;
  const undone = await takenBack(stage);
  if (undone === 'unknown') return lookAgain(stage, stage.policy.pollSeconds);
  if (undone !== null) {
    await commit(ports, subject.id, system, { do: 'revert', reason: undone });
    return;
  }
  if (executedFix(subject)?.undoOf) {
    await commit(ports, subject.id, system, {
      do: 'proveStage',
      proof: 'The former values are back at their master, and Entra has them if it knows the object.',
    });
    return;
  }
  if (isOfAudit(subject.error)) {
    const still = await stillFound(ports, stage.policy.audit ?? usualAuditPolicy, foundIn(subject));
    const written = Date.parse(subject.execution?.writtenAt ?? subject.updatedAt);
    const isFresh = ports.clock.now().getTime() < written + replicationPatience;
    if (still.kind === 'unknown' || (still.kind === 'found' && isFresh))
      return lookAgain(stage, stage.policy.pollSeconds);
    if (still.kind === 'found') {
      await commit(ports, subject.id, system, { do: 'reopen', reason: `${still.message} It is diagnosed again.` });
      return;
    }
    if (subject.identities.cloudId === undefined) {
      const proof = still.kind === 'gone' ? still.proof : 'The written values are at their master.';
      await commit(ports, subject.id, system, { do: 'proveStage', proof });
      return;
    }
  }
  const { cloudId } = subject.identities;
  const objectType = cloudType(subject);
  if (!cloudId || !objectType) {
    await commit(ports, subject.id, system, {
      do: 'reopen',
      reason:
        'The written values are in Entra, but the object that the error names cannot be read there. Look it up and recheck.',
    });
    return;
  }
  const read = await ports.directory.read(objectType, cloudId);
  if (!read.ok && read.failure.kind !== 'Gone') return lookAgain(stage, stage.policy.pollSeconds);
  if (!read.ok || !showsQuarantine(read.value, subject.error)) {
    const proof = read.ok
      ? `Entra no longer shows the error on ${subject.subject.displayName}, read by id at ${ports.clock.now().toISOString()}.`
      : `${subject.subject.displayName} no longer exists in Entra.`;
    await commit(ports, subject.id, system, { do: 'proveStage', proof });
    return;
  }
  return stillThere(stage, exportedAt);
}

async function stillThere(stage: Stage, exportedAt: number): Promise<void> {
  const { ports, policy, subject } = stage;
  const left = await holdersLeft(ports, subject);
  if (left === 'unknown') return lookAgain(stage, policy.pollSeconds);
  const patience = Math.max(leastPatience, patientIntervals * policy.releaseIntervalSeconds * 1000);
  const patientUntil = exportedAt + patience;
  if (left.length === 0 && ports.clock.now().getTime() < patientUntil)
    return lookAgain(stage, policy.releaseIntervalSeconds);
  const message =
    left.length > 0
      ? `The value is still held by ${left.join(', ')}: it is diagnosed again.`
      : `No holder is left, yet the quarantine stayed for ${patientIntervals} release intervals: it is stuck.`;
  await commit(ports, subject.id, system, {
    do: 'stillQuarantined',
    intervalsWithoutHolder: left.length > 0 ? 0 : patientIntervals,
    message,
  });
}

async function holdersLeft(ports: VerifyPorts, subject: Case): Promise<string[] | 'unknown'> {
  const holders = await ports.directory.findHolders((subject.error.value ?? '').replace(/^smtp:/i, ''));
  if (!holders.ok) return 'unknown';
  const { displayName, cloud, onPremises } = subject.subject;
  const left = holders.value.filter(
    (object) => object.id !== subject.identities.cloudId && object.deletedDateTime === undefined,
  );
  return nameApart([
    ...left.map((object) => ({ name: object.displayName, marks: [object.userPrincipalName, object.id] })),
    { name: displayName, marks: [cloud?.userPrincipalName, onPremises?.dn] },
  ]).slice(0, left.length);
}

/** Whether someone has changed a written value back since. */
async function takenBack({ ports, subject }: Stage): Promise<string | null | 'unknown'> {
  for (const { change } of writesOf(subject)) {
    const found = await presentState(ports, change);
    if (found === 'unknown') return 'unknown';
    if (found === null) continue;
    if (!stillShows(change, found)) return reversion(ports, subject, change, found);
  }
  return null;
}

/** @param on the controller that showed it; absent: the sync engine did */
async function reversion(ports: VerifyPorts, subject: Case, change: Change, found: ValueState, on?: string) {
  const trace = await traceOf(ports, change, on);
  const written = executedFix(subject)?.undoOf === undefined ? 'fix' : 'undo';
  return `${change.attribute} of ${change.objectName} was changed again after the ${written}${trace} (found: ${JSON.stringify(found)}). Find the writer (an email address policy, an identity manager, a person) before planning anew.`;
}

/**
 * When and on which domain controller the attribute last changed, as far as Active Directory tells: it keeps no account.
 *
 * @param readOn the only controller that may tell, where another may not have the change yet and would tell of the fix
 */
async function traceOf(ports: VerifyPorts, { target, objectId, attribute }: Change, readOn?: string): Promise<string> {
  const anchor = target === 'active-directory' ? immutableIdOf(objectId) : null;
  const found = anchor === null ? undefined : await ports.onPremises.findBySourceAnchor(anchor);
  const object = found?.ok
    ? found.value.find(
        ({ objectGuid, domainController }) =>
          objectGuid === objectId && (readOn ?? domainController).toLowerCase() === domainController.toLowerCase(),
      )
    : undefined;
  const at = object?.attributeChangedAt[attribute];
  const on = object?.attributeChangedOn?.[attribute];
  return at === undefined ? '' : `, at ${at}${on === undefined ? '' : ` on ${on}`}`;
}

/** null: the object is gone, and with it the value. */
async function presentState(ports: VerifyPorts, change: Change) {
  if (change.target === 'active-directory') {
    const space = await ports.onPremises.connectorSpace(change.forest ?? '', change.objectId);
    if (!space.ok) return space.failure.kind === 'Gone' ? null : 'unknown';
    return space.value === null ? null : stateOf(change, space.value[change.attribute] ?? []);
  }
  const read = await ports.directory.read(change.objectType, change.objectId);
  if (!read.ok) return read.failure.kind === 'Gone' ? null : 'unknown';
  return stateOf(change, read.value.userPrincipalName === undefined ? [] : [read.value.userPrincipalName]);
}

/** A resolved case is read again after 1 and after 7 days. */
async function confirmLater(stage: Stage): Promise<void> {
  const { ports, subject } = stage;
  const { resolution } = subject;
  const days = resolution?.confirmedDays === 0 ? 1 : 7;
  if (!resolution || resolution.confirmedDays >= 7) return;
  const due = Date.parse(resolution.at) + days * dayMilliseconds - ports.clock.now().getTime();
  if (due > 0) return lookAgain(stage, due / 1000);
  const { cloudId } = subject.identities;
  const objectType = cloudType(subject);
  if (isOfAudit(subject.error)) {
    const still = await stillFound(ports, stage.policy.audit ?? usualAuditPolicy, foundIn(subject));
    if (still.kind === 'unknown') return lookAgain(stage, stage.policy.pollSeconds);
    if (still.kind === 'found') {
      await commit(ports, subject.id, system, {
        do: 'revert',
        reason: `The fault is back ${days} day(s) after it was resolved: ${still.message}`,
      });
      return;
    }
  } else if (!cloudId || !objectType) return;
  if (!cloudId || !objectType) {
    await commit(ports, subject.id, system, { do: 'confirmLater', days, proof: `Still gone after ${days} day(s).` });
    return;
  }
  const read = await ports.directory.read(objectType, cloudId);
  if (!read.ok && read.failure.kind !== 'Gone') return lookAgain(stage, stage.policy.pollSeconds);
  if (read.ok && showsQuarantine(read.value, subject.error)) {
    await commit(ports, subject.id, system, {
      do: 'revert',
      reason: `The error is back ${days} day(s) after it was resolved: something wrote the old value again.`,
    });
    return;
  }
  await commit(ports, subject.id, system, { do: 'confirmLater', days, proof: `Still gone after ${days} day(s).` });
}

/** The sources no longer report the error: one look at the object itself closes the case. */
async function confirmAbsence(stage: Stage): Promise<void> {
  const { ports, subject } = stage;
  const { cloudId } = subject.identities;
  const objectType = cloudType(subject);
  const still = await stillFound(ports, stage.policy.audit ?? usualAuditPolicy, foundIn(subject));
  if (still.kind === 'unknown') return lookAgain(stage, stage.policy.pollSeconds);
  if (still.kind === 'found') return;
  if (cloudId && objectType) {
    const read = await ports.directory.read(objectType, cloudId);
    if (!read.ok && read.failure.kind !== 'Gone') return lookAgain(stage, stage.policy.pollSeconds);
    if (read.ok && showsQuarantine(read.value, subject.error)) return;
  }
  await commit(ports, subject.id, system, {
    do: 'resolve',
    cause: 'elsewhere',
    proof: `The sources no longer report it in two complete reads, and the object itself shows no such error.${still.kind === 'gone' ? ` ${still.proof}` : ''}`,
  });
}

/**
 * Sends this stage's successor. Its due second is rounded up to the poll interval, so that two loops of one case (a
 * sweep may start a second) meet in one message.
 */
async function lookAgain({ ports, policy, subject }: Stage, seconds: number): Promise<void> {
  const poll = policy.pollSeconds * 1000;
  const due = Math.ceil((ports.clock.now().getTime() + seconds * 1000) / poll) * poll;
  const attempt = Math.max(1, Math.round(due - Date.parse(subject.updatedAt)));
  await ports.messages.send({ ...wakeCase('verify', subject, 0, attempt), notBefore: new Date(due) });
}

function cloudType({ error }: Case): 'user' | 'group' | 'contact' | undefined {
  return error.objectType === 'user' || error.objectType === 'group' || error.objectType === 'contact'
    ? error.objectType
    : undefined;
}
