import { recheckRequest } from '../api-contract.ts';
import { caseAction } from './case-action.ts';

export const recheckCase = caseAction('recheckCase', 'recheck', recheckRequest, (composition, id, by, body) =>
  composition.recheck(id, by, body.reason),
);
