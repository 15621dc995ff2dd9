import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Evidence } from '../domain/evidence.ts';
import { stepsToFindHiddenHolder } from '../domain/exchange-commands.ts';
import { bareAddress } from '../domain/proxy-address.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import { failedReads } from '../domain/unknown-facts.ts';

/** A search for holders failed: an absent holder proves nothing, so no change is offered. */
export function evidenceIncomplete(evidence: Evidence, unknowns: string[]): Diagnosis {
  const failed = failedReads(evidence);
  const { value } = evidence.sought;
  return {
    reason: 'EvidenceIncomplete',
    message: `Who holds ${value} could not be read completely: ${failed.join('; ')}`,
    fixes: [
      runbookFix({
        id: 'complete-the-evidence',
        title: `Find out who holds ${value}`,
        risk: 'low',
        runbook: [
          ...failed.map((text) => ({ text: `Missing: ${text}` })),
          { text: 'When that is put right, recheck the case. Until then, look by hand:' },
          ...stepsToFindHiddenHolder(bareAddress(value)),
        ],
      }),
    ],
    unknowns,
  };
}
