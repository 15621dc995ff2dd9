import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsMaterial } from '../tokens.ts';
import type { Identity } from './identities.ts';
import type { TokenIssuer } from './token-issuer.ts';

export interface IdentityOptions {
  readonly issuer: TokenIssuer;
  readonly tls: TlsMaterial;
  readonly identities: readonly Identity[];
}

export interface IdentityStandIn {
  /** App Service's IDENTITY_ENDPOINT; plain http on the loopback interface, as on the platform. */
  readonly managedIdentityUrl: string;
  /** Where whoever checks a token finds the signing keys. */
  readonly keysUrl: string;
  stop(): Promise<void>;
}

/** Serves tokens to managed identities, and the signing keys with the openid-configuration that points to them. */
export async function startIdentity({ issuer, tls, identities }: IdentityOptions): Promise<IdentityStandIn> {
  const managedIdentity = createHttpServer((request, response) => {
    void answerToken(request, issuer, identities).then((answer) => send(response, answer));
  });
  const directory = createHttpsServer(tls, (request, response) => send(response, answerDirectory(request, issuer)));
  const [tokenPort, directoryPort] = await Promise.all([listen(managedIdentity), listen(directory)]);
  return {
    managedIdentityUrl: `http://127.0.0.1:${tokenPort}/msi/token`,
    keysUrl: `https://127.0.0.1:${directoryPort}/${issuer.tenantId}/discovery/v2.0/keys`,
    stop: async () => {
      await Promise.all([close(managedIdentity), close(directory)]);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `GET /msi/token?api-version=2019-08-01&resource=…[&client_id=…]` with the header X-IDENTITY-HEADER. */
async function answerToken(
  request: IncomingMessage,
  issuer: TokenIssuer,
  identities: readonly Identity[],
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method !== 'GET' || pathname !== '/msi/token') return refusal(404, 'There is nothing here.');
  const identity = identities.find(({ header }) => header === request.headers['x-identity-header']);
  if (!identity) return refusal(401, 'The header X-IDENTITY-HEADER is missing or names no identity.');
  if (searchParams.get('api-version') !== '2019-08-01') return refusal(400, 'api-version must be 2019-08-01.');
  const clientId = searchParams.get('client_id');
  if (clientId !== null && clientId !== identity.clientId) {
    return refusal(400, `No managed identity of this app has the client id ${clientId}.`);
  }
  const resource = searchParams.get('resource') ?? '';
  const audience = resource.replace(/\/+$/, '');
  const roles = identity.appRoles[audience];
  if (roles === undefined) return refusal(400, `The resource '${resource}' was not found in the tenant.`);
  const { objectId } = identity;
  const issued = await issuer.issueToIdentity({ audience, objectId, clientId: identity.clientId, roles });
  return {
    status: 200,
    body: {
      access_token: issued.token,
      expires_on: String(issued.expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: identity.clientId,
    },
  };
}

function refusal(statusCode: number, message: string): Answer {
  return { status: statusCode, body: { statusCode, message } };
}

function answerDirectory({ url = '/', headers }: IncomingMessage, { tenantId, issuer, keySet }: TokenIssuer): Answer {
  const base = `https://${headers.host}/${tenantId}`;
  switch (url.split('?')[0]) {
    case `/${tenantId}/discovery/v2.0/keys`:
      return { status: 200, body: keySet };
    case `/${tenantId}/.well-known/openid-configuration`:
    case `/${tenantId}/v2.0/.well-known/openid-configuration`:
      return {
        status: 200,
        body: {
          issuer,
          jwks_uri: `${base}/discovery/v2.0/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
          subject_types_supported: ['pairwise'],
        },
      };
    default:
      return { status: 404, body: { error: 'invalid_request' } };
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
