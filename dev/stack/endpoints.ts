import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlEndpoint } from '../control/start-control.ts';
import type { FunctionsHost } from '../functions-host/functions-host.ts';
import { audiences } from '../identity/identities.ts';
import { tokenOfEverything } from '../identity/token-of-everything.ts';
import type { Cloud } from './cloud.ts';
import type { OnPremises } from './on-premises.ts';
import { createPrincipals, type Principals } from './principals.ts';

/** What anyone needs to drive the stack from outside. URLs have no trailing slash. */
export interface Endpoints {
  /** Absolute path of the PEM file that signs every TLS endpoint. */
  readonly ca: string;
  /** Value of `x-functions-key` for /admin. */
  readonly masterKey: string;
  readonly functions: string;
  /** The URL ends in /v1.0. */
  readonly graph: { readonly url: string; readonly token: string };
  /** The controller that the connector reads, and a domain administrator. */
  readonly ldap: { readonly url: string; readonly bindDN: string; readonly password: string; readonly baseDN: string };
  /** Without /v1. */
  readonly relay: { readonly url: string; readonly token: string };
  readonly control: { readonly url: string };
  readonly principals: Principals;
}

export interface Started {
  readonly ca: string;
  readonly masterKey: string;
  readonly cloud: Cloud;
  readonly onPremises: OnPremises;
  readonly host: FunctionsHost;
  readonly control: ControlEndpoint;
}

/** The endpoints of a started stack, with tokens of a caller that may do everything and that outlive it. */
export async function gatherEndpoints(started: Started): Promise<Endpoints> {
  const { ca, masterKey, cloud, onPremises, host, control } = started;
  const { tenantId } = cloud.issuer;
  const contoso = onPremises.directories.forests[0].domains[0];
  return {
    ca,
    masterKey,
    functions: host.url,
    graph: { url: cloud.graph.url, token: await tokenOfEverything(cloud.issuer, audiences.graph) },
    ldap: {
      url: contoso.controllers[0].url,
      bindDN: contoso.adminDn,
      password: contoso.adminPassword,
      baseDN: contoso.baseDn,
    },
    relay: { url: onPremises.relay.url, token: await tokenOfEverything(cloud.issuer, audiences.relay) },
    control: { url: control.url },
    principals: createPrincipals(tenantId),
  };
}

export const endpointsFile = (directory: string): string => join(directory, 'endpoints.json');

/** Whoever sees the file sees all of it: it is written beside its place, then moved there. */
export function writeEndpoints(directory: string, endpoints: Endpoints): void {
  const file = endpointsFile(directory);
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

export function removeEndpoints(directory: string): void {
  rmSync(endpointsFile(directory), { force: true });
}
