import { entraDistinguishedName } from './binary-identifiers.ts';
import type { Engine } from './cycle.ts';

const notFound = { found: false } as const;

/** Which AD attribute of which AD object, by which rule, gives the Entra object this attribute: the form of `explain-value`. */
export function explainValue({ entra, adConnectors }: Engine, sourceAnchor: string, attribute: string) {
  const lineage = entra.find(sourceAnchor)?.lineage;
  const contribution = [...(lineage ?? [])].find(([name]) => name.toLowerCase() === attribute.toLowerCase())?.[1];
  if (!contribution) return notFound;
  const { from, source, rule, flow } = contribution;
  const explained = {
    connectorName: from.connectorName,
    forest: adConnectors.find((connector) => connector.name === from.connectorName)?.forest ?? from.domain,
    adDistinguishedName: from.distinguishedName,
    adObjectGuid: from.objectGuid,
    adAttribute: source,
    syncRuleName: rule,
    flow,
  };
  return { found: true, contributions: [explained] } as const;
}

/** The AD objects and the Entra object that are joined to one metaverse object: the form of `get-mv-connections`. */
export function metaverseConnections({ entra, metaverse }: Engine, sourceAnchor: string) {
  const object = entra.find(sourceAnchor);
  const joined = object?.metaverseId === undefined ? undefined : metaverse.get(object.metaverseId);
  if (!joined) return notFound;
  const directories = joined.connected.map((connected) => ({
    connectorName: connected.connectorName,
    distinguishedName: connected.distinguishedName,
    objectGuid: connected.objectGuid as string | null,
  }));
  const cloud = {
    connectorName: entra.name,
    distinguishedName: entraDistinguishedName(sourceAnchor),
    objectGuid: null,
  };
  return { found: true, connectors: [...directories, cloud] } as const;
}
