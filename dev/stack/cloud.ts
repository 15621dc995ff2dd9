import { readFileSync } from 'node:fs';
import { createStorage, type StorageFile } from '../azurite/create-storage.ts';
import { type Azurite, startAzurite } from '../azurite/start-azurite.ts';
import { type GraphStandIn, startGraph } from '../entra/graph/server.ts';
import { createTenant, type Tenant } from '../entra/tenant.ts';
import { audiences, createIdentity, type Identity } from '../identity/identities.ts';
import { type IdentityStandIn, startIdentity } from '../identity/start-identity.ts';
import { TokenIssuer } from '../identity/token-issuer.ts';
import type { QueueSettingsFile } from '../service-bus/queue-settings.ts';
import { type ServiceBusStandIn, startServiceBus } from '../service-bus/start-service-bus.ts';
import { type Ground, stopWith } from './ground.ts';

/** The tenant and what the apps use of Azure, but for storage, which takes longest to start. */
export interface Cloud {
  readonly tenant: Tenant;
  readonly graph: GraphStandIn;
  readonly issuer: TokenIssuer;
  readonly identities: Readonly<Record<'api' | 'worker', Identity>>;
  readonly identity: IdentityStandIn;
  readonly serviceBus: ServiceBusStandIn;
}

export async function startCloud(ground: Ground): Promise<Cloud> {
  const { clock, tls, log } = ground;
  const tenant = createTenant({ clock });
  const issuer = await TokenIssuer.create(tenant.tenantId, clock);
  const { verify } = issuer;
  const identities = { api: createIdentity('api'), worker: createIdentity('worker') };
  const identity = stopWith(ground, await startIdentity({ issuer, tls, identities: Object.values(identities) }));
  const graph = stopWith(ground, await startGraph({ tenant, clock, tls, verify }));
  const queues = readInfra<QueueSettingsFile>('service-bus.json');
  const onError = (error: unknown) => log('service-bus', String(error));
  const serviceBus = stopWith(ground, await startServiceBus({ clock, tls, verify, queues, onError }));
  return { tenant, graph, issuer, identities, identity, serviceBus };
}

/** Azurite with the tables and containers that a deployment creates. */
export async function startStorage({ clock, files, log, parts }: Ground, issuer: TokenIssuer): Promise<Azurite> {
  const azurite = await startAzurite({
    clock,
    certificateFile: files.certificate,
    keyFile: files.key,
    log: (line) => log('azurite', line),
  });
  parts.adopt(azurite.child, async (child) => {
    child.kill();
    await child.exited;
  });
  const deployment = { objectId: issuer.tenantId, clientId: issuer.tenantId, roles: [], lifetimeSeconds: 3600 };
  const { token } = await issuer.issue({ audience: audiences.storage, ...deployment });
  await createStorage(azurite, readInfra<StorageFile>('storage.json'), token);
  return azurite;
}

function readInfra<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../../infra/${name}`, import.meta.url), 'utf8')) as Shape;
}
