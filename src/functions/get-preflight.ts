import { preflightPageQuery } from '../api-contract.ts';
import { isPreflightId, preflightDays } from '../domain/preflight.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed, problem } from './problem.ts';

export const getPreflight = httpFunction({
  name: 'getPreflight',
  method: 'GET',
  route: 'api/preflight/{id}',
  role: 'Reader',
  async answer({ composition, request }) {
    const id = request.params['id'] ?? '';
    const query = preflightPageQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const { from, pageSize } = query.data;
    const found = isPreflightId(id) ? await composition.readPreflight(id, from, pageSize) : null;
    if (found === null) {
      const detail = `There are no answers to '${id}': they are kept for ${preflightDays} days.`;
      return problem(404, 'No such preflight', detail);
    }
    const { job, answers } = found;
    const { state, done, total, message, createdAt, updatedAt } = job;
    const next = from + answers.length;
    return answerJson({
      id,
      state,
      done,
      total,
      ...(message === undefined ? {} : { message }),
      createdAt,
      updatedAt,
      answers,
      ...(answers.length > 0 && next < total ? { next: `/api/preflight/${id}?from=${next}&pageSize=${pageSize}` } : {}),
    });
  },
});
