import type { Switches } from '../../dev/entra/switches.ts';
import { csObject } from '../../dev/sync-engine/connector-space-object.ts';
import { LawBroken } from './laws.ts';
import type { CloudView, Snapshot, Values } from './snapshot.ts';
import type { World } from './world.ts';

/**
 * What holds in every tenant between two cycles, whatever Syncmend does: the ground that the other laws stand on. A
 * stand-in that breaks one of these has no errors to be found, or finds others.
 */
export function tenantIsLawful(world: World, at: Snapshot): void {
  nothingIsHeldTwice(at);
  entraShowsWhatItWasGiven(world, at);
  everyQuarantineHasAHolder(at, world.tenant.settings.switches);
}

const smtp = (values: readonly string[] = []): string[] =>
  values.filter((value) => /^smtp:/i.test(value)).map((value) => value.slice(5).toLowerCase());

const active = (at: Snapshot): CloudView[] =>
  [...at.cloud.values()].filter(({ object }) => object.deletedAt === undefined);

function nothingIsHeldTwice(at: Snapshot): void {
  const holders = new Map<string, string>();
  for (const { object, values } of active(at)) {
    const names = [
      ...smtp(values['proxyAddresses']),
      ...(values['userPrincipalName'] ?? []).map((name) => `UPN ${name.toLowerCase()}`),
    ];
    for (const name of new Set(names)) {
      const other = holders.get(name);
      if (other) throw new LawBroken(`${name} is held by ${other} and ${values['displayName']}`);
      holders.set(name, String(values['displayName'] ?? object.id));
    }
  }
}

/** What Active Directory yields is shown in Entra, or an error says why not. */
function entraShowsWhatItWasGiven(world: World, at: Snapshot): void {
  const refused = new Set(
    [...world.engine.parts.entra.objects]
      .filter(({ exportError }) => exportError)
      .map(({ sourceAnchor }) => sourceAnchor),
  );
  const byAnchor = new Map([...at.cloud.values()].map((view) => [view.object.sourceAnchor, view]));
  for (const [guid, values] of at.activeDirectory) {
    const anchor = anchorOf(guid);
    // A contact of one forest and a user of another with the same mail are one metaverse object, and one in Entra.
    if (refused.has(anchor) || !isProvisionedAs(world, values, anchor)) continue;
    const shown = byAnchor.get(anchor);
    if (!shown)
      throw new LawBroken(`${values['distinguishedName']} was exported without an error, and is not in Entra`);
    const missing = smtp(values['proxyAddresses']).filter(
      (address) => isVerified(world, address) && !smtp(shown.values['proxyAddresses']).includes(address),
    );
    for (const address of missing) demandError(shown, 'ProxyAddress', address);
    nameIsShown(world, values, shown);
  }
}

function nameIsShown(world: World, values: Values, shown: CloudView): void {
  const given = values['userPrincipalName']?.[0]?.toLowerCase();
  const visible = shown.object.userPrincipalName?.toLowerCase();
  if (shown.object.type !== 'user' || given === undefined || given === visible) return;
  const { synchronizeUpnForManagedUsers: followed, upnOnUpdateCollision } = world.tenant.settings.switches;
  if (followed === 'off' && shown.object.exchangePlan) return;
  demandError(shown, 'UserPrincipalName', given);
  if (upnOnUpdateCollision === 'placeholder' && !visible?.endsWith('@contoso.onmicrosoft.com')) {
    throw new LawBroken(`${values['distinguishedName']} shows ${visible}, which is neither its name nor a placeholder`);
  }
}

function demandError({ object, values }: CloudView, attribute: string, value: string): void {
  const said = object.quarantine.some(
    (entry) => entry.attribute === attribute && entry.value.toLowerCase().endsWith(value),
  );
  if (!said) throw new LawBroken(`${values['displayName']} does not show ${value} in Entra, and no error says why`);
}

/** Holders that Graph does not show are not among these organisations; an entry may be stuck under one switch only. */
function everyQuarantineHasAHolder(at: Snapshot, { staleQuarantine, softDeletedAddresses }: Switches): void {
  if (staleQuarantine === 'on' || softDeletedAddresses === 'held') return;
  const views = active(at);
  for (const { object, values } of views) {
    for (const { value } of object.quarantine) {
      const address = value.replace(/^smtp:/i, '').toLowerCase();
      const held = views.some(
        (other) =>
          other.object !== object &&
          (smtp(other.values['proxyAddresses']).includes(address) ||
            other.object.userPrincipalName?.toLowerCase() === address),
      );
      if (!held) throw new LawBroken(`${value} of ${values['displayName']} is quarantined, and nobody holds it`);
    }
  }
}

function isProvisionedAs({ engine }: World, values: Values, anchor: string): boolean {
  const name = values['distinguishedName']?.[0] ?? '';
  return engine.parts.adConnectors.some((connector) => {
    const found = csObject(engine.parts, connector.name, name);
    return found.found && found.sourceAnchor === anchor;
  });
}

function isVerified({ tenant }: World, address: string): boolean {
  return tenant.verifiedDomains.some((domain) => address.endsWith(`@${domain}`));
}

/** objectGUID as the octets that Active Directory stores, in Base64. */
function anchorOf(guid: string): string {
  const parts = guid.split('-');
  const swapped = parts.slice(0, 3).map((part) => Buffer.from(part, 'hex').reverse());
  return Buffer.concat([...swapped, Buffer.from(parts.slice(3).join(''), 'hex')]).toString('base64');
}
