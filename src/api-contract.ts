import { z } from 'zod';
import { type AuditRun, isAuditRunId } from './domain/audit-run.ts';
import { type Case, endedStates } from './domain/case.ts';
import type { RecordedEvent } from './domain/recorded-event.ts';

/** HTTP shapes of the API. Errors are RFC 9457 problem details. */

const reason = z.string().trim().min(1, 'say why, in a sentence').max(2000);

export const approveRequest = z.strictObject({
  fixId: z.string().min(1),
  /** Any other string than the fix's current hash is a conflict, not a malformed request. */
  planHash: z.string().max(200),
  reason,
  /** The approver's own statement; needed when the case says Undecided. */
  party: z.enum(['DifferentParties', 'SamePerson', 'Undecided']).optional(),
});
export const reasonRequest = z.strictObject({ reason });
export const recheckRequest = z.strictObject({ reason: reason.optional() });

export const listQuery = z.strictObject({
  continuationToken: z.string().max(500).optional(),
  /** Only cases in one of these states, comma-separated. */
  state: z.string().optional(),
  code: z.string().optional(),
  /** Part of the value or of the object's name, ignoring case. */
  search: z.string().max(200).optional(),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});

export const auditsQuery = z.strictObject({
  continuationToken: z
    .string()
    .refine(isAuditRunId, 'does not belong to this query: start again without it')
    .optional(),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});
export const findingsQuery = z.strictObject({
  rule: z
    .string()
    .regex(/^[A-Za-z]{1,100}$/, "must be a rule's code, such as UserPrincipalNameCharacters")
    .optional(),
  severity: z.enum(['error', 'warning', 'information']).optional(),
  continuationToken: z.string().max(500).optional(),
  pageSize: z.coerce.number().int().min(1).max(1000).default(100),
});
export const predictionsQuery = z.strictObject({
  outcome: z
    .string()
    .regex(/^[A-Za-z]{1,100}$/, 'must be an outcome, such as QuarantinedProxyAddress')
    .optional(),
  certainty: z.enum(['certain', 'possible']).optional(),
  continuationToken: z.string().max(500).optional(),
  pageSize: z.coerce.number().int().min(1).max(1000).default(100),
});
export const trendQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) });

/** A run of the audit as the API shows it. */
export const auditRunView = ({ v: _, report, forecast, ...run }: AuditRun) => ({
  ...run,
  /** Lines of `/api/audits/{id}/findings`; absent: there is no report. */
  ...(report === undefined ? {} : { reported: report.lines }),
  /** Lines of `/api/audits/{id}/predictions`; absent: nothing was predicted. */
  ...(forecast === undefined ? {} : { predicted: forecast.lines }),
});
export type AuditRunView = ReturnType<typeof auditRunView>;

export const leaversQuery = z.strictObject({
  /** Without use for so many days; absent: as the audit counts. */
  days: z.coerce.number().int().min(1).max(3650).optional(),
  continuationToken: z.string().max(4000).optional(),
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
});

export const preflightPageQuery = z.strictObject({
  /** Place of the first object. */
  from: z.coerce.number().int().min(0).default(0),
  pageSize: z.coerce.number().int().min(1).max(200).default(100),
});

/** RFC 9457. `errors` names each field of the request that does not fit, with the remedy. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly [extension: string]: unknown;
}

export const largestRequestBody = 64 * 1024;

/** App roles, each including the ones before it. */
export const appRoles = ['Reader', 'Approver', 'Operator'] as const;
export type AppRole = (typeof appRoles)[number];

/** A case as the API shows it. Without `history` its events come without their data. */
export function caseView(subject: Case, history?: readonly RecordedEvent[]) {
  const {
    id,
    tenant,
    state,
    conflictSet,
    error,
    holders,
    diagnosis,
    fixes,
    message,
    createdAt,
    updatedAt,
    mergedInto,
    evidence,
  } = subject;
  const approval = approvalOf(subject);
  return {
    id,
    tenant,
    state,
    message,
    ...(subject.execution && ['Approved', 'Applying', 'Applied'].includes(state)
      ? { stage: subject.execution.stage }
      : {}),
    ...(conflictSet === undefined ? {} : { conflictSet }),
    ...(mergedInto === undefined ? {} : { mergedInto }),
    ...(subject.erased ? { erased: true } : {}),
    error,
    subject: subject.subject,
    holders,
    diagnosis: diagnosis ? diagnosisView(diagnosis) : notDiagnosed(subject),
    fixes,
    ...(approval ? { approval } : {}),
    ...(evidence ? { evidence } : {}),
    ...(subject.undo ? { undo: subject.undo } : {}),
    ...(subject.resolution ? { resolution: subject.resolution } : {}),
    createdAt,
    updatedAt,
    events: history ? history.map(eventView) : subject.events,
  };
}
export type CaseView = ReturnType<typeof caseView>;

const notDiagnosed = ({ erased, state }: Case) =>
  erased && endedStates.includes(state)
    ? { reason: 'Erased', message: 'Personal data of this case was erased.' }
    : { reason: 'BeingDiagnosed', message: 'The facts are being gathered.' };

/** `party` is the verdict in one word; the facts it rests on stand beside it. */
const diagnosisView = ({ fixes: _fixes, party, ...rest }: NonNullable<Case['diagnosis']>) => ({
  ...rest,
  ...(party ? { party: party.verdict, partyFacts: party.facts } : {}),
});

/** The approval that runs, or the last that was carried out. */
function approvalOf({ execution, done }: Case) {
  const latest = execution ?? done.at(-1);
  if (!latest) return undefined;
  const { fixId, planHash, by, at, reason: why, party, until, results } = latest;
  return { fixId, planHash, by, at, reason: why, ...(party === undefined ? {} : { party }), until, results };
}

const eventView = ({ sequence, at, by, type, state, event }: RecordedEvent) => ({
  sequence,
  at,
  by,
  type,
  state,
  data: event?.data ?? null,
});
