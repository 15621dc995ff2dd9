import type { Client } from 'ldapts';
import { afterAll, beforeAll } from 'vitest';
import {
  type ActiveDirectoryStandIn,
  type ForestOptions,
  type RunningController,
  startActiveDirectory,
} from '../../../dev/active-directory/active-directory.ts';
import { MovableClock } from '../../../dev/clock.ts';
import type { Control } from '../../../dev/control/control.ts';
import { localhostCertificate } from '../../contracts/directory-certificate.ts';
import { connect } from '../../contracts/directory-client.ts';

export const adminPassword = 'Admin!Passw0rd';

/** A forest of two domains, the first with two controllers. */
const contoso: ForestOptions = {
  name: 'contoso.com',
  adminPassword,
  domains: [
    { dnsName: 'contoso.com', controllers: ['dc1', 'dc2'] },
    { dnsName: 'emea.contoso.com', controllers: ['dc3'] },
  ],
};
const fabrikam: ForestOptions = {
  name: 'fabrikam.com',
  adminPassword,
  domains: [{ dnsName: 'fabrikam.com', controllers: ['dc1'] }],
};

export interface Organisation {
  readonly directory: ActiveDirectoryStandIn;
  readonly clock: MovableClock;
  readonly ca: string;
  /** An administrator's connection to each controller and to the catalogue of contoso.com. */
  readonly dc1: Client;
  readonly dc2: Client;
  readonly emea: Client;
  readonly catalogue: Client;
  readonly fabrikam: Client;
}

/** Starts the organisation for one test file; the function answers it once it runs. */
export function organisation(): () => Organisation {
  let running: Organisation | undefined;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(async () => {
    if (running) await stop(running);
  });
  return () => {
    if (!running) throw new Error('the organisation has not started');
    return running;
  };
}

async function start(): Promise<Organisation> {
  const tls = await localhostCertificate();
  const clock = new MovableClock();
  const directory = await startActiveDirectory({ clock, tls, forests: [contoso, fabrikam] });
  const ca = tls.cert;
  const [first, second] = directory.forests;
  const [root, child] = first.domains;
  const [dc1, dc2] = root.controllers;
  const as = (url: string): Promise<Client> => connect({ url, ca }, root.adminDn, adminPassword);
  return {
    directory,
    clock,
    ca,
    dc1: await as(dc1.url),
    dc2: await as(required(dc2).url),
    emea: await as(required(child).controllers[0].url),
    catalogue: await as(first.globalCatalogueUrl),
    fabrikam: await connect(
      { url: required(second).domains[0].controllers[0].url, ca },
      'Administrator@fabrikam.com',
      adminPassword,
    ),
  };
}

async function stop({ dc1, dc2, emea, catalogue, fabrikam, directory }: Organisation): Promise<void> {
  for (const client of [dc1, dc2, emea, catalogue, fabrikam]) await client.unbind();
  await directory.stop();
}

export function control({ directory }: Organisation, name: string): Control {
  const found = directory.controls().find((one) => one.name === name);
  return required(found);
}

export function controllersOf({ directory }: Organisation): readonly [RunningController, ...RunningController[]] {
  return directory.forests[0].domains[0].controllers;
}

export async function attributeOf(client: Client, dn: string, attribute: string): Promise<unknown> {
  const { searchEntries } = await client.search(dn, { scope: 'base', attributes: [attribute] });
  return searchEntries[0]?.[attribute];
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part of the organisation is missing');
  return value;
}
