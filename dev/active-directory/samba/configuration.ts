import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The host name of every Samba domain controller: there is one a forest. */
export const hostName = 'dc1';

/** Directories that Samba would otherwise look for below /var and /run. */
const directories = {
  'private dir': 'private',
  'state directory': 'state',
  'cache directory': 'cache',
  'lock directory': 'lock',
  'pid directory': 'pid',
  'ncalrpc dir': 'ncalrpc',
  'binddns dir': 'binddns',
  'winbindd socket directory': 'winbindd',
  'ntp signd socket directory': 'ntpsignd',
} as const;

export interface SambaConfiguration {
  /** The one directory that holds everything. */
  readonly directory: string;
  /** DNS name of the domain. */
  readonly realm: string;
  /** Loopback address to listen on: the LDAP ports themselves are fixed. */
  readonly address: string;
}

export const configurationPath = (directory: string): string => join(directory, 'smb.conf');

export const privateDirectory = (directory: string): string => join(directory, 'private');

export const netbiosName = (realm: string): string => (realm.split('.')[0] ?? realm).toUpperCase();

/** Writes smb.conf of a domain controller that serves LDAP alone, and makes the directories that it names. */
export function writeConfiguration({ directory, realm, address }: SambaConfiguration): void {
  for (const name of Object.values(directories)) mkdirSync(join(directory, name), { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, 'state', 'sysvol'), { recursive: true });
  mkdirSync(join(privateDirectory(directory), 'tls'), { recursive: true, mode: 0o700 });
  const settings = {
    'netbios name': hostName.toUpperCase(),
    realm: realm.toUpperCase(),
    workgroup: netbiosName(realm),
    'server role': 'active directory domain controller',
    'server services': 'ldap',
    'dcerpc endpoint servers': '-remote',
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    ...Object.fromEntries(Object.entries(directories).map(([setting, name]) => [setting, join(directory, name)])),
    'log level': '1',
    'ldap server require strong auth': 'allow_sasl_over_tls',
    'tls enabled': 'yes',
    'tls keyfile': join(privateDirectory(directory), 'tls', 'key.pem'),
    'tls certfile': join(privateDirectory(directory), 'tls', 'cert.pem'),
    'tls cafile': join(privateDirectory(directory), 'tls', 'cert.pem'),
    // Throw-away data: waiting for the disk makes every write about five times slower.
    'ldb:nosync': 'yes',
    // These would start programs that look for a network.
    'dns update command': '/bin/true',
    'spn update command': '/bin/true',
    'samba kcc command': '/bin/true',
    'gpo update command': '/bin/true',
  };
  writeFileSync(
    configurationPath(directory),
    [
      '[global]',
      ...Object.entries(settings).map(([name, value]) => `  ${name} = ${value}`),
      '[sysvol]',
      `  path = ${join(directory, 'state', 'sysvol')}`,
      '[netlogon]',
      `  path = ${join(directory, 'state', 'sysvol', realm.toLowerCase(), 'scripts')}`,
      '',
    ].join('\n'),
  );
}
