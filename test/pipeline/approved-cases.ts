import type { Change } from '../../src/domain/change.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { commit } from '../../src/pipeline/commit.ts';
import { anApprover, approve, diagnosisOf, fixOf, recordDiagnosis, release } from '../domain/case-builder.ts';
import { adUser, guid, sightingOf } from '../domain/evidence-builder.ts';
import type { World } from './world.ts';

export const address = (place: number): string => `smtp:value${place}@contoso.com`;

/** User `place` gives up its value in Active Directory. */
export const giveUp = (place: number, more: Partial<Change> = {}): Change =>
  release({
    objectId: guid(place),
    objectName: `User ${place}`,
    values: [address(place)],
    before: { kind: 'multiple', present: [address(place)], absent: [], primary: null },
    after: { kind: 'multiple', present: [], absent: [address(place)], primary: null },
    ...more,
  });

/** A case of its own with an approved fix; the user it names has the value, unless the story has placed one. */
export async function approvedCase(world: World, place: number, fix: Fix = fixOf([giveUp(place)])): Promise<string> {
  const sighting = sightingOf({ identities: { cloudId: guid(place) }, value: address(place) });
  const keys = sightingKeys(sighting);
  const [id = ''] = keys;
  if (!world.directories.ads.some((ad) => ad.objectGuid === guid(place)))
    world.directories.ads.push(adUser({ objectGuid: guid(place), proxyAddresses: [address(place)] }));
  for (const command of [
    { do: 'report', id, keys, sighting } as const,
    recordDiagnosis(diagnosisOf([fix])),
    approve(fix, { until: '2026-12-01T00:00:00.000Z' }),
  ]) {
    const committed = await commit(world.ports, id, anApprover, command);
    if ('refusal' in committed) throw new Error(committed.refusal.message);
  }
  world.messages.takeDue(new Date('2100-01-01'));
  return id;
}

/** So many cases, each approved a second after the one before. */
export async function approvedCases(world: World, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let place = 0; place < count; place++) {
    ids.push(await approvedCase(world, place));
    world.pass(1);
  }
  return ids;
}
