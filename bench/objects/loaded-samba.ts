import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  configurationPath,
  privateDirectory,
  writeConfiguration,
} from '../../dev/active-directory/samba/configuration.ts';
import { copyTemplate, provisionedTemplate } from '../../dev/active-directory/samba/template.ts';
import { organisationLdif } from './organisation-ldif.ts';

/**
 * A Samba database with so many objects, made once and kept beside the empty one (100,000 take three minutes and 1 GB). They
 * are added offline in one transaction: over LDAP each add is slower than the one before.
 *
 * @returns its directory, to start a controller from
 */
export async function loadedSamba(realm: string, adminPassword: string, objects: number): Promise<string> {
  const empty = provisionedTemplate(realm, adminPassword);
  const recipe = createHash('sha256').update(readFileSync(join(import.meta.dirname, 'organisation-ldif.ts')));
  const loaded = `${empty}-${objects}-${recipe.digest('hex').slice(0, 8)}`;
  if (existsSync(loaded)) return loaded;
  const unfinished = `${loaded}.${process.pid}`;
  copyTemplate(empty, unfinished);
  try {
    writeConfiguration({ directory: unfinished, realm, address: '127.0.0.1' });
    await addOffline(unfinished, realm, objects);
    renameSync(unfinished, loaded);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return loaded;
}

async function addOffline(directory: string, realm: string, objects: number): Promise<void> {
  const database = ['-H', join(privateDirectory(directory), 'sam.ldb'), `--configfile=${configurationPath(directory)}`];
  const options = ['--nosync', '-o', 'batch_mode:1', '-o', 'transaction_index_cache_size:200000'];
  const ldbadd = spawn('ldbadd', [...database, ...options], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  ldbadd.stderr.on('data', (data) => {
    said = `${said}${data}`.slice(-2_000);
  });
  const exited = once(ldbadd, 'exit');
  for (const text of organisationLdif(realm, objects)) {
    if (!ldbadd.stdin.write(text)) await Promise.race([once(ldbadd.stdin, 'drain'), exited]);
  }
  ldbadd.stdin.end();
  await finished(ldbadd.stdin);
  const [code] = await exited;
  if (code !== 0) throw new Error(`ldbadd ended with ${code}:\n${said}`);
}
