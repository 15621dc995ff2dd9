import { duplicateValue } from '../domain/error-family.ts';
import { diagnoseDuplicateValue } from './diagnose-duplicate-value.ts';
import type { SyncErrorKind } from './kind.ts';
import { sayNotUnderstood } from './not-understood.ts';

/** The object was created, with a placeholder in the place of its sign-in name: another object has that name. */
export const quarantinedUserPrincipalName: SyncErrorKind = {
  meta: {
    code: 'QuarantinedUserPrincipalName',
    family: duplicateValue,
    layer: 'cloud',
    description: 'A userPrincipalName that another object holds was quarantined',
    risk: 'high',
    attribute: 'userPrincipalName',
  },
  seeks: ({ value }) => (value ? { attribute: 'userPrincipalName', value } : null),
  diagnose: (sighting, evidence) =>
    evidence === null
      ? sayNotUnderstood(sighting, 'The report names no value, so its holder cannot be looked for.')
      : diagnoseDuplicateValue(evidence),
};
