import type { Diagnosis } from '../domain/diagnosis.ts';
import { notUnderstoodCode } from '../domain/error-family.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import type { Sighting } from '../domain/sighting.ts';
import type { SyncErrorKind } from './kind.ts';

/** Whatever no other kind claims: nothing is lost, and a person reads the source's own words. */
export const notUnderstood: SyncErrorKind = {
  meta: {
    code: notUnderstoodCode,
    family: notUnderstoodCode,
    layer: 'any',
    description: 'An error that the catalogue has no kind for',
    risk: 'low',
  },
  seeks: () => null,
  diagnose: (sighting) => sayNotUnderstood(sighting, `The catalogue has no kind for ${sighting.originalCode}.`),
};

/** Also for an error of a known kind whose report lacks what its diagnosis needs. */
export function sayNotUnderstood(sighting: Sighting, why: string): Diagnosis {
  const { displayName, identities, originalCode, source } = sighting;
  const known = Object.entries(identities).map(([name, value]) => `${name} ${value}`);
  return {
    reason: notUnderstoodCode,
    message: `${why} It concerns ${displayName}.`,
    fixes: [
      runbookFix({
        id: 'read-the-report',
        title: `Read what ${source} said about ${displayName}`,
        risk: 'low',
        runbook: [
          { text: `The report (${originalCode}), as it came: ${JSON.stringify(sighting.raw)}` },
          { text: `Find the object: ${known.join(', ')}.` },
          {
            text: 'Look the error up in the documentation of Entra Connect ("Troubleshoot errors during synchronization"), correct the value in the directory where the object is mastered, and let the synchronisation run.',
            command: 'Start-ADSyncSyncCycle -PolicyType Delta',
          },
          { text: 'Recheck the case: it is resolved when the source reports the error no more.' },
        ],
      }),
    ],
    unknowns: [],
  };
}
