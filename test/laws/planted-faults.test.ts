import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlantedFault, plantedFaults } from '../../dev/entra/planted-faults.ts';
import { type Ground, startGround } from './ground.ts';
import { holdToLaws } from './hold-to-laws.ts';
import { LawBroken } from './laws.ts';
import { randomOrganisation } from './organisation.ts';

/** Organisations in which a fault has to show itself. */
const most = 60;

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
});
afterAll(() => ground.stop());

const faults = Object.entries(plantedFaults) as [PlantedFault, string][];

test.each(faults)('a tenant that breaks %s breaks a law: %s', { timeout: 120_000 }, async (plantedFault) => {
  const seed = await firstToBreakALaw(plantedFault);
  if (seed === undefined) return expect.fail(`${most} organisations hold to every law`);
  // The fault alone is to blame: without it the same organisation holds.
  await holdToLaws(ground, randomOrganisation(seed), { switches: {} });
});

async function firstToBreakALaw(plantedFault: PlantedFault): Promise<number | undefined> {
  for (let seed = 0; seed < most; seed++) {
    try {
      await holdToLaws(ground, randomOrganisation(seed), { switches: {}, plantedFault });
    } catch (error) {
      if (error instanceof LawBroken) return seed;
      throw error;
    }
  }
  return undefined;
}
