import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationPath, hostName, netbiosName, privateDirectory, writeConfiguration } from './configuration.ts';

/** Debian's Python: another one on PATH does not see the package python3-samba. */
const python = process.env['SAMBA_PYTHON'] ?? '/usr/bin/python3';

const here = import.meta.dirname;
const script = join(here, 'provision.py');
/** Two commits: the classes name attributes that the first file defines. */
const schema = ['exchange-schema-1-attributes.ldif', 'exchange-schema-2-classes.ldif'].map((name) => join(here, name));

/** Whether this machine can run a Samba domain controller. */
export function sambaIsInstalled(): boolean {
  try {
    sambaVersion();
    execFileSync(python, ['-c', 'import samba.provision'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const sambaVersion = (): string =>
  execFileSync('samba', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();

/**
 * A provisioned database to copy from, made once for each Samba version, domain and password (about 5 s) and kept in
 * the temporary directory. Several processes may make the same one; the first to finish keeps its work.
 */
export function provisionedTemplate(realm: string, adminPassword: string): string {
  const hash = createHash('sha256').update([sambaVersion(), realm, adminPassword].join('\0'));
  for (const file of [script, join(here, 'configuration.ts'), ...schema]) hash.update(readFileSync(file));
  const user = process.getuid?.() ?? 0;
  const template = join(tmpdir(), `syncmend-samba-${user}`, hash.digest('hex').slice(0, 16));
  if (existsSync(template)) return template;
  const unfinished = `${template}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  provision(unfinished, realm, adminPassword);
  try {
    renameSync(unfinished, template);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return template;
}

/** A template may hold sockets of the provisioning run; they cannot be copied and are made anew. */
export function copyTemplate(template: string, directory: string): void {
  const isNoSocket = (path: string): boolean => !/\/(ldapi|ldap_priv|ncalrpc|msg\.sock)(\/|$)/.test(path);
  cpSync(template, directory, { recursive: true, preserveTimestamps: true, filter: isNoSocket });
}

function provision(directory: string, realm: string, adminPassword: string): void {
  writeConfiguration({ directory, realm, address: '127.0.0.1' });
  const options = {
    '--configuration': configurationPath(directory),
    '--realm': realm,
    '--netbios-name': netbiosName(realm),
    '--host': hostName,
    '--private': privateDirectory(directory),
  };
  const schemaOptions = schema.flatMap((file) => ['--schema', file]);
  execFileSync(python, [script, ...Object.entries(options).flat(), ...schemaOptions], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SAMBA_ADMINISTRATOR_PASSWORD: adminPassword },
  });
}
