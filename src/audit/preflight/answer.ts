import type { Severity } from '../finding.ts';
import type { Unknown } from './claims.ts';
import type { PreflightHolder } from './holders.ts';

/** Of thousands of objects of one request each may want what all the others want. */
export const mostHolders = 20;

export interface PreflightInput {
  readonly attribute: string;
  readonly value: string;
  readonly proposal?: string;
}

export interface PreflightProblem {
  /** The audit's rule; or `ObjectNotFound`, `DistinguishedNameTaken`, `ReleasedInSameRequest`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly attribute: string;
  readonly value: string | null;
  readonly message: string;
  readonly remedy: string;
  /** A value that breaks no rule, that nobody holds on either side, and that no other object of the request wants or is proposed. */
  readonly proposal?: string;
  /** Every attribute by which the object would hold the value, when a collision is the problem. */
  readonly inputs?: readonly PreflightInput[];
  /** At most `mostHolders`, those that take part first. */
  readonly holders?: readonly PreflightHolder[];
  /** How many more there are. */
  readonly furtherHolders?: number;
  readonly wouldSoftMatch?: { readonly id: string; readonly name: string };
}

export interface PreflightAnswer {
  readonly key: string;
  /** `clear`: all was asked, and no error or warning was found. `unknown`: none was found, but not all could be asked. */
  readonly verdict: 'clear' | 'problems' | 'unknown';
  readonly problems: readonly PreflightProblem[];
  readonly unknowns: readonly Unknown[];
}

/** @param all those that take part first */
export const holdersToName = (
  all: readonly PreflightHolder[],
): Pick<PreflightProblem, 'holders' | 'furtherHolders'> => ({
  holders: all.slice(0, mostHolders),
  ...(all.length > mostHolders ? { furtherHolders: all.length - mostHolders } : {}),
});
