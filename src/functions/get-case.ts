import { caseView } from '../api-contract.ts';
import { isCaseId, noSuchCase } from './case-action.ts';
import { answerJson, httpFunction } from './http-function.ts';

export const getCase = httpFunction({
  name: 'getCase',
  method: 'GET',
  route: 'api/cases/{id}',
  role: 'Reader',
  async answer({ composition, request }) {
    const id = request.params['id'] ?? '';
    const found = isCaseId(id) ? await composition.readCase(id) : null;
    return found ? answerJson(caseView(found.case, found.events)) : noSuchCase(id);
  },
});
