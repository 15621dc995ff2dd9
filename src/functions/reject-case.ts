import { reasonRequest } from '../api-contract.ts';
import { caseAction } from './case-action.ts';

export const rejectCase = caseAction('rejectCase', 'reject', reasonRequest, (composition, id, by, body) =>
  composition.reject(id, by, body.reason),
);
