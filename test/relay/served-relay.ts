import { request as httpsRequest } from 'node:https';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { SyncCycles } from '../../src/relay/adsync/cycles.ts';
import type { SyncEngine } from '../../src/relay/adsync/sync-engine.ts';
import { createHandler } from '../../src/relay/handler.ts';
import { listenHttps } from '../../src/relay/https-listener.ts';
import type { Directory } from '../../src/relay/ldap/directory.ts';
import { DoneWrites } from '../../src/relay/ldap/idempotency.ts';
import { createTokenCheck } from '../../src/relay/token.ts';
import { localhostCertificate } from '../contracts/directory-certificate.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // The body as JSON, whatever the verb.
  readonly body: unknown;
}

export interface Sent {
  readonly roles?: readonly string[] | null;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly contentType?: string;
}

/** The relay's handler behind its HTTPS listener. */
export async function serveRelay(engine: SyncEngine, directory: Directory) {
  const tls = await localhostCertificate();
  const keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' };
  const identify = createTokenCheck({
    issuer: 'https://issuer',
    audiences: ['relay'],
    keys: createLocalJWKSet({ keys: [jwk] }),
  });
  const logged: { level: string; message: string; data: unknown }[] = [];
  const log = (level: string, message: string, data?: unknown) => {
    logged.push({ level, message, data });
  };
  const cycles = new SyncCycles(engine, { firstPauseMs: 5, longestPauseMs: 20, appearsWithinMs: 500 });
  const handler = createHandler({ directory, engine, cycles, done: new DoneWrites() }, identify, log);
  const listener = await listenHttps({ host: 'localhost', port: 0, certificate: tls.cert, key: tls.key }, handler, log);

  const token = (roles: readonly string[]) =>
    new SignJWT({ roles: [...roles], oid: 'me' })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer('https://issuer')
      .setAudience('relay')
      .setExpirationTime('10m')
      .sign(keys.privateKey);
  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const roles = sent.roles === undefined ? ['Relay.Read', 'Relay.Write'] : sent.roles;
    const authorization = roles === null ? {} : { authorization: `Bearer ${await token(roles)}` };
    const payload = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const contentType = payload === undefined ? {} : { 'content-type': sent.contentType ?? 'application/json' };
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        {
          host: 'localhost',
          port: listener.port,
          path,
          method,
          ca: tls.cert,
          agent: false,
          headers: { ...authorization, ...contentType },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  };
  return {
    send,
    token,
    url: `https://localhost:${listener.port}`,
    port: listener.port,
    ca: tls.cert,
    logged,
    stop: async () => {
      await listener.close();
      await cycles.stop();
    },
  };
}
