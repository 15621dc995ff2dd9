import type { Audit } from '../compose.ts';
import { checkTrail, rebuild, type Trail, type TrailCheck } from '../domain/audit-trail.ts';

export type Print = (line: string) => void;

/**
 * Checks every case: one line for each thing that is wrong, then a count.
 * @returns whether nothing wrong is left
 */
export async function verifyTrails({ trail }: Pick<Audit, 'trail'>, repair: boolean, print: Print): Promise<boolean> {
  const count = { cases: 0, broken: 0, outdated: 0, repaired: 0 };
  for await (const seen of trail.trails()) {
    count.cases += 1;
    // A case may have moved on while it was read: only what a read of it alone confirms is wrong.
    const found = isClean(checkTrail(seen)) ? null : await trail.read(seen.id);
    if (!found) continue;
    const check = checkTrail(found);
    // With a broken record every difference to it is only a consequence.
    for (const sentence of check.broken.length > 0 ? check.broken : check.outdated) print(`${found.id}: ${sentence}`);
    if (check.broken.length > 0) count.broken += 1;
    else if (!isClean(check) && repair && (await repairProjection(trail, found, print))) count.repaired += 1;
    else if (!isClean(check)) count.outdated += 1;
  }
  print(
    `${count.cases} cases: ${count.broken} broken, ${count.outdated} shown wrongly, ${count.repaired} repaired, the rest sound.`,
  );
  return count.broken + count.outdated === 0;
}

const isClean = ({ broken, outdated }: TrailCheck): boolean => broken.length + outdated.length === 0;

async function repairProjection(trail: Audit['trail'], found: Trail, print: Print): Promise<boolean> {
  const rebuilt = rebuild(found);
  const outcome = rebuilt && (await trail.replaceProjection(found, rebuilt));
  const repaired = outcome === 'replaced';
  print(
    `${found.id}: ${repaired ? 'repaired, from its events.' : 'not repaired, it changed meanwhile; run verify again.'}`,
  );
  return repaired;
}
