import { type Case, executedFix, pendingChanges } from './case.ts';
import type { CaseEvent, ChangeResult } from './case-event.ts';
import { type Command, type Decision, nothing, wrongState } from './decide.ts';
import { dueWork, laneOf } from './lane.ts';
import { giveUpAfterSeconds, secondsUntilNextAttempt } from './retry-schedule.ts';

type ExecutionCommand = Extract<Command, { do: 'claim' | 'recordResults' | 'noteDeadLetter' }>;

/** Claims without an outcome after which a case is taken to be what kills the worker. */
const mostOpenClaims = 3;
const mostDeadLetterRounds = 3;

export function decideExecution(command: ExecutionCommand, subject: Case): Decision {
  switch (command.do) {
    case 'claim':
      return claim(command, subject);
    case 'recordResults':
      return recordResults(command, subject);
    case 'noteDeadLetter':
      return noteDeadLetter(command.queue, subject);
  }
}

function claim({ lane, now }: Extract<Command, { do: 'claim' }>, subject: Case): Decision {
  const due = dueWork(subject);
  const { execution } = subject;
  if (!due || !execution || due.lane !== lane || due.notBefore > now)
    return wrongState(subject, 'there is nothing to claim in this lane now.');
  if (subject.state === 'Approved' && execution.until <= now) {
    return {
      events: [
        {
          type: 'Expired',
          data: { reason: 'The approval ran out before the change could be written. Recheck the case to plan anew.' },
        },
      ],
    };
  }
  if (execution.openClaims >= mostOpenClaims) {
    return {
      events: [
        {
          type: 'Failed',
          data: {
            results: [],
            reason: `The worker ended ${mostOpenClaims} times while it carried out this plan, without an outcome.`,
            next: 'Look at the objects: a change may have been written. Recheck the case to plan anew.',
          },
        },
      ],
    };
  }
  const plan = executedFix(subject);
  const changes = pendingChanges(subject).filter((index) => {
    const change = plan?.changes[index];
    return change !== undefined && laneOf(subject.tenant, change) === lane;
  });
  return { events: [{ type: 'Claimed', data: { claim: execution.openClaims + 1, changes } }] };
}

function recordResults({ results, now, jitter }: Extract<Command, { do: 'recordResults' }>, subject: Case): Decision {
  const { execution } = subject;
  if (subject.state !== 'Applying' || !execution || execution.openClaims === 0)
    return wrongState(subject, 'no claim is open.');
  const refused = results.find((result) => result.outcome !== 'Applied' && result.outcome !== 'TryAgain');
  const wrote = [...execution.results, ...results].some((result) => result.outcome === 'Applied');
  // First of all: a change without an answer may have been written, so the plan cannot be called stopped yet.
  if (results.some((result) => result.outcome === 'TryAgain'))
    return { events: [postponed(results, now, jitter, subject, wrote)] };
  if (refused) return { events: [stopped(refused, results, wrote, subject)] };
  return { events: [advanced(results, now, subject)] };
}

function stopped(refused: ChangeResult, results: ChangeResult[], wrote: boolean, subject: Case): CaseEvent {
  const change = executedFix(subject)?.changes[refused.index];
  const where = change ? `${change.attribute} of ${change.objectName}: ` : '';
  if (wrote) {
    return {
      type: 'PartlyApplied',
      data: {
        results,
        message: `Some changes were written, then the plan stopped: ${explain(refused)} What was done can be undone.`,
      },
    };
  }
  switch (refused.outcome) {
    case 'Stale':
    case 'Gone':
      return {
        type: 'WentStale',
        data: { results, message: `Nothing was written: ${explain(refused)} The case is diagnosed again.` },
      };
    case 'NotPermitted':
      return {
        type: 'Failed',
        data: {
          results,
          reason: `Nothing was written: ${where}${refused.message}`,
          next: `${refused.remedy} Then recheck the case.`,
        },
      };
    default:
      return {
        type: 'Failed',
        data: {
          results,
          reason: `Nothing was written: ${explain(refused)}`,
          next: 'Recheck the case to plan with the present facts.',
        },
      };
  }
}

function explain(result: ChangeResult): string {
  switch (result.outcome) {
    case 'Stale':
      if (result.because !== undefined) return result.because;
      return `the object no longer holds what the plan was made for (found: ${JSON.stringify(result.found)}).`;
    case 'Gone':
      return `the object is gone (${result.message}).`;
    case 'Refused':
      return `the directory refused it (${result.code}: ${result.message}).`;
    case 'NotPermitted':
      return `it is not permitted (${result.message}).`;
    default:
      return '';
  }
}

function postponed(results: ChangeResult[], now: string, jitter: number, subject: Case, wrote: boolean): CaseEvent {
  const { execution } = subject;
  const since = execution?.tryingSince ?? now;
  const waiting = results.filter((result) => result.outcome === 'TryAgain');
  const message = waiting.map((result) => result.message).join(' ');
  if (Date.parse(now) - Date.parse(since) >= giveUpAfterSeconds * 1000) {
    const reason = `The directory could not be reached for 24 hours: ${message}`;
    return wrote
      ? { type: 'PartlyApplied', data: { results, message: `${reason} What was done can be undone.` } }
      : { type: 'Failed', data: { results, reason, next: 'Mend the connection, then recheck the case.' } };
  }
  const attempt = execution?.attempt ?? 0;
  const asked = Math.max(0, ...waiting.map((result) => result.afterSeconds ?? 0));
  const notBefore = new Date(Date.parse(now) + secondsUntilNextAttempt(attempt, jitter, asked) * 1000).toISOString();
  return {
    type: 'Postponed',
    data: {
      results,
      notBefore,
      attempt: attempt + 1,
      since,
      message: `Not written yet: ${message} Next attempt at ${notBefore}.`,
    },
  };
}

function advanced(results: ChangeResult[], now: string, subject: Case): CaseEvent {
  const applied = new Set(
    [...(subject.execution?.results ?? []), ...results]
      .filter((one) => one.outcome === 'Applied')
      .map((one) => one.index),
  );
  const left = (executedFix(subject)?.changes ?? []).flatMap((change, index) =>
    applied.has(index) ? [] : [change.stage],
  );
  if (left.length === 0) return { type: 'Applied', data: { results, at: now } };
  if (!left.includes('release') && subject.execution?.stage === 'release')
    return { type: 'ReleaseApplied', data: { results, at: now } };
  // The rest of the stage lies in another lane.
  return {
    type: 'Postponed',
    data: { results, notBefore: now, attempt: 0, since: now, message: 'Written in one directory; the other follows.' },
  };
}

function noteDeadLetter(queue: string, subject: Case): Decision {
  if (subject.state === 'MergedInto' || subject.state === 'Undone' || subject.state === 'Rejected') return nothing;
  const round = subject.deadLetterRounds + 1;
  if (round <= mostDeadLetterRounds) return { events: [{ type: 'DeadLettered', data: { queue, round } }] };
  if (subject.state === 'Resolved') return nothing;
  return {
    events: [
      {
        type: 'Failed',
        data: {
          results: [],
          reason: `The message on '${queue}' ended the worker in ${mostDeadLetterRounds} rounds of deliveries.`,
          next: 'The log of the worker names the bug. Recheck the case when it is mended.',
        },
      },
    ],
  };
}
