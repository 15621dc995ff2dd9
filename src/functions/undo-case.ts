import { reasonRequest } from '../api-contract.ts';
import { caseAction } from './case-action.ts';

export const undoCase = caseAction('undoCase', 'undo', reasonRequest, (composition, id, by, body) =>
  composition.undo(id, by, body.reason),
);
