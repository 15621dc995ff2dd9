import type { PlantedFault } from '../../dev/entra/planted-faults.ts';
import type { Switches } from '../../dev/entra/switches.ts';
import type { Case } from '../../src/domain/case.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import { inputsOf } from '../../src/domain/inputs.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { foundOrganisation } from './found-organisation.ts';
import type { Ground } from './ground.ts';
import * as laws from './laws.ts';
import { describeOrganisation, forests, type Organisation } from './organisation.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { type Syncmend, startSyncmend } from './syncmend.ts';
import { tenantIsLawful } from './tenant-laws.ts';
import { startWorld, type World } from './world.ts';

export interface Conditions {
  readonly switches: Partial<Switches>;
  readonly plantedFault?: PlantedFault;
}

/** What an organisation has been through, each as `what: which`. */
export type Reached = Set<string>;

/** A fix of a case, named so that it is found again in a fresh copy of the organisation. */
interface Offer {
  readonly fault: string;
  readonly title: string;
}

/**
 * Looks which fixes Syncmend offers in the organisation, and carries out each of them in a fresh copy of it.
 * @throws LawBroken with the organisation in words
 */
export async function holdToLaws(ground: Ground, organisation: Organisation, conditions: Conditions): Promise<Reached> {
  const reached: Reached = new Set();
  const offers = await inFreshCopy(ground, organisation, conditions, async ({ syncmend, cases }) => {
    await noteReached(syncmend, cases, reached);
    return cases.flatMap(offersOf);
  });
  for (const offer of offers) {
    await inFreshCopy(ground, organisation, conditions, (copy) => carryOut(copy, offer, reached), offer);
  }
  return reached;
}

/** An organisation whose errors Syncmend has found and diagnosed. */
interface Copy {
  readonly world: World;
  readonly syncmend: Syncmend;
  readonly cases: readonly Case[];
}

async function inFreshCopy<T>(
  ground: Ground,
  organisation: Organisation,
  conditions: Conditions,
  work: (copy: Copy) => Promise<T>,
  offer?: Offer,
): Promise<T> {
  const world = await startWorld(ground, { seed: organisation.seed, forests, ...conditions });
  try {
    await foundOrganisation(world, organisation);
    tenantIsLawful(world, await takeSnapshot(world));
    const syncmend = startSyncmend(world, organisation.allowDirectExchangeWrites);
    await syncmend.detect();
    return await work({ world, syncmend, cases: await syncmend.cases() });
  } catch (error) {
    if (!(error instanceof laws.LawBroken)) throw error;
    const where = [JSON.stringify(offer ?? 'before any fix'), JSON.stringify(conditions)];
    throw new laws.LawBroken([error.message, ...where, describeOrganisation(organisation)].join('\n'));
  } finally {
    await world.stop();
  }
}

const faultOf = ({ error, subject }: Case): string => `${error.code} ${error.value ?? ''} of ${subject.displayName}`;

const offersOf = (subject: Case): Offer[] =>
  subject.fixes.filter(({ kind }) => kind === 'changes').map(({ title }) => ({ fault: faultOf(subject), title }));

function findOffered(cases: readonly Case[], { fault, title }: Offer): { subject: Case; fix: Fix } {
  for (const subject of cases) {
    const fix = subject.fixes.find((candidate) => candidate.title === title);
    if (faultOf(subject) === fault && fix) return { subject, fix };
  }
  throw new laws.LawBroken(`a fresh copy of the organisation has other faults: ${cases.map(faultOf).join('; ')}`);
}

async function carryOut({ world, syncmend, cases }: Copy, offer: Offer, reached: Reached): Promise<void> {
  const { subject, fix } = findOffered(cases, offer);
  const before = await takeSnapshot(world);
  laws.beforesAreTrue(fix, before);
  const writes = watchWrites(world);
  const first = await syncmend.carryOut(subject.id, fix);
  const { done, changes, left } = await seeThrough(world, syncmend, first, fix, reached);
  const after = await takeSnapshot(world);
  laws.writtenOnce({ ...fix, changes }, writes());
  laws.onlyThePlanChanged(fix, before, after);
  laws.derivedWasPredicted(fix, before, after);
  laws.noNewError(fix, before, after);
  if (!left) laws.isResolved(done, after);
  tenantIsLawful(world, after);
  for (const { target, attribute } of fix.changes) reached.add(`change: ${target} ${attribute}`);
  await takeBack({ world, syncmend, cases }, subject.id, fix, before, reached);
}

async function takeBack(
  { world, syncmend }: Copy,
  id: string,
  fix: Fix,
  before: Snapshot,
  reached: Reached,
): Promise<void> {
  const after = await takeSnapshot(world);
  const undo = await syncmend.proposeUndo(id);
  reached.add(`undo: ${undo.kind}`);
  if (undo.kind === 'runbook') return;
  laws.beforesAreTrue(undo, after);
  const undoWrites = watchWrites(world);
  const undone = await syncmend.carryOut(id, undo);
  laws.writtenOnce(undo, undoWrites());
  if (undone.state !== 'Undone') throw new laws.LawBroken(`the undo is ${undone.state}: ${undone.message}`);
  laws.mastersAreRestored(fix, before, await takeSnapshot(world));
}

/** A quarantine that is stuck after the release is solved by the touch that Syncmend offers then, or by a person. */
async function seeThrough(world: World, syncmend: Syncmend, done: Case, fix: Fix, reached: Reached) {
  const isStuck = world.tenant.settings.switches.staleQuarantine === 'on' && done.state === 'NeedsPerson';
  const touch = isStuck ? done.fixes.find(({ id }) => id.startsWith('touch-')) : undefined;
  if (!touch) return { done, changes: fix.changes, left: false };
  reached.add(`touch: ${touch.kind}`);
  if (touch.kind === 'runbook') return { done, changes: fix.changes, left: true };
  return {
    done: await syncmend.carryOut(done.id, touch),
    changes: [...fix.changes, ...touch.changes],
    left: false,
  };
}

/** The writes that the stand-ins accept from now on. */
function watchWrites({ activeDirectory, ground }: World): () => laws.AcceptedWrite[] {
  const inDirectory = activeDirectory.writes.length;
  const inEntra = ground.graph.writes.length;
  return () => [
    ...activeDirectory.writes.slice(inDirectory).map(({ objectGuid, changes }) => ({
      objectId: objectGuid,
      attribute: [...new Set(changes.map(({ attribute }) => attribute))].join('+'),
    })),
    ...ground.graph.writes.slice(inEntra),
  ];
}

async function noteReached(syncmend: Syncmend, cases: readonly Case[], reached: Reached): Promise<void> {
  for (const subject of cases) {
    reached.add(`error: ${subject.error.code} ${subject.error.objectType}`);
    const { diagnosis } = subject;
    if (diagnosis) reached.add(`reason: ${diagnosis.reason}`);
    if (diagnosis?.party) reached.add(`verdict: ${diagnosis.party.verdict}`);
    if (subject.fixes.some(({ kind }) => kind === 'changes')) reached.add('offered: a fix that can be applied');
    const evidence = await syncmend.evidenceOf(subject);
    if (!evidence) continue;
    const { subject: claimant, others } = partiesOf(evidence);
    for (const party of [claimant, ...others]) {
      for (const { side, attribute } of inputsOf(party, evidence)) reached.add(`input: ${side} ${attribute}`);
    }
  }
}
