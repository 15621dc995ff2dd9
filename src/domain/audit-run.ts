import { z } from 'zod';

const severity = z.enum(['error', 'warning', 'information']);

/** How often a rule was broken, by severity. */
export const auditCount = z.strictObject({ rule: z.string(), severity, count: z.number() });
export type AuditCount = z.infer<typeof auditCount>;

/** How often the next synchronisation will do what. */
export const predictionCount = z.strictObject({
  outcome: z.string(),
  certainty: z.enum(['certain', 'possible']),
  count: z.number(),
});
export type PredictionCount = z.infer<typeof predictionCount>;

/** Where in a file reading can begin: the octet, and how many lines come before. */
export const auditBlock = z.strictObject({ offset: z.number(), line: z.number() });
export type AuditBlock = z.infer<typeof auditBlock>;

const linesFile = z.strictObject({ file: z.string(), lines: z.number(), blocks: z.array(auditBlock) });

/** One run of the directory audit. */
export const auditRun = z.strictObject({
  v: z.literal(1),
  /** Its start in ISO 8601's basic form, and a word that no other run of that moment has. */
  id: z.string(),
  /** `incomplete`: a part of the directories is missing, so that absence proves nothing. `failed`: there are no results. */
  state: z.enum(['running', 'complete', 'incomplete', 'failed']),
  /** What the schedule asked for. */
  asked: z.enum(['full', 'changes']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** How each domain was read. `because`: why in full, though only changes were asked for. */
  domains: z.array(
    z.strictObject({
      forest: z.string(),
      domain: z.string(),
      domainController: z.string(),
      mode: z.enum(['full', 'changes']),
      because: z.string().optional(),
      /** Objects that were told, deleted ones among them. */
      read: z.number(),
    }),
  ),
  objects: z.strictObject({ activeDirectory: z.number(), entra: z.number() }),
  findings: z.array(auditCount),
  /** `leftOut`: findings beyond the most cases of one run; they are in the report, and a later run opens them. */
  cases: z.strictObject({ opened: z.number(), known: z.number(), leftOut: z.number() }),
  /** The first hundred, for people. */
  problems: z.array(z.string()),
  problemCount: z.number(),
  /** The file of all findings; absent: there is none (any more). */
  report: linesFile.optional(),
  /** Absent: nothing was predicted; `problems` says why. */
  predictions: z.array(predictionCount).optional(),
  /** The file of all predictions; absent: there is none (any more). */
  forecast: linesFile.optional(),
});
export type AuditRun = z.infer<typeof auditRun>;

/** What the last complete run of a day found. */
export const auditDay = z.strictObject({
  v: z.literal(1),
  day: z.iso.date(),
  run: z.string(),
  objects: z.strictObject({ activeDirectory: z.number(), entra: z.number() }),
  findings: z.array(auditCount),
});
export type AuditDay = z.infer<typeof auditDay>;

/** Every object on premises as the last run knew it, one file a forest, and where reading goes on. */
export const auditSnapshot = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime(),
  /** Opaque: of the relay's object stream. */
  checkpoint: z.string(),
  forests: z.array(z.strictObject({ forest: z.string(), file: z.string(), objects: z.number() })),
});
export type AuditSnapshot = z.infer<typeof auditSnapshot>;

/** @param word a few letters or digits */
export const auditRunId = (startedAt: Date, word: string): string =>
  `${startedAt.toISOString().replace(/[-:.]/g, '')}-${word}`;

export const isAuditRunId = (text: string): boolean => /^\d{8}T\d{9}Z-[0-9a-z]{1,12}$/.test(text);
