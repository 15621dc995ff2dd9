import type { TlsMaterial } from '../../tokens.ts';
import type { RunningForest } from '../active-directory.ts';
import { domainDn } from '../distinguished-name.ts';
import { hostName } from './configuration.ts';
import { startDomainController } from './domain-controller.ts';

export interface SambaForestsOptions {
  /** Valid for `127.0.0.1`, the host of every URL. */
  readonly tls: TlsMaterial;
  /** Each forest is one domain with one controller. */
  readonly forests: readonly {
    readonly name: string;
    readonly adminPassword: string;
    /** A database of this domain to copy from; without it an empty one. */
    readonly template?: string;
  }[];
}

/** Real directories in the shape of the stand-in. They keep no log of writes, and nothing can be set but through LDAP. */
export interface SambaForests {
  readonly forests: readonly RunningForest[];
  stop(): Promise<void>;
}

/** Starts a throw-away Samba domain controller for every forest. Throws when Samba is missing or does not start. */
export async function startSamba({ tls, forests }: SambaForestsOptions): Promise<SambaForests> {
  const started = await Promise.all(
    forests.map(async ({ name, adminPassword, ...template }) => {
      const controller = await startDomainController({ realm: name, adminPassword, tls, ...template });
      return { name, adminPassword, controller };
    }),
  );
  return {
    forests: started.map(({ name, adminPassword, controller }) => {
      const baseDn = domainDn(name);
      const url = `ldaps://127.0.0.1:${controller.ldapsPort}`;
      const ldapUrl = `ldap://127.0.0.1:${controller.ldapPort}`;
      const dnsHostName = `${hostName}.${name}`;
      const adminDn = `CN=Administrator,CN=Users,${baseDn}`;
      const running = { name: hostName, dnsHostName, url, ldapUrl };
      return {
        name,
        domains: [{ dnsName: name, baseDn, controllers: [running], adminDn, adminPassword }],
        globalCatalogueUrl: `ldaps://127.0.0.1:${controller.globalCataloguePort}`,
      };
    }),
    async stop() {
      await Promise.all(started.map(({ controller }) => controller.stop()));
    },
  };
}
