import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import { startActiveDirectory } from '../../dev/active-directory/active-directory.ts';
import { MovableClock } from '../../dev/clock.ts';
import type { ForestConfig } from '../../src/relay/config.ts';
import { type AskConnectors, createDirectory, type Directory } from '../../src/relay/ldap/directory.ts';
import { localhostCertificate } from '../contracts/directory-certificate.ts';

const adminPassword = 'Admin!Passw0rd';

/** Two forests: contoso.com (with two controllers) and its child eu.contoso.com, and fabrikam.com. */
export interface Forests {
  readonly clock: MovableClock;
  readonly directory: Directory;
  readonly config: readonly ForestConfig[];
  readonly ca: string;
  /** A directory of the relay over the same forests with other settings. */
  connect(change: (forest: ForestConfig) => ForestConfig, ask?: AskConnectors): Directory;
  /** Adds an entry as administrator and answers its DN. */
  add(dn: string, attributes: Readonly<Record<string, string | string[]>>): Promise<string>;
  /** An administrator's client on the controller `dc1`, `dc2` (contoso.com), `dc3` (eu) or `dc4` (fabrikam). */
  admin(controller: string): Client;
  /** Makes something a member of a group of contoso.com. */
  join(group: string, member: string): Promise<void>;
  guidOf(dn: string): Promise<string>;
  set(control: string, value: unknown): Promise<void>;
  readonly writes: () => number;
  stop(): Promise<void>;
}

export async function startForests(): Promise<Forests> {
  const clock = new MovableClock();
  const tls = await localhostCertificate();
  const standIn = await startActiveDirectory({
    clock,
    tls,
    forests: [
      {
        name: 'contoso.com',
        adminPassword,
        domains: [
          { dnsName: 'contoso.com', controllers: ['dc1', 'dc2'] },
          { dnsName: 'eu.contoso.com', controllers: ['dc3'] },
        ],
      },
      { name: 'fabrikam.com', adminPassword, domains: [{ dnsName: 'fabrikam.com', controllers: ['dc4'] }] },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  const passwordFile = join(folder, 'password');
  const ca = join(folder, 'ca.pem');
  await writeFile(passwordFile, `${adminPassword}\n`);
  await writeFile(ca, tls.cert);

  const config = standIn.forests.map((forest) => ({
    forest: forest.name,
    globalCatalogue: forest.globalCatalogueUrl,
    bindDn: forest.domains[0].adminDn,
    passwordFile,
    ca,
    domains: forest.domains.map(({ dnsName, baseDn, controllers }) => ({
      dnsName,
      baseDn,
      controllers: controllers.map(({ url }) => url),
    })),
  }));
  const open: { close(): Promise<void> }[] = [];
  const connect: Forests['connect'] = (change, ask = async () => null) => {
    const directory = createDirectory(config.map(change), ask, { timeoutMs: 2_000 });
    open.push(directory);
    return directory;
  };

  const clients = new Map<string, Client>();
  for (const forest of standIn.forests) {
    for (const domain of forest.domains) {
      for (const { name, url } of domain.controllers) {
        const client = new Client({ url, tlsOptions: { ca: tls.cert } });
        await client.bind(forest.domains[0].adminDn, adminPassword);
        clients.set(name, client);
      }
    }
  }
  const admin = (controller: string): Client => {
    const client = clients.get(controller);
    if (client === undefined) throw new RangeError(controller);
    return client;
  };
  const clientFor = (dn: string): Client => {
    if (dn.endsWith('DC=eu,DC=contoso,DC=com')) return admin('dc3');
    return admin(dn.endsWith('DC=fabrikam,DC=com') ? 'dc4' : 'dc1');
  };
  return {
    clock,
    config,
    ca,
    directory: connect((forest) => forest),
    connect,
    add: async (dn, attributes) => {
      await clientFor(dn).add(dn, { ...attributes });
      return dn;
    },
    admin,
    join: (group, member) =>
      admin('dc1').modify(
        group,
        new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [member] }) }),
      ),
    guidOf: async (dn) => {
      const { searchEntries } = await clientFor(dn).search(dn, {
        scope: 'base',
        attributes: ['objectGUID'],
        explicitBufferAttributes: ['objectGUID'],
      });
      const octets = searchEntries[0]?.['objectGUID'] as Buffer;
      const hex = (from: number, to: number): string => octets.subarray(from, to).toString('hex');
      const reversed = (from: number, to: number): string =>
        Buffer.from(octets.subarray(from, to)).reverse().toString('hex');
      return [reversed(0, 4), reversed(4, 6), reversed(6, 8), hex(8, 10), hex(10, 16)].join('-');
    },
    set: async (name, value) => {
      const control = standIn.controls().find((candidate) => candidate.name === name);
      if (control === undefined) throw new RangeError(name);
      await control.write(value);
    },
    writes: () => standIn.writes.length,
    stop: async () => {
      await Promise.all(open.map((directory) => directory.close()));
      await Promise.all([...clients.values()].map((client) => client.unbind()));
      await standIn.stop();
      await rm(folder, { recursive: true });
    },
  };
}
