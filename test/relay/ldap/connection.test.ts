import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActiveDirectoryStandIn, startActiveDirectory } from '../../../dev/active-directory/active-directory.ts';
import { MovableClock } from '../../../dev/clock.ts';
import { Connection } from '../../../src/relay/ldap/connection.ts';
import { readState } from '../../../src/relay/ldap/domain-controller.ts';
import { searchRaw } from '../../../src/relay/ldap/raw-search.ts';
import { localhostCertificate } from '../../contracts/directory-certificate.ts';

const password = 'Admin!Passw0rd';
let directory: ActiveDirectoryStandIn;
let ca = '';
beforeAll(async () => {
  const tls = await localhostCertificate();
  ca = tls.cert;
  const domains = [{ dnsName: 'contoso.com', controllers: ['dc1'] }];
  directory = await startActiveDirectory({
    clock: new MovableClock(),
    tls,
    forests: [{ name: 'contoso.com', adminPassword: password, domains }],
  });
});
afterAll(() => directory.stop());

const controller = () => directory.forests[0].domains[0].controllers[0];
const connect = (change: { url?: string; ca?: string; password?: string } = {}) =>
  new Connection({
    url: change.url ?? controller().url,
    bindDn: directory.forests[0].domains[0].adminDn,
    readPassword: async () => change.password ?? password,
    ca: change.ca ?? ca,
    timeoutMs: 1_000,
  });
/** Needs an authenticated session. */
const ask = (connection: Connection) =>
  connection.read((client) =>
    searchRaw(client, { base: 'DC=contoso,DC=com', scope: 'base', attributes: ['objectGUID'] }),
  );

it('asks over LDAPS', async () => {
  const connection = connect();
  expect(await ask(connection)).toMatchObject({ ok: true, value: [{ dn: 'DC=contoso,DC=com' }] });
  await connection.close();
});

it('asks over StartTLS, and never plain', async () => {
  const connection = connect({ url: controller().ldapUrl });
  expect(await ask(connection)).toMatchObject({ ok: true });
  await connection.close();
});

it('refuses a certificate of a stranger, over LDAPS and StartTLS', async () => {
  const stranger = (await localhostCertificate()).cert;
  for (const url of [controller().url, controller().ldapUrl]) {
    const connection = connect({ url, ca: stranger });
    expect(await ask(connection)).toMatchObject({
      ok: false,
      failure: { code: null, message: expect.stringMatching(/certificate/i) },
    });
    await connection.close();
  }
});

it('refuses a certificate for another name, over LDAPS and StartTLS', async () => {
  // The certificate names localhost and 127.0.0.1 only; 127.0.0.2 is this machine too.
  const proxy = await startProxy('127.0.0.2');
  for (const url of [`ldaps://127.0.0.2:${proxy.port}`, `ldap://127.0.0.2:${proxy.plainPort}`]) {
    const connection = connect({ url });
    expect(await ask(connection)).toMatchObject({
      ok: false,
      failure: { code: null, message: expect.stringContaining('127.0.0.2') },
    });
    await connection.close();
  }
  await proxy.stop();
});

it('says that the password is wrong', async () => {
  const connection = connect({ password: 'no' });
  expect(await ask(connection)).toMatchObject({ ok: false, failure: { code: 49 } });
  await connection.close();
});

it('is authenticated again after the connection was lost', async () => {
  const proxy = await startProxy();
  for (const [url, port] of [
    [controller().url, proxy.port],
    [controller().ldapUrl, proxy.plainPort],
  ] as const) {
    const connection = connect({ url: `${new URL(url).protocol}//127.0.0.1:${port}` });
    expect(await ask(connection)).toMatchObject({ ok: true });
    await proxy.cut();
    expect(await ask(connection)).toMatchObject({ ok: true });
    await connection.close();
  }
  await proxy.stop();
});

it('does not send a write again on a new connection', async () => {
  const connection = connect();
  let tries = 0;
  const answer = await connection.write(async () => {
    tries += 1;
    throw new Error('socket hang up');
  });
  expect(answer).toMatchObject({ ok: false, failure: { code: null } });
  expect(tries).toBe(1);
  await connection.close();
});

it('lets a bug through', async () => {
  const connection = connect();
  await expect(connection.read(async () => (undefined as unknown as string).length)).rejects.toThrow(TypeError);
  expect(await ask(connection)).toMatchObject({ ok: true });
  await connection.close();
});

it('gives up on a controller that never answers, and spares the next requests the wait', async () => {
  const silent = createServer(() => undefined).listen(0);
  await once(silent, 'listening');
  const connection = connect({ url: `ldaps://localhost:${(silent.address() as AddressInfo).port}` });
  expect(await connection.read(readState)).toMatchObject({ ok: false, failure: { code: null } });
  const begun = performance.now();
  expect(await connection.read(readState)).toMatchObject({ ok: false, failure: { code: null } });
  expect(performance.now() - begun).toBeLessThan(500);
  await connection.close();
  silent.close();
});

it('tells who a controller is', async () => {
  const connection = connect();
  expect(await connection.read(readState)).toMatchObject({
    ok: true,
    value: {
      dnsName: 'dc1.contoso.com',
      highestCommittedUsn: expect.stringMatching(/^\d+$/),
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
  await connection.close();
});

/** Forwards to the controller, and cuts every connection when told. */
async function startProxy(host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  const forward = async (url: string) => {
    const { port } = new URL(url);
    const server = createServer((incoming) => {
      const outgoing = createConnection(Number(port), '127.0.0.1');
      for (const socket of [incoming, outgoing]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      incoming.pipe(outgoing).pipe(incoming);
    }).listen(0, host);
    await once(server, 'listening');
    return server;
  };
  const secure = await forward(controller().url);
  const plain = await forward(controller().ldapUrl);
  return {
    port: (secure.address() as AddressInfo).port,
    plainPort: (plain.address() as AddressInfo).port,
    cut: async () => {
      const closed = [...sockets].filter(({ closed }) => !closed).map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await Promise.all(closed);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      secure.close();
      plain.close();
    },
  };
}
