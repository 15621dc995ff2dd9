import type { Change } from './change.ts';
import type { DerivedChange } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { Parties, Party } from './party.ts';

/**
 * What will change in Entra by itself once the changes are exported and the release job has run: Entra calculates
 * addresses and names anew. Wider than certain: a value that may change is listed.
 */
export function predictExport(changes: readonly Change[], parties: Parties, evidence: Evidence): DerivedChange[] {
  const derived = predictForChanged(changes, parties);
  const subjectIsChanged = changes.some((change) => belongsTo(change, parties.subject));
  return changes.length === 0 || subjectIsChanged ? derived : [...derived, ...ofPromoted(parties.subject, evidence)];
}

/** The same for the changed objects alone: an undo promotes nobody. */
export function predictForChanged(changes: readonly Change[], { subject, others }: Parties): DerivedChange[] {
  return [subject, ...others].flatMap((party) => {
    const own = changes.filter((change) => belongsTo(change, party));
    return own.length === 0 ? [] : ofChanged(party, own);
  });
}

const belongsTo = (change: Change, { cloud, onPremises }: Party): boolean =>
  change.objectId === cloud?.id || onPremises.some((ad) => ad.objectGuid === change.objectId);

function ofChanged(party: Party, changes: readonly Change[]): DerivedChange[] {
  const attributes = new Set(changes.map(({ attribute }) => attribute));
  const isWrittenInEntra = changes.some(({ target }) => target === 'entra');
  const derived: DerivedChange[] = [];
  const add = (attribute: string, description: string): void =>
    void derived.push({ ...named(party), attribute, description });
  if (attributes.has('userPrincipalName')) {
    if (!isWrittenInEntra) {
      add(
        'userPrincipalName',
        'follows the UPN in Active Directory (a licensed user keeps the old one where SynchronizeUpnForManagedUsers is off)',
      );
      add('onPremisesUserPrincipalName', 'follows the UPN in Active Directory');
    }
    add('proxyAddresses', 'a mailbox user gets the new UPN as an address');
    add('mail', 'becomes the new UPN where nothing else names a primary address');
  }
  if (attributes.has('proxyAddresses') || attributes.has('mail')) {
    add('proxyAddresses', 'the address goes; a new primary address takes its place where the plan names one');
    add('mail', 'follows the primary address');
    if (party.objectType === 'group') add('mailEnabled', 'a group is mail-enabled while it has an address');
  }
  if (!isWrittenInEntra) add('onPremisesProvisioningErrors', 'an entry for the value disappears with the claim');
  return distinct(derived);
}

/** The release job gives the quarantined value to the subject, which claims it in Active Directory. */
function ofPromoted(subject: Party, evidence: Evidence): DerivedChange[] {
  const { attribute, value } = evidence.sought;
  const promoted = [
    { attribute, description: `gets ${value}, which it claims in Active Directory` },
    { attribute: 'proxyAddresses', description: 'is calculated anew' },
    { attribute: 'mail', description: 'follows the primary address' },
    ...(subject.objectType === 'group'
      ? [{ attribute: 'mailEnabled', description: 'a group is mail-enabled while it has an address' }]
      : []),
    { attribute: 'userPrincipalName', description: 'a placeholder goes when the value is its UPN too' },
    { attribute: 'onPremisesProvisioningErrors', description: 'the entry is deleted by the hourly release job' },
  ];
  return distinct(promoted.map((change) => ({ ...named(subject), ...change })));
}

const named = ({ name, cloud }: Party) => ({ objectName: name, ...(cloud === null ? {} : { objectId: cloud.id }) });

const distinct = (changes: readonly DerivedChange[]): DerivedChange[] =>
  changes.filter(
    (change, index) =>
      changes.findIndex((other) => other.attribute === change.attribute && other.objectName === change.objectName) ===
      index,
  );
