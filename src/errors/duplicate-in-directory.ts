import { duplicateInDirectoryCode, duplicateValue } from '../domain/error-family.ts';
import type { Sighting } from '../domain/sighting.ts';
import { auditRunbook, findingIn } from './audit-finding.ts';
import { diagnoseDuplicateValue } from './diagnose-duplicate-value.ts';
import type { SyncErrorKind } from './kind.ts';

/** Several objects would bring one value to Entra: seen in the directories, before or without a quarantine. */
export const duplicateInDirectory: SyncErrorKind = {
  meta: {
    code: duplicateInDirectoryCode,
    family: duplicateValue,
    layer: 'any',
    description: 'Several objects claim one value, whether or not Entra has seen it yet',
    risk: 'high',
  },
  seeks: ({ attribute, value }) =>
    value && (attribute === 'userPrincipalName' || attribute === 'proxyAddresses') ? { attribute, value } : null,
  diagnose: (sighting, evidence) => (evidence === null ? byHand(sighting) : diagnoseDuplicateValue(evidence)),
};

/** An alias, or an account name in the place of a sign-in name: neither is ever changed by a plan. */
const byHand = (sighting: Sighting) => ({
  reason: 'DecideByHand',
  message: findingIn(sighting).message,
  fixes: [auditRunbook(sighting, 'decide-who-keeps-it', 'medium')],
  unknowns: [],
});
