import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { caseView } from '../api-contract.ts';
import type { Composition } from '../compose.ts';
import { type Actor, actor } from '../domain/case-event.ts';
import type { Refusal } from '../domain/decide.ts';
import { answerJson, type FunctionDefinition, httpFunction } from './http-function.ts';
import type { Principal } from './principal.ts';
import { malformed, problem } from './problem.ts';

type Committed = Awaited<ReturnType<Composition['approve']>>;

/** A POST on one case that an approver may do: the body is checked, the pipeline decides, and the new case is the answer. */
export function caseAction<Body>(
  name: string,
  verb: string,
  shape: z.ZodType<Body>,
  act: (composition: Composition, id: string, by: Actor, body: Body) => Promise<Committed>,
): FunctionDefinition {
  return httpFunction({
    name,
    method: 'POST',
    route: `api/cases/{id}/${verb}`,
    role: 'Approver',
    async answer({ composition, request, principal, body }) {
      const parsed = shape.safeParse(body);
      if (!parsed.success) return malformed(parsed.error);
      const id = request.params['id'] ?? '';
      if (!isCaseId(id)) return noSuchCase(id);
      const committed = await act(composition, id, actorOf(principal), parsed.data);
      return 'refusal' in committed ? refused(committed.refusal, id) : answerJson(caseView(committed.case));
    },
  });
}

export const isCaseId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id);
export const noSuchCase = (id: string): HttpResponseInit =>
  problem(404, 'No such case', `There is no case '${id}'. List the cases with GET /api/cases.`);

const actorOf = ({ oid, name }: Principal): Actor => actor.parse({ oid, ...(name === undefined ? {} : { name }) });

function refused({ code, message, planHash }: Refusal, id: string): HttpResponseInit {
  switch (code) {
    case 'NotFound':
      return noSuchCase(id);
    case 'NoSuchFix':
      return problem(404, 'No such fix', message, { code, errors: [{ field: 'fixId', message }] });
    case 'PartyStatementNeeded':
      return problem(400, 'Statement needed', message, { code, errors: [{ field: 'party', message }] });
    case 'FourEyes':
      return problem(403, 'Four eyes', message, { code });
    default:
      return problem(409, 'Conflict', message, { code, ...(planHash === undefined ? {} : { planHash }) });
  }
}
