import { auditRunbook, findingIn } from './audit-finding.ts';
import type { SyncErrorKind } from './kind.ts';

/** The anchor decides which cloud object an object is; a wrong write hands one person the account of another. */
export const sourceAnchorUnusable: SyncErrorKind = {
  meta: {
    code: 'SourceAnchorUnusable',
    family: 'SourceAnchor',
    layer: 'synchronisation',
    description: 'The source anchor of an object is missing, malformed or shared with another',
    risk: 'high',
  },
  seeks: () => null,
  diagnose: (sighting) => ({
    reason: 'AnchorUnusable',
    message: findingIn(sighting).message,
    fixes: [auditRunbook(sighting, 'put-the-anchor-right', 'high')],
    unknowns: [],
  }),
};
