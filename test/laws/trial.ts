import { startGround } from './ground.ts';
import { holdToLaws } from './hold-to-laws.ts';
import { randomOrganisation } from './organisation.ts';

const g = await startGround();
const counts = new Map<string, number>();
const broken: string[] = [];
const from = Number(process.argv[2] ?? 0),
  n = Number(process.argv[3] ?? 20);
const switches = JSON.parse(process.argv[4] ?? '{}');
const t = performance.now();
for (let i = from; i < from + n; i++) {
  try {
    for (const r of await holdToLaws(g, randomOrganisation(i), { switches })) counts.set(r, (counts.get(r) ?? 0) + 1);
  } catch (e) {
    broken.push(
      (e as Error).name +
        ' ' +
        i +
        ': ' +
        (e as Error).message +
        ((e as Error).constructor.name === 'LawBroken' ? '' : (e as Error).stack),
    );
  }
}
console.log('ms per organisation', ((performance.now() - t) / n).toFixed());
console.log(
  [...counts]
    .sort()
    .map(([a, b]) => `${b}\t${a}`)
    .join('\n'),
);
console.log('broken', broken.length);
for (const b of broken) console.log('-----\n' + b.slice(0, process.argv[5] ? 9000 : 700));
await g.stop();
