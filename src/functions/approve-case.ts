import { approveRequest } from '../api-contract.ts';
import { caseAction } from './case-action.ts';

export const approveCase = caseAction('approveCase', 'approve', approveRequest, (composition, id, by, body) =>
  composition.approve(id, by, body),
);
