import { recalculateAddresses } from './address-calculation.ts';
import { addressesFromShadow, type DirectoryObject, type QuarantinedValue, shadowList } from './directory-object.ts';
import type { Holder } from './holders.ts';
import { mailNicknameAfterUpdate, mailNicknameAtCreation } from './mail-nickname.ts';
import type { ProvisionedObject, ProvisioningError } from './provisioning.ts';
import { addressKey, domainOf, parseProxyAddress, smtpKeys } from './proxy-address.ts';
import { survives } from './proxy-calc.ts';
import { isStillWanted, keyOf, quarantinedAddress } from './quarantine.ts';
import { overCloudValues } from './synced-properties.ts';
import type { TenantState } from './tenant-state.ts';
import {
  type AddressCollision,
  addressCollisions,
  type ExportRun,
  hardCollision,
  refusal,
  refusalOfNewObject,
  upnRefusal,
  yieldsToContact,
} from './uniqueness.ts';
import { commitUpn, type UpnChange, upnChange, type WriteMode } from './upn-change.ts';

/** Writes one exported object, or answers why nothing of it was written (S3, S4). Addresses are calculated later (S8). */
export function writeShadow(
  state: TenantState,
  run: ExportRun,
  object: DirectoryObject,
  incoming: ProvisionedObject,
  mode: WriteMode,
): ProvisioningError | undefined {
  const shadow = shadowToKeep(object, incoming);
  const addresses = shadowList(shadow, 'proxyAddresses');
  const candidate = asItWouldBe(state, object, incoming, shadow, mode);
  const found = addressCollisions(state, candidate, addresses);
  const collisions = found.filter(({ holder }) => !yieldsToContact(candidate, holder));
  const upn = upnChange(state, object, candidate, mode);

  const refused =
    hardCollision(state, candidate, addresses) ??
    (mode === 'create' ? refusalOfNewObject(state, run, candidate, collisions) : undefined) ??
    (mode === 'update' ? refusalOfUpdate(state, candidate, collisions, upn) : undefined);
  if (refused) return refused;

  for (const { holder, value } of found) if (yieldsToContact(candidate, holder)) takeFrom(state, holder, value);
  if (state.fault === 'S2') for (const { holder, value } of collisions) takeFrom(state, holder, value);
  const lost = state.fault === 'S2' || (state.fault === 'S4' && mode === 'update') ? [] : collisions;
  const quarantine = [...candidate.quarantine, ...lost.map(({ value }) => quarantinedAddress(state, value))];
  commit(state, object, { ...candidate, quarantine }, mode, visibleAfterExport(state, object, candidate, lost));
  if (candidate.type === 'user') commitUpn(state, object, upn, mode);
  return undefined;
}

