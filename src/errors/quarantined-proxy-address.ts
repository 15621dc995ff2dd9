import { duplicateValue } from '../domain/error-family.ts';
import { diagnoseDuplicateValue } from './diagnose-duplicate-value.ts';
import type { SyncErrorKind } from './kind.ts';
import { sayNotUnderstood } from './not-understood.ts';

/** The object was synchronised without one of its addresses: another object has it. */
export const quarantinedProxyAddress: SyncErrorKind = {
  meta: {
    code: 'QuarantinedProxyAddress',
    family: duplicateValue,
    layer: 'cloud',
    description: 'A proxyAddresses value that another object holds was quarantined',
    risk: 'medium',
    attribute: 'proxyAddresses',
  },
  seeks: ({ value }) => (value ? { attribute: 'proxyAddresses', value } : null),
  diagnose: (sighting, evidence) =>
    evidence === null
      ? sayNotUnderstood(sighting, 'The report names no value, so its holder cannot be looked for.')
      : diagnoseDuplicateValue(evidence),
};
