import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/relay/config.ts';
import { localhostCertificate } from '../contracts/directory-certificate.ts';

const entryPoint = fileURLToPath(new URL('../../src/relay/main.ts', import.meta.url));
let folder = '';
let settings: Record<string, string> = {};
const forest = () => ({
  forest: 'contoso.com',
  globalCatalogue: 'ldaps://dc1.contoso.com:3269',
  bindDn: 'CN=relay,CN=Users,DC=contoso,DC=com',
  passwordFile: join(folder, 'password'),
  domains: [{ dnsName: 'contoso.com', baseDn: 'DC=contoso,DC=com', controllers: ['ldaps://dc1.contoso.com'] }],
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-main-'));
  const tls = await localhostCertificate();
  await writeFile(join(folder, 'cert.pem'), tls.cert);
  await writeFile(join(folder, 'key.pem'), tls.key);
  await writeFile(join(folder, 'password'), 'secret');
  settings = {
    RELAY_PORT: '0',
    RELAY_HOST: '127.0.0.1',
    RELAY_TLS_CERTIFICATE: join(folder, 'cert.pem'),
    RELAY_TLS_KEY: join(folder, 'key.pem'),
    RELAY_AUDIENCE: 'api://relay, 00000000-0000-0000-0000-000000000001',
    RELAY_ISSUER: 'https://login.microsoftonline.com/tenant/v2.0',
    RELAY_JWKS_URL: 'https://login.microsoftonline.com/tenant/discovery/v2.0/keys',
    RELAY_FORESTS: JSON.stringify([forest()]),
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('the settings', () => {
  it('are read, with what is usual filled in', () => {
    const read = readConfig({ ...settings, RELAY_PORT: undefined });
    expect(read).toMatchObject({
      ok: true,
      config: {
        port: 8443,
        powershell: 'powershell.exe',
        scripts: expect.stringMatching(/adsync$/),
        audiences: ['api://relay', '00000000-0000-0000-0000-000000000001'],
        forests: [{ forest: 'contoso.com' }],
      },
    });
  });

  it('may keep the forests in a file', async () => {
    const file = join(folder, 'forests.json');
    await writeFile(file, settings['RELAY_FORESTS'] ?? '');
    expect(readConfig({ ...settings, RELAY_FORESTS: file })).toMatchObject({
      ok: true,
      config: { forests: [{ forest: 'contoso.com' }] },
    });
  });

  it('name every problem at once', () => {
    const read = readConfig({
      RELAY_PORT: 'x',
      RELAY_TLS_CERTIFICATE: '/no/such/file',
      RELAY_JWKS_URL: 'http://plain',
    });
    const problems = read.ok ? [] : read.problems;
    for (const name of [
      'RELAY_PORT',
      'RELAY_TLS_CERTIFICATE',
      'RELAY_TLS_KEY',
      'RELAY_AUDIENCE',
      'RELAY_ISSUER',
      'RELAY_JWKS_URL',
      'RELAY_FORESTS',
    ]) {
      expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
    }
  });

  it('refuse to write through a global catalogue, plain LDAP schemes, and what is no JSON', () => {
    const [domain] = forest().domains;
    const writing = (url: string) =>
      readConfig({
        ...settings,
        RELAY_FORESTS: JSON.stringify([{ ...forest(), domains: [{ ...domain, controllers: [url] }] }]),
      });
    expect(writing('ldaps://dc1.contoso.com:3269')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('global catalogue')],
    });
    expect(writing('http://dc1.contoso.com')).toMatchObject({ ok: false });
    expect(readConfig({ ...settings, RELAY_FORESTS: '[{' })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('RELAY_FORESTS')],
    });
    expect(readConfig({ ...settings, RELAY_FORESTS: '/no/such/file' })).toMatchObject({ ok: false });
  });
});

describe('the process', () => {
  it('prints every problem and ends with 1 when a setting is wrong', async () => {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [entryPoint],
        { env: { ...settings, RELAY_ISSUER: '', RELAY_AUDIENCE: '' } },
        (error, _stdout, text) => resolve({ code: error?.code, stderr: text }),
      );
    });
    expect(code).toBe(1);
    expect(stderr).toContain('RELAY_ISSUER');
    expect(stderr).toContain('RELAY_AUDIENCE');
  });

  it('serves until it is told to stop', async () => {
    const relay = spawn(process.execPath, [entryPoint], { env: settings, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(relay, 'exit');
    const [line] = (await once(createInterface({ input: relay.stdout }), 'line')) as [string];
    expect(JSON.parse(line)).toMatchObject({ message: 'Relay started', port: expect.any(Number) });
    relay.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
