import type { Case, Execution } from './case.ts';
import { executedFix, toldOfWaiting } from './case.ts';
import type { CaseEvent, ChangeResult } from './case-event.ts';
import type { Sighting } from './sighting.ts';

/** What `evolve` needs of a recorded event: everything but its hashes. */
export interface Happening {
  readonly sequence: number;
  readonly at: string;
  readonly by: Case['events'][number]['by'];
  readonly type: string;
  readonly state?: Case['state'];
  readonly event: CaseEvent | null;
}

const erasedText = '(erased)';

/** The case after one more event. Pure; an erased event moves only state, time and history. */
export function evolve(before: Case | undefined, happening: Happening): Case {
  const { event, sequence, at, by, type } = happening;
  const started = before ?? blank(happening);
  const next = event
    ? apply(started, event, happening)
    : { ...started, erased: true, message: erasedText, state: happening.state ?? started.state };
  return {
    ...next,
    // A case that moves on was not what ended the worker.
    ...(next.state === started.state ? {} : { deadLetterRounds: 0 }),
    sequence,
    updatedAt: at,
    events: [...started.events, { sequence, at, by, type, state: next.state }],
  };
}

function blank({ event, at, state }: Happening): Case {
  const sighting = event?.type === 'Sighted' ? event.data.sighting : undefined;
  return {
    id: event?.type === 'Sighted' ? event.data.id : '',
    tenant: sighting?.tenant ?? '',
    state: state ?? 'Detected',
    sequence: -1,
    createdAt: at,
    updatedAt: at,
    error: errorOf(sighting),
    identities: sighting?.identities ?? { cloudId: '' },
    keys: [],
    sources: {},
    subject: subjectOf(sighting),
    holders: [],
    fixes: [],
    done: [],
    intervalsWithoutHolder: 0,
    undone: false,
    deadLetterRounds: 0,
    message: '',
    erased: false,
    events: [],
  };
}

/** Until the first diagnosis a case shows what its sighting says. */
function subjectOf(sighting: Sighting | undefined): Case['subject'] {
  return {
    displayName: sighting?.displayName ?? erasedText,
    objectType: sighting?.objectType ?? 'unknown',
    authority: 'unknown',
  };
}

function errorOf(sighting: Sighting | undefined): Case['error'] {
  return {
    code: sighting?.code ?? 'Erased',
    family: sighting?.family ?? 'Unknown',
    source: sighting?.source ?? 'unknown',
    originalCode: sighting?.originalCode ?? '',
    objectType: sighting?.objectType ?? 'unknown',
    ...(sighting?.attribute === undefined ? {} : { attribute: sighting.attribute }),
    ...(sighting?.value === undefined ? {} : { value: sighting.value }),
    ...(sighting?.occurredAt === undefined ? {} : { occurredAt: sighting.occurredAt }),
    raw: sighting?.raw ?? {},
  };
}

