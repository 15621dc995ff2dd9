import type { Fix, Risk } from '../domain/diagnosis.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import type { Sighting } from '../domain/sighting.ts';

interface AuditFinding {
  readonly message: string;
  readonly remedy: string;
  readonly proposal: string | null;
  /** Everybody who holds the value, as the audit named them. */
  readonly holders: readonly string[];
}

/** What the audit said, out of the raw words of its sighting. */
export function findingIn({ raw, originalCode }: Sighting): AuditFinding {
  const text = (name: string): string | null => (typeof raw[name] === 'string' ? raw[name] : null);
  const holders = Array.isArray(raw['holders']) ? raw['holders'] : [];
  return {
    message: text('message') ?? `The audit reported ${originalCode}.`,
    remedy: text('remedy') ?? 'Correct the value in the directory where the object is mastered.',
    proposal: text('proposal'),
    holders: holders.filter((name) => typeof name === 'string'),
  };
}

/** A runbook of the audit's own words, for what is never automated or cannot be read again. */
export function auditRunbook(sighting: Sighting, id: string, risk: Risk, more: Fix['runbook'] = []): Fix {
  const { displayName, identities, attribute, value } = sighting;
  const { message, remedy, proposal, holders } = findingIn(sighting);
  const known = Object.entries(identities).map(([name, identity]) => `${name} ${identity}`);
  const stored = attribute === undefined ? '' : ` (${attribute}${value === undefined ? '' : `: '${value}'`})`;
  return runbookFix({
    id,
    title: `Deal with what the audit found at ${displayName}`,
    risk,
    runbook: [
      { text: `${message}${stored}` },
      { text: `Find the object: ${known.join(', ')}.` },
      ...(holders.length === 0 ? [] : [{ text: `It concerns: ${holders.join('; ')}.` }]),
      ...more,
      { text: proposal === null ? remedy : `${remedy} This would do: ${proposal}` },
      { text: 'The case is closed when two audits in a row do not find it any more.' },
    ],
  });
}
