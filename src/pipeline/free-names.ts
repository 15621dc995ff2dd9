import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Evidence, Fact } from '../domain/evidence.ts';
import type { GatherPorts } from './gather.ts';
import { inParallel } from './in-parallel.ts';

/** A name that is taken gives way to the next candidate; more than this many taken in a row stay a note in the plan. */
const mostRounds = 5;

/**
 * Diagnoses, asks both directories about each user name that a plan proposes, and diagnoses again with the answers until every
 * proposed name is known to be free. Only proposed names are asked about: each costs a search on both sides.
 */
export async function diagnoseWithFreeNames(
  ports: GatherPorts,
  gathered: Evidence,
  diagnose: (evidence: Evidence) => Diagnosis,
): Promise<{ evidence: Evidence; diagnosis: Diagnosis }> {
  let evidence = gathered;
  let diagnosis = diagnose(evidence);
  for (let round = 0; round < mostRounds; round++) {
    const unasked = proposedNames(diagnosis).filter((name) => evidence.namesTaken?.[name] === undefined);
    if (unasked.length === 0) break;
    const answers = await inParallel(2, unasked, async (name) => [name, await isTaken(ports, name, evidence)] as const);
    evidence = { ...evidence, namesTaken: { ...evidence.namesTaken, ...Object.fromEntries(answers) } };
    diagnosis = diagnose(evidence);
  }
  return { evidence, diagnosis };
}

function proposedNames({ fixes }: Diagnosis): string[] {
  const replaced = fixes
    .flatMap((fix) => fix.changes)
    .filter((change) => change.attribute === 'userPrincipalName' && change.operation === 'replace');
  return [...new Set(replaced.flatMap((change) => change.values))];
}

/** By an object outside the case; the case's own objects are in the evidence already. */
async function isTaken(
  { directory, onPremises, clock }: GatherPorts,
  name: string,
  evidence: Evidence,
): Promise<Fact<boolean>> {
  const [cloud, ads] = await Promise.all([directory.findHolders(name), onPremises.findHolders(name)]);
  const failure = !cloud.ok ? cloud.failure : !ads.ok ? ads.failure : undefined;
  if (!cloud.ok || !ads.ok) {
    return {
      state: 'unknown',
      because: failure?.message ?? 'it was not answered',
      remedy: 'Recheck the case when both directories answer.',
    };
  }
  const own = new Set(ownObjects(evidence));
  const taken =
    cloud.value.some((object) => !own.has(object.id)) || ads.value.some((object) => !own.has(object.objectGuid));
  return { state: 'known', value: taken, source: 'Microsoft Graph and relay', at: clock.now().toISOString() };
}

function ownObjects({ subject, cloudHolders, onPremisesHolders }: Evidence): string[] {
  const clouds = [
    subject.cloud.state === 'known' && subject.cloud.value ? [subject.cloud.value] : [],
    cloudHolders.state === 'known' ? cloudHolders.value : [],
  ].flat();
  const ads = [
    subject.onPremises.state === 'known' ? subject.onPremises.value : [],
    onPremisesHolders.state === 'known' ? onPremisesHolders.value : [],
  ].flat();
  return [...clouds.map((object) => object.id), ...ads.map((object) => object.objectGuid)];
}
