import { authorityOf } from '../domain/authority.ts';
import type { Case } from '../domain/case.ts';
import type { HolderView, ObjectView } from '../domain/case-event.ts';
import { holdersOf } from '../domain/conflict-set.ts';
import type { Evidence } from '../domain/evidence.ts';
import { inputsOf } from '../domain/inputs.ts';
import { type Party, partiesOf } from '../domain/party.ts';

/** The object that the error names, as a case shows it; an unreadable one stays as the sighting named it. */
export function subjectView(evidence: Evidence, { subject }: Case): ObjectView {
  const party = partiesOf(evidence).subject;
  return party.cloud === null && party.onPremises.length === 0 ? subject : viewOf(party, evidence);
}

export function holderViews(evidence: Evidence): HolderView[] {
  return holdersOf(partiesOf(evidence), evidence).map((party) => ({
    ...viewOf(party, evidence),
    attribute: [...new Set(inputsOf(party, evidence).map((input) => input.attribute))].join(','),
  }));
}

function viewOf(party: Party, evidence: Evidence): ObjectView {
  const { name, objectType, cloud } = party;
  const [onPremises] = party.onPremises;
  // The view has ids beside it: the name stays as the directory has it.
  return {
    displayName: cloud?.displayName ?? onPremises?.displayName ?? name,
    objectType: cloud?.userType === 'Guest' ? 'guest' : objectType,
    ...(onPremises
      ? {
          onPremises: {
            dn: onPremises.distinguishedName,
            objectGuid: onPremises.objectGuid,
            forest: onPremises.forest,
          },
        }
      : {}),
    ...(cloud
      ? {
          cloud: {
            id: cloud.id,
            ...(cloud.userPrincipalName === undefined ? {} : { userPrincipalName: cloud.userPrincipalName }),
          },
        }
      : {}),
    authority: authorityOf(party, evidence.sought.attribute, evidence).kind,
  };
}
