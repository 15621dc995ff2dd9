import { type Case, executedFix } from './case.ts';
import { dueWork } from './lane.ts';

/** What lists, lanes and other cases need to know of a case without reading it. Derived, never the truth. */
export function summarise(subject: Case) {
  const {
    id,
    state,
    error,
    subject: object,
    createdAt,
    updatedAt,
    keys,
    sources,
    conflictSet = '',
    execution,
    mergedInto = '',
  } = subject;
  const due = dueWork(subject);
  const planned = ['Approved', 'Applying', 'Applied'].includes(state) ? (executedFix(subject)?.changes ?? []) : [];
  return {
    id,
    state,
    code: error.code,
    attribute: error.attribute ?? '',
    value: error.value ?? '',
    displayName: object.displayName,
    createdAt,
    updatedAt,
    keys,
    sources,
    conflictSet,
    /** Ids and objectGuids that its approved plan will change, while it is open. */
    planned: [...new Set(planned.map((change) => change.objectId))],
    /** The lane that has its next write, empty when there is none; the moment from which; claims without an outcome. */
    lane: due?.lane ?? '',
    notBefore: due?.notBefore ?? '',
    openClaims: execution?.openClaims ?? 0,
    /** The case that it is part of, empty when it stands for itself. */
    mergedInto,
    /** When a resolved case is to be looked at again, empty when it is not. */
    nextLook: nextLook(subject),
  };
}

const day = 24 * 60 * 60 * 1000;

function nextLook({ state, resolution }: Case): string {
  if (state !== 'Resolved' || resolution?.cause !== 'fixed' || resolution.confirmedDays >= 7) return '';
  const days = resolution.confirmedDays === 0 ? 1 : 7;
  return new Date(Date.parse(resolution.at) + days * day).toISOString();
}

export type CaseSummary = Readonly<ReturnType<typeof summarise>>;