function apply(before: Case, event: CaseEvent, { at, by }: Happening): Case {
  switch (event.type) {
    case 'Sighted':
      return sighted(before, event.data);
    case 'AbsentSeen':
      return { ...before, sources: { ...before.sources, [event.data.source]: event.data.reads } };
    case 'Diagnosed': {
      const { diagnosis, evidence, gatheredAt, subject, holders, conflictSet } = event.data;
      const { execution: _over, undo: _none, conflictSet: _old, ...kept } = before;
      const canApply = diagnosis.fixes.some((fix) => fix.kind === 'changes' && fix.recommended);
      return {
        ...kept,
        ...(conflictSet === undefined ? {} : { conflictSet }),
        state: canApply ? 'AwaitingApproval' : 'NeedsPerson',
        evidence: { hash: evidence, gatheredAt },
        subject,
        holders,
        diagnosis,
        fixes: diagnosis.fixes,
        message: diagnosis.message,
      };
    }
    case 'DiagnosisRequested':
      return { ...before, state: before.state === 'Detected' ? 'Detected' : 'Stale', message: event.data.reason };
    case 'Approved':
      return {
        // Approving an undo ends the execution that it takes back.
        ...finish(withoutUndo(before), []),
        state: 'Approved',
        message: 'Approved; the change is written as soon as its directory has a free lane.',
        execution: {
          fixId: event.data.fixId,
          planHash: event.data.planHash,
          by,
          at,
          reason: event.data.reason,
          ...(event.data.party === undefined ? {} : { party: event.data.party }),
          until: event.data.until,
          results: [],
          begun: [],
          begunBefore: [],
          openClaims: 0,
          stage: firstStage(before, event.data.planHash),
          awaitingProof: false,
          attempt: 0,
        },
      };
    case 'Rejected':
      return rejected(before, event.data.reason);
    case 'Claimed':
      return updateExecution({ ...before, state: 'Applying' }, (running) => ({
        ...running,
        openClaims: event.data.claim,
        claimedAt: at,
        begunBefore: running.begun,
        begun: [...new Set([...running.begun, ...event.data.changes])],
      }));
    case 'Postponed': {
      const { results, notBefore, attempt, since, message } = event.data;
      return updateExecution({ ...before, state: 'Approved', message }, (running) => ({
        ...recordResults(running, results),
        notBefore,
        attempt,
        ...(attempt > 0 ? { tryingSince: since } : {}),
      }));
    }
    case 'ReleaseApplied':
      return updateExecution(
        {
          ...before,
          message: 'The value is released at its master; the claim follows when Entra has proven the release.',
        },
        (running) => ({ ...written(running, event.data.results, event.data.at), awaitingProof: true }),
      );
    case 'ReleaseProven':
      return updateExecution({ ...before, message: 'Release proven; the claim is written next.' }, (running) => {
        const { writtenAt: _written, exportProvenAt: _proven, ...rest } = running;
        // Due from now on, not from the approval: a wake for that second was sent long ago, and a second is a duplicate.
        return { ...rest, stage: 'claim', awaitingProof: false, attempt: 0, notBefore: at };
      });
    case 'Applied':
      return updateExecution(
        {
          ...before,
          state: 'Applied',
          message: 'Written at the master; waiting for the proof that the error is gone.',
        },
        (running) => ({ ...written(running, event.data.results, event.data.at), awaitingProof: true }),
      );
    case 'PartlyApplied':
      return finish({ ...before, state: 'PartlyApplied', message: event.data.message }, event.data.results);
    case 'WentStale':
      return finish({ ...before, state: 'Stale', message: event.data.message }, event.data.results);
    case 'Failed':
      return finish(
        { ...withoutUndo(before), state: 'Failed', message: `${event.data.reason} ${event.data.next}`.trim() },
        event.data.results,
      );
    case 'ExportProven':
      return updateExecution(
        toldOfWaiting(before) === undefined ? before : { ...before, message: event.data.proof },
        (running) => ({ ...running, exportProvenAt: event.data.at }),
      );
    case 'StillWaiting':
      return { ...before, message: event.data.message };
    case 'StillQuarantined':
      return {
        ...finish({ ...before, state: 'Reopened', message: event.data.message }, []),
        intervalsWithoutHolder: event.data.intervalsWithoutHolder,
      };
    case 'Resolved':
      return {
        ...finish({ ...before, state: 'Resolved', message: event.data.proof }, []),
        intervalsWithoutHolder: 0,
        resolution: { cause: event.data.cause, at, confirmedDays: 0 },
      };
    case 'ConfirmedLater':
      return before.resolution
        ? { ...before, resolution: { ...before.resolution, confirmedDays: event.data.days }, message: event.data.proof }
        : before;
    case 'Reopened':
      return finish({ ...before, state: 'Reopened', message: event.data.reason }, []);
    case 'Reverted':
      return finish({ ...before, state: 'Reverted', message: event.data.reason }, []);
    case 'Expired':
      return finish({ ...before, state: 'Expired', message: event.data.reason }, []);
    case 'UndoProposed': {
      const { fix, reason } = event.data;
      return {
        ...before,
        state: 'UndoProposed',
        fixes: [...before.fixes.filter((other) => other.id !== fix.id), fix],
        undo: { by, reason, fixId: fix.id, from: before.undo?.from ?? before.state },
        message: 'An undo is proposed; it needs an approval of its own.',
      };
    }
    case 'Undone': {
      const { done, ...rest } = finish({ ...before, state: 'Undone', undone: true, message: event.data.proof }, []);
      const taken = before.fixes.find((fix) => fix.planHash === before.execution?.planHash)?.undoOf;
      return { ...rest, done: done.filter((past) => past.fixId !== taken && past.fix.undoOf === undefined) };
    }
    case 'MergedInto':
      return { ...before, state: 'MergedInto', mergedInto: event.data.into, message: event.data.reason };
    case 'DeadLettered':
      return { ...before, deadLetterRounds: event.data.round };
    case 'Erased':
      return { ...before, erased: true, message: `Personal data was erased: ${event.data.reason}` };
  }
}

