import type { Holder, ObjectReference } from '../finding.ts';
import type { CloudHolder } from './cloud-directory.ts';
import type { ValueKind } from './collision-ground.ts';
import type { ExportUnit } from './export-units.ts';
import { allOf, anyOf, type Likelihood, not } from './likelihood.ts';
import type { Outcome, Prediction } from './prediction.ts';
import { type Asking, cloudReference, type Rival, wins } from './rivals.ts';
import type { Wanted } from './wanted-values.ts';

/** A value that thousands share must not make as many lists of thousands. */
const holdersAtMost = 100;

/** What the rivals for a value make of the unit that asks for it. */
export function rivalPredictions({ unit, wanted, kind }: Asking, rivals: readonly Rival[]): Prediction[] {
  const taking = rivals.filter((rival) => wins(rival) !== 'no');
  if (taking.length === 0) return [];
  const likely = anyOf(...taking.map(wins));
  const deciding = likely === 'yes' ? taking.find((rival) => wins(rival) === 'yes') : undefined;
  const isHard = deciding === undefined ? mixed(taking.map((rival) => rival.isHard)) : deciding.isHard;
  const group = groupOf(taking, deciding);
  const holders = eachOnce(taking.map(({ holder }) => holder));
  const shares: readonly (readonly [Outcome | null, Likelihood])[] = [
    ['AttributeValueMustBeUnique', isHard],
    [softOutcome[kind], not(isHard)],
  ];
  return shares.flatMap(([outcome, share]) => {
    const whether = allOf(likely, share);
    if (whether === 'no' || outcome === null) return [];
    return [
      {
        object: unit.reference,
        outcome,
        certainty: whether === 'yes' ? 'certain' : 'possible',
        attribute: wanted.attribute,
        value: wanted.value,
        with: holders.slice(0, holdersAtMost),
        ...(whether === 'maybe' && group !== '' ? { oneOf: group } : {}),
        message: messageOf(outcome, whether, wanted, holders, group),
      },
    ];
  });
}

/** One may have the value as its address and as its user name. */
function eachOnce(holders: readonly Holder[]): Holder[] {
  const byObject = Map.groupBy(holders, ({ object }) => (object.origin?.side === 'entra' ? object.origin.id : object));
  return [...byObject.values()].map((same) => ({
    ...(same[0] as Holder),
    inputs: same.flatMap(({ inputs }) => inputs),
  }));
}

/** Which of several will stand in the way is not known. */
const mixed = (parts: readonly Likelihood[]): Likelihood =>
  parts.every((part) => part === 'yes') ? 'yes' : parts.every((part) => part === 'no') ? 'no' : 'maybe';

function groupOf(taking: readonly Rival[], deciding: Rival | undefined): string {
  if (deciding !== undefined) return deciding.group;
  const sure = taking.find(({ takes, group }) => takes === 'yes' && group.startsWith('match '));
  return sure?.group ?? taking.find(({ holder, group }) => !isInEntra(holder.object) && group !== '')?.group ?? '';
}

const softOutcome: Readonly<Record<ValueKind, Outcome | null>> = {
  address: 'QuarantinedProxyAddress',
  userName: 'QuarantinedUserPrincipalName',
  sip: null,
  securityIdentifier: null,
};

const consequence: Partial<Readonly<Record<Outcome, string>>> = {
  QuarantinedProxyAddress: 'is quarantined: the object is written without it',
  QuarantinedUserPrincipalName: 'is quarantined: the user gets a placeholder for it',
  AttributeValueMustBeUnique: 'makes the export of the whole object fail, in each synchronisation again',
};

function messageOf(
  outcome: Outcome,
  whether: Likelihood,
  { value }: Wanted,
  holders: readonly Holder[],
  group: string,
): string {
  const inCloud = holders.filter(({ object }) => isInEntra(object));
  const named = (inCloud.length > 0 ? inCloud : holders).map(({ object }) => object.name);
  const who = `${named.slice(0, 3).join(', ')}${named.length > 3 ? ` and ${named.length - 3} more` : ''}`;
  const has = inCloud.length > 0 ? `${who} has it in Entra` : `${who} asks for it in the same synchronisation`;
  const doubt = group !== '' && inCloud.length === 0 ? 'For one of them' : 'Possibly';
  const effect = `${value} ${consequence[outcome]}, since ${has}.`;
  return whether === 'yes' ? effect : `${doubt}, ${effect}`;
}

const isInEntra = ({ origin }: ObjectReference): boolean => origin?.side === 'entra';

/** What a contact takes from a guest. */
export function lossOf(guest: CloudHolder, unit: ExportUnit, likely: Likelihood, { value }: Wanted): Prediction[] {
  if (likely === 'no') return [];
  return [
    {
      object: cloudReference(guest.object),
      outcome: 'GuestLosesAddress',
      certainty: likely === 'yes' ? 'certain' : 'possible',
      attribute: 'proxyAddresses',
      value,
      with: [{ object: unit.reference, inputs: [{ attribute: 'proxyAddresses', value }] }],
      message: `The guest loses the address ${value} to the contact ${unit.reference.name}, without an error, and can then no longer redeem by one-time passcode.`,
    },
  ];
}
