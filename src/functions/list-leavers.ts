import { leaversQuery } from '../api-contract.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed, problem } from './problem.ts';

export const listLeavers = httpFunction({
  name: 'listLeavers',
  method: 'GET',
  route: 'api/leavers',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = leaversQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const { days, pageSize, continuationToken } = query.data;
    const page = await composition.listLeavers(days, pageSize, continuationToken);
    if (page === null) {
      const message = 'does not belong to this query, or is too old: start again without it';
      return problem(400, 'Malformed request', `The continuationToken ${message}.`, {
        errors: [{ field: 'continuationToken', message }],
      });
    }
    return answerJson(page);
  },
});
