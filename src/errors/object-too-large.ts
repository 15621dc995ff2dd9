import { auditRunbook, findingIn } from './audit-finding.ts';
import type { SyncErrorKind } from './kind.ts';

/** An export of more than Entra takes of one object fails as LargeObject, and takes every other change of it along. */
export const objectTooLarge: SyncErrorKind = {
  meta: {
    code: 'ObjectTooLarge',
    family: 'LargeObject',
    layer: 'export',
    description: 'An object has more values, or a larger one, than Entra takes',
    risk: 'medium',
  },
  seeks: () => null,
  diagnose: (sighting) => ({
    reason: 'TooManyValues',
    message: findingIn(sighting).message,
    fixes: [auditRunbook(sighting, 'make-it-smaller', 'medium')],
    unknowns: [],
  }),
};
