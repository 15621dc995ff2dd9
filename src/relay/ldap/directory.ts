import { promises as files, readFileSync } from 'node:fs';
import type { DomainConfig, ForestConfig } from '../config.ts';
import { Connection } from './connection.ts';
import { DomainController } from './domain-controller.ts';
import type { LdapAnswer, LdapFailure } from './ldap-failure.ts';

/** What the sync engine says of an AD connector, as far as it decides where to write. */
export interface ConnectorChoice {
  readonly name: string;
  readonly lastImportedDomainController: string | null;
  readonly preferredDomainControllers: readonly string[];
}

/** The sync engine's AD connectors; null when there is no engine here, or it does not answer. */
export type AskConnectors = () => Promise<readonly ConnectorChoice[] | null>;

export interface Domain {
  readonly dnsName: string;
  readonly baseDn: string;
  readonly controllers: readonly DomainController[];
  /** The controller that is written, and whose state is the truth: see {@link chooseController}. */
  home(): Promise<DomainController>;
}

export interface Forest {
  readonly name: string;
  readonly bindDn: string;
  readonly globalCatalogue: Connection;
  readonly domains: readonly Domain[];
}

export interface Directory {
  readonly forests: readonly Forest[];
  /** By DNS name, ignoring case. */
  forest(name: string): Forest | undefined;
  close(): Promise<void>;
}

/** Longest time for connecting to a controller, and for each operation on it. */
const timeoutMs = 10_000;

/** Describes the forests; nothing is connected until it is asked. */
export function createDirectory(
  forests: readonly ForestConfig[],
  askConnectors: AskConnectors,
  timing: { readonly timeoutMs: number } = { timeoutMs },
): Directory {
  const connections: Connection[] = [];
  const connect = (forest: ForestConfig, url: string): Connection => {
    const connection = new Connection({
      url,
      bindDn: forest.bindDn,
      readPassword: async () => (await files.readFile(forest.passwordFile, 'utf8')).replace(/\r?\n$/, ''),
      timeoutMs: timing.timeoutMs,
      ...(forest.ca === undefined ? {} : { ca: readFileSync(forest.ca, 'utf8') }),
    });
    connections.push(connection);
    return connection;
  };

  const described = forests.map((forest) => ({
    name: forest.forest,
    bindDn: forest.bindDn,
    globalCatalogue: connect(forest, forest.globalCatalogue),
    domains: forest.domains.map((domain) => describeDomain(forest, domain, connect, askConnectors)),
  }));
  return {
    forests: described,
    forest: (name) => described.find((forest) => forest.name.toLowerCase() === name.toLowerCase()),
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

function describeDomain(
  forest: ForestConfig,
  domain: DomainConfig,
  connect: (forest: ForestConfig, url: string) => Connection,
  askConnectors: AskConnectors,
): Domain {
  const controllers = domain.controllers.map(
    (url) => new DomainController(connect(forest, url), forest.forest, domain.baseDn),
  );
  const connectorName = (domain.connectorName ?? forest.forest).toLowerCase();
  return {
    dnsName: domain.dnsName,
    baseDn: domain.baseDn,
    controllers,
    home: async () => {
      const [first, ...others] = controllers;
      if (first === undefined) throw new Error(`No controller is configured for ${domain.dnsName}`);
      if (others.length === 0) return first;
      const connectors = await askConnectors();
      const connector = connectors?.find(({ name }) => name.toLowerCase() === connectorName);
      if (connector === undefined) return first;
      await Promise.all(controllers.map((controller) => controller.identify()));
      return chooseController(first, controllers, connector);
    },
  };
}

/**
 * The controller that the AD connector last imported from, because a change made elsewhere reaches the cloud only after
 * replication; else one that the connector prefers; else the first configured.
 */
export function chooseController(
  first: DomainController,
  controllers: readonly DomainController[],
  connector: ConnectorChoice,
): DomainController {
  const read = connector.lastImportedDomainController;
  const wanted = [...(read === null ? [] : [read]), ...connector.preferredDomainControllers];
  for (const name of wanted) {
    const controller = controllers.find((candidate) => isNamed(candidate, name));
    if (controller !== undefined) return controller;
  }
  return first;
}

function isNamed(controller: DomainController, name: string): boolean {
  const address = new URL(controller.connection.endpoint.url).hostname;
  return [controller.name, address].some((known) => known.toLowerCase() === name.toLowerCase());
}

/**
 * The controller of this name. One that was not reached yet may have another name than its address: it is asked first.
 *
 * @returns null when the forest has none of this name, as far as every controller has said its own
 */
export async function controllerNamed(forest: Forest, name: string): Promise<LdapAnswer<DomainController | null>> {
  const controllers = forest.domains.flatMap((domain) => domain.controllers);
  const find = () => controllers.find((controller) => isNamed(controller, name));
  const known = find();
  if (known !== undefined) return { ok: true, value: known };
  const answers = await Promise.all(controllers.map((controller) => controller.identify()));
  const found = find();
  if (found !== undefined) return { ok: true, value: found };
  const failures = answers.flatMap((answer): LdapFailure[] => (answer.ok ? [] : [answer.failure]));
  const [silent] = failures;
  return silent === undefined ? { ok: true, value: null } : { ok: false, failure: silent };
}

/** The domain that holds a DN: the one whose own DN is its longest ending. */
export function homeDomain(forest: Forest, distinguishedName: string): Domain | undefined {
  const dn = distinguishedName.toLowerCase();
  return forest.domains
    .filter(({ baseDn }) => dn === baseDn.toLowerCase() || dn.endsWith(`,${baseDn.toLowerCase()}`))
    .sort((left, right) => right.baseDn.length - left.baseDn.length)[0];
}
