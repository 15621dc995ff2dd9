import type { Severity } from '../../audit/finding.ts';

/** One thing found, in the words of the profile that found it. */
export interface Reported {
  /** As the JSON report gives it; null: it leaves it out. */
  readonly json: unknown;
  readonly row: ReportRow;
}

/** What the other reports show of it. */
export interface ReportRow {
  readonly severity: Severity;
  /** The rule's code; of idfix-compat the errors as IdFix prints them; of a prediction the outcome. */
  readonly rule: string;
  /** Of a prediction; empty: it is none. */
  readonly certainty: '' | 'certain' | 'possible';
  readonly object: string;
  readonly objectType: string;
  readonly distinguishedName: string;
  readonly objectGUID: string;
  /** `entra`, or the forest. */
  readonly origin: string;
  readonly attribute: string;
  /** Null: the attribute is absent. */
  readonly value: string | null;
  readonly message: string;
  readonly remedy: string;
  /** Null: there is none. */
  readonly proposal: string | null;
  /** What IdFix would do with the row; of idfix-compat only. */
  readonly action: string;
  readonly holders: readonly ReportHolder[];
  /** What IdFix's own files say of the value; empty: nothing. */
  readonly idFix: string;
  /** Stands beside the findings, and is none. */
  readonly isNote: boolean;
}

export interface ReportHolder {
  readonly object: string;
  readonly objectType: string;
  readonly distinguishedName: string;
  /** `proxyAddresses smtp:ada@contoso.com`. */
  readonly inputs: readonly string[];
  /** Why it takes no part in the conflict; empty: it does. */
  readonly placed: string;
}

export type ReportedBatches = AsyncIterable<readonly Reported[]>;

/** What a report tells, which decides its columns. */
export type ReportKind = 'findings' | 'predictions' | 'idfix-rows';

/** What a report says of the run as a whole. */
export interface ReportContext {
  readonly kind: ReportKind;
  readonly profile: string;
  /** ISO 8601. */
  readonly now: string;
  /** Files or the URL. */
  readonly sources: readonly string[];
  readonly withIdFix: boolean;
  /** Known when the first reading is over. */
  readonly objects: number;
  /** Whether something of the input could not be read. */
  readonly incomplete: boolean;
}

/** Turns what was found into text, as it comes. */
export type WriteReport = (found: ReportedBatches, context: ReportContext) => AsyncIterable<string>;