function sighted(before: Case, { keys, sighting }: { keys: string[]; sighting: Sighting }): Case {
  const again = before.state === 'Resolved';
  // Reported again after an erasure: the case knows the fault anew.
  const anew = before.erased && before.keys.length === 0;
  return {
    ...before,
    ...(anew ? { error: errorOf(sighting), subject: subjectOf(sighting) } : {}),
    state: again ? 'Reopened' : before.state,
    keys: [...new Set([...before.keys, ...keys])],
    sources: { ...before.sources, [sighting.source]: 0 },
    identities: { ...withoutBlank(before.identities), ...sighting.identities },
    message: again ? 'The error is reported again.' : before.message || 'Found; the facts are being gathered.',
  };
}

/** Rejecting an undo leaves the case as it was before someone asked for it. */
function rejected(before: Case, reason: string): Case {
  const { undo } = before;
  if (!undo) return finish({ ...before, state: 'Rejected', message: `Rejected: ${reason}` }, []);
  return {
    ...withoutUndo(before),
    state: undo.from,
    fixes: before.fixes.filter((fix) => fix.id !== undo.fixId),
    message: `The undo was rejected: ${reason}`,
  };
}

function withoutUndo({ undo: _undo, ...kept }: Case): Case {
  return kept;
}

const withoutBlank = (known: Case['identities']): Case['identities'] => (known.cloudId === '' ? {} : known);

function firstStage(before: Case, planHash: string): Execution['stage'] {
  const plan = before.fixes.find((fix) => fix.planHash === planHash);
  return plan?.changes.some((change) => change.stage === 'release') ? 'release' : 'claim';
}

function updateExecution(before: Case, change: (running: Execution) => Execution): Case {
  return before.execution ? { ...before, execution: change(before.execution) } : before;
}

function recordResults(running: Execution, results: readonly ChangeResult[]): Execution {
  const newer = new Set(results.map((result) => result.index));
  return {
    ...running,
    openClaims: 0,
    results: [...running.results.filter((old) => !newer.has(old.index)), ...results],
  };
}

function written(running: Execution, results: readonly ChangeResult[], at: string): Execution {
  const { notBefore: _wait, tryingSince: _since, ...rest } = recordResults(running, results);
  return { ...rest, writtenAt: at, attempt: 0 };
}

/** Ends the running execution; what it wrote stays on record for an undo. */
function finish(before: Case, results: readonly ChangeResult[]): Case {
  const { execution, ...kept } = before;
  if (!execution) return kept;
  const over = recordResults(execution, results);
  const fix = executedFix(before);
  const wrote = over.results.some((result) => result.outcome === 'Applied');
  return wrote && fix ? { ...kept, done: [...kept.done, { ...over, fix }] } : kept;
}
