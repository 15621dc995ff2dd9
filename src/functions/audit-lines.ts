import type { Composition } from '../compose.ts';
import { noSuchAudit } from './get-audit.ts';
import { answerJson } from './http-function.ts';
import { problem } from './problem.ts';

type LinesAnswer = Awaited<ReturnType<Composition['readFindings']>>;

/** A page of what a run has left. @param noReport why there is none, to a person */
export function answerLines(found: LinesAnswer, noReport: string) {
  switch (found.kind) {
    case 'page':
      return answerJson(found.page);
    case 'noSuchRun':
      return noSuchAudit();
    case 'noReport':
      return problem(404, 'No report', noReport);
    case 'foreignToken':
      return problem(
        400,
        'Malformed request',
        'The continuationToken does not belong to this query. Start again without it.',
        { errors: [{ field: 'continuationToken', message: 'does not belong to this query' }] },
      );
  }
}
