import { caseView, listQuery } from '../api-contract.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed, problem } from './problem.ts';

export const listCases = httpFunction({
  name: 'listCases',
  method: 'GET',
  route: 'api/cases',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = listQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const page = await composition.listCases(query.data);
    if (!page)
      return problem(
        400,
        'Malformed request',
        'The continuationToken does not belong to this query. Start again without it.',
        { errors: [{ field: 'continuationToken', message: 'does not belong to this query' }] },
      );
    return answerJson({ ...page, value: page.value.map((one) => caseView(one)) });
  },
});
