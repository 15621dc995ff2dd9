import type { ConnectorSpaceRequest, ConnectorSpaceResponse } from '../relay-contract.ts';
import type { Connector } from './adsync/engine-answers.ts';
import type { EngineAnswer, SyncEngine } from './adsync/sync-engine.ts';
import type { Directory } from './ldap/directory.ts';

/** Reads one object of a connector space, named as the caller knows it. */
export async function findConnectorSpaceObject(
  engine: SyncEngine,
  directory: Directory,
  request: ConnectorSpaceRequest,
): Promise<EngineAnswer<ConnectorSpaceResponse>> {
  if ('connectorName' in request) return engine.connectorSpaceObject(request.connectorName, request.distinguishedName);
  const connectors = await engine.connectors();
  if (!connectors.ok) return connectors;
  if ('sourceAnchor' in request) {
    const connector = connectors.value.find(({ type }) => type === 'AAD');
    return connector === undefined
      ? notFound
      : engine.connectorSpaceObject(connector.name, entraName(request.sourceAnchor));
  }
  return inActiveDirectory(engine, directory, request, connectors.value);
}

async function inActiveDirectory(
  engine: SyncEngine,
  directory: Directory,
  { forest: name, objectGuid }: Extract<ConnectorSpaceRequest, { forest: string }>,
  connectors: readonly Connector[],
): Promise<EngineAnswer<ConnectorSpaceResponse>> {
  const connector = connectors.find(
    ({ type, forest }) => type === 'AD' && forest?.toLowerCase() === name.toLowerCase(),
  );
  const forest = directory.forest(name);
  if (connector === undefined || forest === undefined) return notFound;
  for (const domain of forest.domains) {
    const read = await (await domain.home()).readObject(objectGuid);
    if (!read.ok)
      return { ok: false, kind: 'Failed', message: `Forest ${name} did not answer: ${read.failure.message}` };
    if (read.value !== null) return engine.connectorSpaceObject(connector.name, read.value.object.distinguishedName);
  }
  return notFound;
}

const notFound: EngineAnswer<ConnectorSpaceResponse> = { ok: true, value: { found: false } };

/** The Entra connector names objects by the hex digits of the anchor's Base64 text. */
export const entraName = (sourceAnchor: string): string =>
  `CN={${Buffer.from(sourceAnchor, 'utf8').toString('hex').toUpperCase()}}`;
