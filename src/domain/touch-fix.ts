import type { Fix } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { inverse } from './inverse.ts';
import type { Parties } from './party.ts';
import { planHash } from './plan-hash.ts';
import { predictForChanged } from './predict-export.ts';
import { releaseFix } from './release-fix.ts';

/** Release intervals without a holder after which a quarantine is taken to be stuck. */
export const intervalsUntilTouch = 3;

/**
 * Removes the subject's claim, lets that reach Entra, and makes the claim again: for a quarantine that stayed although no
 * holder is left (known from community reports).
 */
export function touchFix(parties: Parties, evidence: Evidence): Fix {
  const release = releaseFix([], [parties.subject], parties, evidence);
  const changes = [
    ...release.changes,
    ...release.changes.toReversed().map((change) => ({ ...inverse(change), stage: 'claim' as const })),
  ];
  return {
    ...release,
    id: `touch-${parties.subject.id.toLowerCase()}`,
    title: `Take ${evidence.sought.value} from ${parties.subject.name}, and give it back after a cycle`,
    planHash: planHash(changes),
    changes,
    runbook:
      release.kind === 'changes'
        ? []
        : [
            ...release.runbook,
            { text: `Then put ${evidence.sought.value} back as it was, and let the synchronisation run again.` },
          ],
    derived: predictForChanged(changes, parties),
    notes: [
      ...release.notes,
      `No holder has been visible for ${evidence.history.intervalsWithoutHolder} release intervals. If Exchange shows a hidden holder after all, remove the value there instead.`,
    ],
  };
}
