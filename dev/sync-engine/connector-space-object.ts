import type { ShadowValue } from '../entra/provisioning.ts';
import type { AdConnector } from './ad-connector.ts';
import type { AttributeValues, Contribution } from './attribute-flow.ts';
import { anchorInDistinguishedName, entraDistinguishedName } from './binary-identifiers.ts';
import type { Engine } from './cycle.ts';
import type { EntraObject } from './entra-connector.ts';
import { exportErrorOf } from './export-errors.ts';
import { isoDateOrNull } from './iso-date.ts';

const notFound = { found: false } as const;

/**
 * One connector-space object in the form of `get-cs-object`: an AD object by its distinguished name, an Entra object by
 * `CN={hex}`. The attributes of an Entra object are those last imported, or those to be exported where it is not there yet.
 */
export function csObject(engine: Engine, connectorName: string, distinguishedName: string) {
  const ad = engine.adConnectors.find((connector) => connector.name.toLowerCase() === connectorName.toLowerCase());
  if (ad) return adObject(engine, ad, distinguishedName);
  if (engine.entra.name.toLowerCase() !== connectorName.toLowerCase()) return notFound;
  const anchor = anchorInDistinguishedName(distinguishedName);
  const object = anchor === undefined ? undefined : engine.entra.find(anchor);
  return object ? entraObject(object, engine.entra.name) : notFound;
}

function adObject(engine: Engine, connector: AdConnector, distinguishedName: string) {
  const object = connector.find(distinguishedName);
  if (!object) return notFound;
  const joined = engine.metaverse.objectOf(object);
  return {
    found: true,
    connectorName: connector.name,
    distinguishedName: object.distinguishedName,
    objectType: object.objectType,
    attributes: object.attributes,
    lineage: lineage(joined?.values, (contribution) => contribution.from.objectGuid === object.objectGuid),
    connectedMvObjectId: joined?.id ?? null,
    sourceAnchor: engine.entra.ofMetaverse(joined?.id)?.sourceAnchor ?? null,
    exportError: null,
    lastImportedAt: isoDateOrNull(connector.importedAt(object)),
    lastExportedAt: null,
    blockOnPremisesSync: false,
  } as const;
}

function entraObject(object: EntraObject, connectorName: string) {
  const attributes = Object.entries(object.shadow?.attributes ?? object.desired?.attributes ?? {});
  return {
    found: true,
    connectorName,
    distinguishedName: entraDistinguishedName(object.sourceAnchor),
    objectType: object.shadow?.objectType ?? object.desired?.objectType ?? 'user',
    attributes: Object.fromEntries(attributes.map(([name, value]) => [name, textValues(value)])),
    lineage: lineage(object.lineage, () => true),
    connectedMvObjectId: object.metaverseId ?? null,
    sourceAnchor: object.sourceAnchor,
    exportError: exportErrorOf(object, connectorName) ?? null,
    lastImportedAt: isoDateOrNull(object.lastImportedAt),
    lastExportedAt: isoDateOrNull(object.lastExportedAt),
    blockOnPremisesSync: object.shadow?.isCloudManaged ?? false,
  } as const;
}

function lineage(values: AttributeValues | undefined, contributes: (contribution: Contribution) => boolean) {
  return [...(values ?? [])]
    .filter(([, contribution]) => contributes(contribution))
    .map(([attribute, { rule, flow, source }]) => ({
      attribute,
      syncRuleName: rule,
      flow,
      sourceAttributes: [source],
    }));
}

function textValues(value: ShadowValue): readonly string[] {
  return typeof value === 'object' ? value : [String(value)];
}
