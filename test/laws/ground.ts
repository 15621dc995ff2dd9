import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import type { MovableClock } from '../../dev/clock.ts';
import { type GraphStandIn, startGraph } from '../../dev/entra/graph/server.ts';
import type { Tenant } from '../../dev/entra/tenant.ts';
import type { TlsMaterial } from '../../dev/tokens.ts';
import { listenHttps } from '../../src/relay/https-listener.ts';
import type { RelayHandler } from '../../src/relay/request.ts';

export const adminPassword = 'Admin!Passw0rd';

/** What one organisation puts behind the listeners. */
export interface Tenancy {
  readonly clock: MovableClock;
  readonly tenant: Tenant;
  readonly relay: RelayHandler;
}

/** Certificates, files and listeners that serve one organisation after the other: starting them anew costs more than a law. */
export interface Ground {
  readonly tls: TlsMaterial;
  readonly graph: GraphStandIn;
  readonly relayUrl: string;
  readonly passwordFile: string;
  readonly caFile: string;
  /** Whose turn it is. */
  serve(tenancy: Tenancy): void;
  stop(): Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const tls = await localCertificate();
  setDefaultCACertificates([...getCACertificates('default'), tls.cert]);
  const folder = await mkdtemp(join(tmpdir(), 'laws-'));
  const passwordFile = join(folder, 'password');
  const caFile = join(folder, 'ca.pem');
  await Promise.all([writeFile(passwordFile, adminPassword), writeFile(caFile, tls.cert)]);

  let present: Tenancy | undefined;
  const current = (): Tenancy => {
    if (!present) throw new Error('no organisation is served yet');
    return present;
  };
  const graph = await startGraph({
    tenant: standingFor(() => current().tenant),
    clock: standingFor(() => current().clock),
    tls,
    verify: async (_token, aud) => ({ aud, oid: 'laws', tid: current().tenant.tenantId, roles: everyPermission }),
  });
  const settings = { host: '127.0.0.1', port: 0, certificate: tls.cert, key: tls.key };
  const relay = await listenHttps(
    settings,
    (request) => current().relay(request),
    () => undefined,
  );
  return {
    tls,
    graph,
    relayUrl: `https://127.0.0.1:${relay.port}`,
    passwordFile,
    caFile,
    serve: (tenancy) => {
      present = tenancy;
    },
    stop: async () => {
      await graph.stop();
      await relay.close();
      await rm(folder, { recursive: true });
    },
  };
}

const everyPermission = [
  'Directory.ReadWrite.All',
  'RoleManagement.Read.Directory',
  'AuditLog.Read.All',
  'MailboxSettings.Read',
  'User-OnPremisesSyncBehavior.ReadWrite.All',
  'Group-OnPremisesSyncBehavior.ReadWrite.All',
  'Contacts-OnPremisesSyncBehavior.ReadWrite.All',
];

/** An elliptic key: its handshakes cost a tenth of what RSA's do. */
async function localCertificate(): Promise<TlsMaterial> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}

/** An object that is, at each access, the one that `current` answers. */
function standingFor<T extends object>(current: () => T): T {
  return new Proxy({} as T, {
    get(_target, name) {
      const object = current();
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
