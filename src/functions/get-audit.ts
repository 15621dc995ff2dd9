import { auditRunView } from '../api-contract.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { problem } from './problem.ts';

export const getAudit = httpFunction({
  name: 'getAudit',
  method: 'GET',
  route: 'api/audits/{id}',
  role: 'Reader',
  async answer({ composition, request }) {
    const found = await composition.readAudit(request.params['id'] ?? '');
    return found ? answerJson(auditRunView(found)) : noSuchAudit();
  },
});

export const noSuchAudit = () =>
  problem(404, 'No such audit', 'There is no run of the audit with this id. GET /api/audits lists them.');
