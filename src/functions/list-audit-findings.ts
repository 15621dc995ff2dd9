import { findingsQuery } from '../api-contract.ts';
import { noSuchAudit } from './get-audit.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed, problem } from './problem.ts';

export const listAuditFindings = httpFunction({
  name: 'listAuditFindings',
  method: 'GET',
  route: 'api/audits/{id}/findings',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = findingsQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    const found = await composition.readFindings(request.params['id'] ?? '', query.data);
    switch (found.kind) {
      case 'page':
        return answerJson(found.page);
      case 'noSuchRun':
        return noSuchAudit();
      case 'noReport':
        return problem(
          404,
          'No report',
          'This run of the audit has left no report: it is still running, or it failed.',
        );
      case 'foreignToken':
        return problem(
          400,
          'Malformed request',
          'The continuationToken does not belong to this query. Start again without it.',
          { errors: [{ field: 'continuationToken', message: 'does not belong to this query' }] },
        );
    }
  },
});
