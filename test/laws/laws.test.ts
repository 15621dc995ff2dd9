import { expect, test } from 'vitest';
import { countReached, demanded, tableOf } from './coverage.ts';
import { inShares } from './in-shares.ts';
import { everySetting } from './settings.ts';
import type { Outcome, Task } from './share.ts';

const organisationsEach = 50;
const mostSeconds = 300;
const processes = 2;
/** LAWS_FROM: other organisations than those of every day. */
const firstSeed = Number(process.env['LAWS_FROM'] ?? 0);

test('every fix of every random organisation holds to the laws, under every switch', {
  timeout: 1_200_000,
}, async () => {
  const settings = everySetting().map(({ name }) => name);
  const began = performance.now();
  const answers = await inShares(processes, chosenTasks() ?? allTasks(settings));
  const seconds = (performance.now() - began) / 1000;
  const outcomes = answers.flatMap((answer) => answer.outcomes);
  const busiest = Math.max(...answers.map(({ processorSeconds }) => processorSeconds));
  const counts = countReached(outcomes, settings);
  const took = `${outcomes.length} organisations in ${seconds.toFixed(0)} s (${busiest.toFixed(0)} s of one processor)`;
  process.stdout.write(`${took}\n${tableOf(counts)}\n`);

  const broken = outcomes.flatMap(inWords);
  expect(broken, `${broken.length} organisations break a law; the first:\n${broken[0]}`).toHaveLength(0);
  if (chosenTasks()) return;
  const missing = [...demanded, ...settings.map((name) => `fixes under: ${name}`)].filter((name) => !counts.get(name));
  expect(missing, 'no organisation reached it').toEqual([]);
  // Of the processor: what else the machine does at the time is no matter of the laws.
  expect(busiest).toBeLessThan(mostSeconds);
});

/** Seeds differ between settings, so that each setting meets organisations of its own. */
const allTasks = (settings: readonly string[]): Task[] =>
  settings.flatMap((setting, place) =>
    Array.from({ length: organisationsEach }, (_, number) => ({ setting, seed: firstSeed + place * 1000 + number })),
  );

/** LAWS_SEED, and LAWS_SETTING: one organisation again. */
function chosenTasks(): Task[] | undefined {
  const { LAWS_SEED: seed, LAWS_SETTING: setting = 'the defaults' } = process.env;
  return seed === undefined ? undefined : [{ setting, seed: Number(seed) }];
}

function inWords({ seed, setting, broken }: Outcome): string[] {
  return broken === undefined ? [] : [`LAWS_SEED=${seed} LAWS_SETTING='${setting}'\n${broken}`];
}
