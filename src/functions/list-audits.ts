import { auditRunView, auditsQuery } from '../api-contract.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed } from './problem.ts';

export const listAudits = httpFunction({
  name: 'listAudits',
  method: 'GET',
  route: 'api/audits',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = auditsQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const { value, ...more } = await composition.listAudits(query.data.pageSize, query.data.continuationToken);
    return answerJson({ value: value.map(auditRunView), ...more });
  },
});
