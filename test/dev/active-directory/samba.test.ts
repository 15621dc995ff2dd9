import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSamba } from '../../../dev/active-directory/samba/samba.ts';
import { provisionedTemplate, sambaIsInstalled } from '../../../dev/active-directory/samba/template.ts';
import { localhostCertificate } from '../../contracts/directory-certificate.ts';
import { codeOf, connect } from '../../contracts/directory-client.ts';
import { required } from './organisation.ts';

const adminPassword = 'Admin!Passw0rd';
/** The first start on a machine provisions, which takes 5 s a forest when nothing else runs. */
const whileProvisioning = 180_000;

describe.skipIf(!sambaIsInstalled() && process.env['CI'] !== 'true')('a Samba domain controller', () => {
  beforeAll(() => {
    for (const realm of ['contoso.com', 'fabrikam.com']) provisionedTemplate(realm, adminPassword);
  }, whileProvisioning);

  it('runs beside another one: each forest has its own', async () => {
    const tls = await localhostCertificate();
    const forests = ['contoso.com', 'fabrikam.com'].map((name) => ({ name, adminPassword }));
    const samba = await startSamba({ tls, forests });
    for (const { domains, name } of samba.forests) {
      const [{ controllers, adminDn }] = domains;
      const client = await connect({ url: controllers[0].url, ca: tls.cert }, adminDn, adminPassword);
      const { searchEntries } = await client.search('', { scope: 'base', attributes: ['dnsHostName'] });
      expect(searchEntries[0]?.['dnsHostName']).toBe(`dc1.${name}`);
      await client.unbind();
    }
    await samba.stop();
  });

  it('knows the Exchange attributes', async () => {
    const tls = await localhostCertificate();
    const samba = await startSamba({ tls, forests: [{ name: 'contoso.com', adminPassword }] });
    const { controllers, adminDn, baseDn } = required(samba.forests[0]).domains[0];
    const client = await connect({ url: controllers[0].url, ca: tls.cert }, adminDn, adminPassword);
    const recipient = {
      objectClass: 'user',
      mailNickname: 'recipient',
      targetAddress: 'SMTP:recipient@contoso.mail.onmicrosoft.com',
      msExchRecipientTypeDetails: '2147483648',
      homeMDB: 'CN=Database 1',
      extensionAttribute1: 'x',
    };
    expect(await codeOf(client.add(`CN=Recipient,CN=Users,${baseDn}`, recipient))).toBe(0);
    await client.unbind();
    await samba.stop();
  });

  it.each([
    ['is killed', 'SIGKILL'],
    ['gets a Ctrl-C, as does its whole process group', 'SIGINT'],
  ] as const)('ends and leaves no data when the process that started it %s', async (_, signal) => {
    const script = join(import.meta.dirname, 'start-samba.ts');
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    await once(parent.stdout, 'data');
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ');
    const data = required(
      children
        .map(commandOf)
        .join()
        .match(/[^\0]*syncmend-dc-\w+/)?.[0],
    );
    expect(existsSync(data)).toBe(true);
    process.kill(-required(parent.pid), signal);
    for (let attempt = 0; attempt < 100 && (children.some(isAlive) || existsSync(data)); attempt++) await sleep(20);
    expect(children.filter(isAlive)).toEqual([]);
    expect(existsSync(data)).toBe(false);
  });
});

const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** A zombie whose parent is gone counts as dead, whether or not someone has collected it. */
function isAlive(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
