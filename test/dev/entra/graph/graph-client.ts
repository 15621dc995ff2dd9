import { request } from 'node:https';
import { jwtVerify, SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { type GraphStandIn, startGraph } from '../../../../dev/entra/graph/server.ts';
import type { Claims, TlsMaterial } from '../../../../dev/tokens.ts';
import { Organisation } from '../organisation.ts';

const secret = new TextEncoder().encode('a secret of this test only, 32 bytes long');

export const everyPermission = [
  'Directory.ReadWrite.All',
  'RoleManagement.Read.Directory',
  'AuditLog.Read.All',
  'MailboxSettings.Read',
  'User-OnPremisesSyncBehavior.ReadWrite.All',
];

export async function selfSigned(): Promise<TlsMaterial> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { key, cert };
}

export function token(
  roles: readonly string[],
  expiresIn = '1h',
  audience = 'https://graph.microsoft.com',
): Promise<string> {
  return new SignJWT({ oid: 'app-oid', tid: 'tenant', roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(secret);
}

async function verify(jwt: string, audience: string): Promise<Claims> {
  const { payload } = await jwtVerify(jwt, secret, { audience });
  return payload as unknown as Claims;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into JSON of any shape
  readonly body: any;
}

/** A running Graph stand-in with an organisation behind it, and a bare https client that trusts its certificate. */
export class GraphUnderTest {
  readonly organisation: Organisation;
  readonly graph: GraphStandIn;
  readonly tls: TlsMaterial;
  readonly bearer: string;

  private constructor(organisation: Organisation, graph: GraphStandIn, tls: TlsMaterial, bearer: string) {
    this.organisation = organisation;
    this.graph = graph;
    this.tls = tls;
    this.bearer = bearer;
  }

  static async start(organisation = new Organisation()): Promise<GraphUnderTest> {
    const tls = await selfSigned();
    const { tenant, clock } = organisation;
    const graph = await startGraph({ tenant, clock, tls, verify });
    return new GraphUnderTest(organisation, graph, tls, await token(everyPermission));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('GET', path, undefined, headers);
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const target = path.startsWith('https:') ? path : this.graph.url + path;
    const sent = {
      authorization: `Bearer ${this.bearer}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(target, { method, ca: this.tls.cert, headers: sent, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const received = Buffer.concat(parts).toString('utf8');
          const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: received === '' ? undefined : isJson ? JSON.parse(received) : received,
          });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }

  /** POST /users with what Graph demands. */
  async createUser(userPrincipalName: string, more: Record<string, unknown> = {}): Promise<Reply> {
    const [mailNickname = ''] = userPrincipalName.split('@');
    return this.send('POST', '/users', {
      accountEnabled: true,
      displayName: mailNickname,
      mailNickname,
      userPrincipalName,
      passwordProfile: { password: 'Correct-Horse-7' },
      ...more,
    });
  }
}
