import { findingsQuery } from '../api-contract.ts';
import { answerLines } from './audit-lines.ts';
import { httpFunction } from './http-function.ts';
import { malformed } from './problem.ts';

export const listAuditFindings = httpFunction({
  name: 'listAuditFindings',
  method: 'GET',
  route: 'api/audits/{id}/findings',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = findingsQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    return answerLines(
      await composition.readFindings(request.params['id'] ?? '', query.data),
      'This run of the audit has left no report: it is still running, or it failed.',
    );
  },
});
