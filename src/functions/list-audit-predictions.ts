import { predictionsQuery } from '../api-contract.ts';
import { answerLines } from './audit-lines.ts';
import { httpFunction } from './http-function.ts';
import { malformed } from './problem.ts';

export const listAuditPredictions = httpFunction({
  name: 'listAuditPredictions',
  method: 'GET',
  route: 'api/audits/{id}/predictions',
  role: 'Reader',
  async answer({ composition, request }) {
    const query = predictionsQuery.safeParse(Object.fromEntries(request.query));
    if (!query.success) return malformed(query.error);
    return answerLines(
      await composition.readPredictions(request.params['id'] ?? '', query.data),
      'This run of the audit has predicted nothing: it is still running, or its problems say why.',
    );
  },
});
