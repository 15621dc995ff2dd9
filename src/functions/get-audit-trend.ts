import { trendQuery } from '../api-contract.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed } from './problem.ts';

export const getAuditTrend = httpFunction({
  name: 'getAuditTrend',
  method: 'GET',
  route: 'api/audit-trend',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = trendQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const value = await composition.auditTrend(query.data.days);
    return answerJson({ value: value.map(({ v: _, ...day }) => day) });
  },
});
