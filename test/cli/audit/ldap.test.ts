import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Forests, startForests } from '../../relay/forests.ts';
import { auditGround, type Ground } from './ground.ts';

const environment = { SYNCMEND_LDAP_PASSWORD: 'Admin!Passw0rd' };

let forests: Forests;
let ground: Ground;
let ca = '';
const people = 'OU=People,DC=contoso,DC=com';
beforeAll(async () => {
  forests = await startForests();
  ground = await auditGround();
  ca = forests.ca;
  await forests.add(people, { objectClass: 'organizationalUnit' });
  for (let number = 0; number < 1_200; number++) {
    const name = `user${number}`;
    await forests.add(`CN=${name},${people}`, {
      objectClass: 'user',
      sAMAccountName: name,
      userAccountControl: '512',
      displayName: name,
      userPrincipalName: number === 700 ? 'user&700@contoso.com' : `${name}@contoso.com`,
      mail: number === 1_100 ? 'user3@contoso.com' : `${name}@contoso.com`,
    });
  }
});
afterAll(async () => {
  await ground.remove();
  await forests.stop();
});

const url = (): string => forests.config[0]?.domains[0]?.controllers[0] ?? '';
const bindDn = (): string => forests.config[0]?.bindDn ?? '';
const args = (...more: string[]): string[] => [
  ...['--ldap', url(), '--bind-dn', bindDn(), '--ca', ca, '--base', people, '--verified-domains', 'contoso.com'],
  ...more,
];

describe('a directory', () => {
  it('is read page by page and audited; every object is named with its forest', async () => {
    const found = await ground.found(args(), { environment });
    expect(found.map(({ rule, value }) => [rule, value])).toEqual([
      ['UserPrincipalNameCharacters', 'user&700@contoso.com'],
      ['DuplicateAddress', 'user3@contoso.com'],
    ]);
    expect(found[0]?.['object']).toMatchObject({ origin: { side: 'active-directory', forest: 'contoso.com' } });
  });

  it('is read from its own domain when no base is named', async () => {
    const all = args().filter((one) => one !== '--base' && one !== people);
    const { said } = await ground.audit([...all, '--format', 'json'], { environment });
    expect(said.at(-2)).toMatch(/^1,2\d\d objects read\.$/);
  });

  it('that goes away is asked again; no object is given twice', async () => {
    const proxy = await startProxy(new URL(url()), 450_000);
    const through = args('--format', 'json').with(1, `ldaps://localhost:${proxy.port}`);
    const { code, said, stdout } = await ground.audit(through, { environment });
    await proxy.stop();
    expect(code).toBe(1);
    expect(said).toContainEqual(expect.stringContaining('asked again in 1 s.'));
    expect(said).toContain('1,200 objects read.');
    expect(JSON.parse(stdout)).toHaveLength(2);
  });

  it.each<[string, (all: string[]) => string[], Record<string, string>, string]>([
    [
      'the password is wrong',
      (all) => all,
      { SYNCMEND_LDAP_PASSWORD: 'wrong' },
      'does not accept the name or the password',
    ],
    ['there is no password', (all) => all, {}, 'There is no password: set SYNCMEND_LDAP_PASSWORD'],
    [
      'the certificate is a stranger’s',
      (all) => all.filter((one) => one !== '--ca' && one !== ca),
      environment,
      'certificate',
    ],
    ['nobody answers', (all) => all.with(1, 'ldaps://localhost:1'), environment, 'ECONNREFUSED'],
    [
      'there is nothing at the base',
      (all) => all.with(all.indexOf(people), 'OU=Nobody,DC=contoso,DC=com'),
      environment,
      'has nothing at the base',
    ],
    [
      'the file of the authority is missing',
      (all) => all.with(all.indexOf(ca), '/nowhere/ca.pem'),
      environment,
      "'/nowhere/ca.pem' does not exist.",
    ],
  ])('is not read when %s, and why is said', async (_, change, given, message) => {
    const { code, stdout, said } = await ground.audit(change(args()), { environment: given });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(said.at(-1)).toContain(message);
  });

  it('says what a file cannot be an authority of', async () => {
    const nonsense = join(ground.folder, 'nonsense.pem');
    await writeFile(nonsense, 'hello');
    const { code } = await ground.audit(args().with(args().indexOf(ca), nonsense), { environment });
    expect(code).toBe(2);
  });
});

/** Forwards to a controller, and cuts the first connection after so many octets. */
async function startProxy({ hostname, port }: URL, most: number): Promise<{ port: number; stop(): Promise<void> }> {
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const controller = createConnection({ host: hostname, port: Number(port) });
    const isFirst = connections++ === 0;
    let octets = 0;
    for (const socket of [client, controller]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    client.on('data', (chunk) => controller.write(chunk)).on('close', () => controller.destroy());
    controller.on('data', (chunk) => {
      octets += chunk.length;
      if (isFirst && octets > most) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
