import { auditRunbook, findingIn } from './audit-finding.ts';
import type { SyncErrorKind } from './kind.ts';

/** Whoever is matched hands over the mailbox, the files and the password of the other: never automated. */
export const softMatchPending: SyncErrorKind = {
  meta: {
    code: 'SoftMatchPending',
    family: 'SoftMatch',
    layer: 'export',
    description: 'An object that is not synchronised yet would be matched with an object that only Entra has',
    risk: 'high',
  },
  seeks: () => null,
  diagnose: (sighting) => ({
    reason: 'WouldSoftMatch',
    message: findingIn(sighting).message,
    fixes: [
      auditRunbook(sighting, 'decide-before-the-match', 'high', [
        {
          text: 'Ask the owner of each of the two accounts whether they are one person. Look at licences, mailbox, last sign-in and directory roles of the cloud object.',
        },
        {
          text: 'One person: let the match happen, with the role taken from the account for that time by its administrators. Two: give one of them another address before the object is synchronised.',
        },
      ]),
    ],
    unknowns: [],
  }),
};
