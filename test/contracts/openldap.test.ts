import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileProvisioning } from './directory-contract.ts';
import { describeEachDirectory } from './directory-kinds.ts';
import { type DirectoryKind, type Subject, startSubject } from './directory-subject.ts';

const run = promisify(execFile);
const missing = spawnSync('ldapsearch', ['-VV']).error !== undefined;

/** OpenLDAP's tools are what an administrator on Linux has; a developer may lack them, the build must not. */
describe.skipIf(missing && process.env['CI'] !== 'true')(
  `OpenLDAP's tools${missing ? ' (not installed: apt-get install ldap-utils)' : ''}`,
  () => describeEachDirectory(openLdapContract),
);

function openLdapContract(kind: DirectoryKind): void {
  let started: Subject | undefined;
  let folder = '';
  beforeAll(async () => {
    started = await startSubject(kind);
    folder = mkdtempSync(join(tmpdir(), 'openldap-'));
    writeFileSync(join(folder, 'ca.pem'), started.running.ca);
  }, whileProvisioning);
  afterAll(async () => {
    await started?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });
  const subject = (): Subject => {
    if (!started) throw new Error('the directory is not started');
    return started;
  };

  /** What a tool printed; rejects with its `code`, the LDAP result. */
  const tool = async (
    name: string,
    args: readonly string[] = [],
    { input = '', password = '', startTls = false } = {},
  ) => {
    const { controllers, adminDn, adminPassword } = subject().domain;
    const [{ url, ldapUrl }] = controllers;
    const who = ['-x', '-D', adminDn, '-w', password || adminPassword, '-H', startTls ? ldapUrl : url];
    const env = { ...process.env, LDAPTLS_CACERT: join(folder, 'ca.pem'), LDAPTLS_REQCERT: 'demand' };
    const running = run(name, [...who, ...(startTls ? ['-ZZ'] : []), ...args], { env });
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  const ldif = (...lines: string[]) => `${lines.join('\n')}\n`;
  const search = (...args: string[]) => tool('ldapsearch', ['-LLL', '-o', 'ldif-wrap=no', ...args]);

  it('add, change, read, rename and delete', async () => {
    const { dn: unit } = await subject().unit();
    const dn = `CN=Tool,${unit}`;
    const user = ldif(`dn: ${dn}`, 'objectClass: user', 'sAMAccountName: tool', 'proxyAddresses: smtp:a@contoso.com');
    await tool('ldapadd', [], { input: user });
    const change = [
      `dn: ${dn}`,
      'changetype: modify',
      'add: proxyAddresses',
      'proxyAddresses: smtp:b@contoso.com',
      '-',
    ];
    await tool('ldapmodify', [], {
      input: ldif(
        ...change,
        'delete: proxyAddresses',
        'proxyAddresses: smtp:a@contoso.com',
        '-',
        'replace: mail',
        'mail: b@contoso.com',
      ),
    });
    const printed = await search('-b', unit, '(proxyAddresses=smtp:b@contoso.com)', 'mail', 'proxyAddresses');
    const expected = [`dn: ${dn}`, 'mail: b@contoso.com', 'proxyAddresses: smtp:b@contoso.com'];
    expect(printed.trim().split('\n').sort()).toEqual(expected);
    await tool('ldapmodrdn', ['-r', dn, 'CN=Renamed']);
    expect(await tool('ldapcompare', [`CN=Renamed,${unit}`, 'mail:b@contoso.com']).catch(({ code }) => code)).toBe(6);
    await tool('ldapdelete', [`CN=Renamed,${unit}`]);
    expect(await search('-b', unit, '-s', 'one', 'dn')).toBe('');
  });

  it('follow pages', async () => {
    const { dn: unit } = await subject().unit();
    for (let number = 0; number < 7; number++) {
      await subject().admin.add(`CN=C${number},${unit}`, { objectClass: 'contact' });
    }
    const found = await search('-E', 'pr=3/noprompt', '-b', unit, '(objectClass=contact)', 'cn');
    expect(found.match(/^cn: C\d$/gm)).toHaveLength(7);
  });

  it('speak StartTLS, and read the rootDSE before they are anybody', async () => {
    const { dn: unit } = await subject().unit();
    const options = { startTls: true };
    expect(await tool('ldapsearch', ['-LLL', '-b', unit, '-s', 'base', 'ou'], options)).toContain('ou: Unit');
    const env = { ...process.env, LDAPTLS_CACERT: join(folder, 'ca.pem') };
    const [{ url }] = subject().domain.controllers;
    const { stdout } = await run('ldapsearch', ['-x', '-LLL', '-H', url, '-b', '', '-s', 'base', 'dnsHostName'], {
      env,
    });
    expect(stdout).toContain('dnsHostName: dc1.contoso.com');
  });

  it('end with the result that the directory gave', async () => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    const base = subject().baseDn;
    expect(await code(search('-b', `CN=Nobody,${base}`))).toBe(32);
    expect(await code(tool('ldapsearch', ['-b', base], { password: 'wrong' }))).toBe(49);
    const twice = ldif(`dn: CN=Users,${base}`, 'objectClass: container');
    expect(await code(tool('ldapadd', [], { input: twice }))).toBe(68);
  });
}
