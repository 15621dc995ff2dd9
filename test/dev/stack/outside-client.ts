import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';
import type { Endpoints } from '../../../dev/stack/endpoints.ts';

type Person = keyof Endpoints['principals'];

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whoever asks knows what the answer looks like.
  readonly body: any;
}

/** Someone else's program: it knows endpoints.json and nothing more. */
export class OutsideClient {
  readonly endpoints: Endpoints;

  constructor(endpointsFile: string) {
    this.endpoints = JSON.parse(readFileSync(endpointsFile, 'utf8')) as Endpoints;
  }

  graph(method: string, path: string, body?: unknown): Promise<Answer> {
    const { url, token } = this.endpoints.graph;
    return ask(`${url}${path}`, method, { authorization: `Bearer ${token}` }, body);
  }

  relay(method: string, path: string, body?: unknown): Promise<Answer> {
    const { url, token } = this.endpoints.relay;
    return ask(`${url}${path}`, method, { authorization: `Bearer ${token}` }, body);
  }

  api(person: Person | null, method: string, path: string, body?: unknown): Promise<Answer> {
    const { functions, principals } = this.endpoints;
    const headers: Record<string, string> = person === null ? {} : { 'x-ms-client-principal': principals[person] };
    return ask(`${functions}/api${path}`, method, headers, body);
  }

  control(method: string, body?: unknown): Promise<Answer> {
    return ask(this.endpoints.control.url, method, {}, body);
  }

  /** Starts a function as an administrator does; answers the status. */
  async start(functionName: string): Promise<number> {
    const { functions, masterKey } = this.endpoints;
    const url = `${functions}/admin/functions/${functionName}`;
    return (await ask(url, 'POST', { 'x-functions-key': masterKey }, { input: '' })).status;
  }

  async addToDirectory(name: string, attributes: Record<string, string | string[]>): Promise<string> {
    const dn = `CN=${name},CN=Users,${this.endpoints.ldap.baseDN}`;
    await this.withDirectory((client) => client.add(dn, { displayName: name, ...attributes }));
    return dn;
  }

  async withDirectory<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const { url, bindDN, password } = this.endpoints.ldap;
    const client = new Client({ url, tlsOptions: { ca: readFileSync(this.endpoints.ca) } });
    await client.bind(bindDN, password);
    try {
      return await work(client);
    } finally {
      await client.unbind();
    }
  }

  /** A delta cycle, through to its end. */
  async synchronise(): Promise<void> {
    const started = await this.relay('POST', '/v1/sync-cycles', { policyType: 'Delta' });
    if (started.status !== 202) throw new Error(`The cycle was not taken: ${JSON.stringify(started)}`);
    await eventually('the cycle is completed', async () => {
      const { body } = await this.relay('GET', `/v1/sync-cycles/${started.body.id}`);
      return body.state === 'completed';
    });
  }
}

/** Asks again until the answer is true (or not undefined); fails after `limit` milliseconds with what was waited for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limit = 50_000,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}.`);
    await sleep(100);
  }
}

async function ask(url: string, method: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