/** Exchange attributes that are mastered in Exchange Online are not taken from an export. */
function shadowToKeep(object: DirectoryObject, incoming: ProvisionedObject): NonNullable<DirectoryObject['shadow']> {
  if (!object.exchangeCloudManaged) return incoming.attributes;
  const kept = ['proxyAddresses', 'mail', 'mailNickname'].map((name) => [name, object.shadow?.[name]] as const);
  return Object.fromEntries(
    [...Object.entries(incoming.attributes), ...kept].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

function asItWouldBe(
  state: TenantState,
  object: DirectoryObject,
  incoming: ProvisionedObject,
  shadow: NonNullable<DirectoryObject['shadow']>,
  mode: WriteMode,
): DirectoryObject {
  const { shadow: exported, type: objectType } = object;
  const before = exported && mode !== 'join' ? { ...incoming, objectType, attributes: exported } : undefined;
  const candidate: DirectoryObject = {
    ...object,
    shadow,
    sync: 'synced',
    deletedAt: undefined,
    sourceAnchor: incoming.sourceAnchor,
    lastSyncAt: state.now(),
    mailNickname: mode === 'create' ? mailNicknameAtCreation(shadow) : mailNicknameAfterUpdate(object, shadow),
    properties: overCloudValues(object.properties, before, incoming),
    routing: mode === 'join' ? initialDomainAddresses(state, object) : object.routing,
  };
  return { ...candidate, quarantine: candidate.quarantine.flatMap((entry) => withPresentPrefix(candidate, entry)) };
}

/** An entry goes when its value has left the shadow (S7); a changed prefix changes the entry. */
function withPresentPrefix(candidate: DirectoryObject, entry: QuarantinedValue): QuarantinedValue[] {
  if (!isStillWanted(candidate, entry)) return [];
  if (entry.attribute === 'UserPrincipalName') return [entry];
  const present = shadowList(candidate.shadow, 'proxyAddresses')
    .map(parseProxyAddress)
    .find(({ scheme, address }) => scheme === 'smtp' && addressKey(address) === keyOf(entry));
  return [present ? { ...entry, value: present.value } : entry];
}

/** Exchange keeps the routing addresses of an object that AD takes over. */
function initialDomainAddresses(state: TenantState, object: DirectoryObject): readonly string[] {
  const routing = object.proxyAddresses
    .map(parseProxyAddress)
    .filter(({ scheme, address }) => scheme === 'smtp' && domainOf(address) === state.domains.initial);
  return [...new Set([...object.routing, ...routing.map(({ address }) => address)])];
}

/** S4 with the switch updateCollision = hardError. */
function refusalOfUpdate(
  state: TenantState,
  candidate: DirectoryObject,
  [collision]: readonly AddressCollision[],
  { wanted, holder }: UpnChange,
): ProvisioningError | undefined {
  if (state.switches.updateCollision === 'quarantine') return undefined;
  if (collision) return refusal(candidate, collision);
  return wanted !== undefined && holder ? upnRefusal(candidate, wanted, holder) : undefined;
}

/** Until ProxyCalc has run: the exported addresses that were free, and what other inputs had yielded before. */
function visibleAfterExport(
  state: TenantState,
  object: DirectoryObject,
  candidate: DirectoryObject,
  lost: readonly AddressCollision[],
): readonly string[] {
  const refused = new Set(state.fault === 'S3' ? [] : smtpKeys(lost.map(({ value }) => value)));
  for (const entry of candidate.quarantine) if (entry.attribute === 'ProxyAddress') refused.add(keyOf(entry));
  const now = shadowList(candidate.shadow, 'proxyAddresses').filter((value) => {
    const [key] = smtpKeys([value]);
    return survives(state, candidate, parseProxyAddress(value)) && (key === undefined || !refused.has(key));
  });
  const exported = state.fault === 'S8' ? [] : [...shadowList(object.shadow, 'proxyAddresses'), ...object.ownAddresses];
  const exportedBefore = new Set(exported.map(addressKey));
  const shown = new Set(now.map((value) => addressKey(parseProxyAddress(value).address)));
  const derived =
    object.deletedAt !== undefined
      ? []
      : object.proxyAddresses.filter((value) => {
          const key = addressKey(parseProxyAddress(value).address);
          return !exportedBefore.has(addressKey(value)) && !shown.has(key);
        });
  return [...now, ...derived];
}

function commit(
  state: TenantState,
  object: DirectoryObject,
  candidate: DirectoryObject,
  mode: WriteMode,
  proxyAddresses: readonly string[],
): void {
  const { id, type, ...facts } = { ...candidate, proxyAddresses, userPrincipalName: object.userPrincipalName };
  if (mode === 'create') {
    Object.assign(object, facts);
    state.directory.insert(object);
  } else {
    auditAddresses(
      state,
      object,
      shadowList(object.shadow, 'proxyAddresses'),
      shadowList(candidate.shadow, 'proxyAddresses'),
    );
    state.directory.change(object, facts);
  }
  state.directory.dirty.add(object);
}

function auditAddresses(
  state: TenantState,
  object: DirectoryObject,
  before: readonly string[],
  after: readonly string[],
): void {
  if (before.join('\n') === after.join('\n')) return;
  state.audits.record(`Update ${object.type}`, object, 'sync', [{ property: 'ProxyAddresses', before, after }]);
}

/** B2B, and planted fault S2: the earlier holder loses an address. */
function takeFrom(state: TenantState, holder: Holder, value: string): void {
  if (holder === 'hidden') return;
  const lost = new Set(smtpKeys([value]));
  const keeps = (own: string) => !smtpKeys([own]).some((key) => lost.has(key));
  state.directory.change(
    holder,
    addressesFromShadow(holder)
      ? { quarantine: [...holder.quarantine, quarantinedAddress(state, value)] }
      : { ownAddresses: holder.ownAddresses.filter(keeps) },
  );
  recalculateAddresses(state, holder);
}
