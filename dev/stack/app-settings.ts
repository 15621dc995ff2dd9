import { audiences, type Identity } from '../identity/identities.ts';

export interface Surroundings {
  readonly tenantId: string;
  readonly tablesUrl: string;
  readonly blobsUrl: string;
  readonly serviceBusPort: number;
  readonly graphUrl: string;
  readonly relayUrl: string;
  readonly managedIdentityUrl: string;
  readonly authorityFile: string;
}

/** The namespace of the deployment that this stack stands for; tokens and links name it, no packet goes there. */
export const serviceBusNamespace = 'syncmend.servicebus.windows.net';

/** Application settings as a deployment would set them, with a schedule at which a person can watch. */
export function appSettings(app: 'api' | 'worker', identity: Identity, around: Surroundings): Record<string, string> {
  return {
    SYNCMEND_APP: app,
    SYNCMEND_TENANT_ID: around.tenantId,
    SYNCMEND_TABLES_URL: around.tablesUrl,
    SYNCMEND_BLOBS_URL: around.blobsUrl,
    ServiceBus__fullyQualifiedNamespace: serviceBusNamespace,
    SYNCMEND_SERVICE_BUS_ENDPOINT: serviceBusEndpoint(around.serviceBusPort),
    SYNCMEND_GRAPH_URL: around.graphUrl,
    SYNCMEND_RELAY_URL: around.relayUrl,
    SYNCMEND_RELAY_SCOPE: `${audiences.relay}/.default`,
    SYNCMEND_IDENTITY_CLIENT_ID: identity.clientId,
    SYNCMEND_EXCHANGE_AUTHORITY: 'on-premises',
    SYNCMEND_RELEASE_INTERVAL_SECONDS: '1',
    SYNCMEND_VERIFY_POLL_SECONDS: '1',
    SYNCMEND_DETECT_SCHEDULE: '0 0 2 * * *',
    SYNCMEND_DETECT_GRAPH_SCHEDULE: '0 * * * * *',
    SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE: '20 * * * * *',
    SYNCMEND_SWEEP_SCHEDULE: '40 * * * * *',
    ...injectedByThePlatform(identity, around),
  };
}

export function serviceBusEndpoint(port: number): string {
  return `https://localhost:${port}`;
}

/** What App Service itself puts into a worker's environment, and how a machine is told to trust an authority. */
function injectedByThePlatform(
  { header }: Identity,
  { managedIdentityUrl, authorityFile }: Surroundings,
): Record<string, string> {
  return {
    WEBSITE_AUTH_ENABLED: 'True',
    IDENTITY_ENDPOINT: managedIdentityUrl,
    IDENTITY_HEADER: header,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    NODE_EXTRA_CA_CERTS: authorityFile,
  };
}
