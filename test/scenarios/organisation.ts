import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Attribute, Change, Client } from 'ldapts';
import type { Principals } from '../../dev/stack/principals.ts';
import { type Stack, type StackOptions, startStack } from '../../dev/stack.ts';
import { waitFor } from './wait-for.ts';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several APIs, which the tests look into
  readonly body: any;
}

export type Person = keyof Principals;
export type Attributes = Readonly<Record<string, string | string[]>>;

/** Not the built app, which may be older. */
const sources = {
  entry: fileURLToPath(new URL('../../src/functions/main.ts', import.meta.url)),
  hostJson: fileURLToPath(new URL('../../host.json', import.meta.url)),
};

/** A hybrid organisation in a stack of its own, driven from outside only: Graph, LDAP, relay, API and controls. */
export class Organisation {
  readonly stack: Stack;
  /** What every part has said. */
  readonly log: readonly string[];
  readonly #directory: string;
  readonly #clients = new Map<string, Client>();

  private constructor(stack: Stack, log: readonly string[], directory: string) {
    this.stack = stack;
    this.log = log;
    this.#directory = directory;
  }

  static async start(options: Omit<StackOptions, 'directory' | 'log'> = {}): Promise<Organisation> {
    const directory = mkdtempSync(join(tmpdir(), 'syncmend-scenario-'));
    const log: string[] = [];
    const stack = await startStack({
      empty: true,
      code: sources,
      ...options,
      directory,
      log: (part, line) => log.push(`${part} ${line}`),
    });
    const organisation = new Organisation(stack, log, directory);
    // Stories end workers more often than the real host would bear; its own patience is tested with the host.
    await organisation.control({ 'host.workerRestarts': 'lenient' });
    return organisation;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.unbind()));
    await this.stack.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  graph(method: string, path: string, body?: object): Promise<Reply> {
    const { url, token } = this.stack.endpoints.graph;
    return send(method, `${url}${path}`, { authorization: `Bearer ${token}` }, body);
  }

  /** A call of the product's API by one of the four people, or with the headers given. */
  api(caller: Person | Readonly<Record<string, string>>, method: string, path: string, body?: object): Promise<Reply> {
    const { functions, principals } = this.stack.endpoints;
    const headers = typeof caller === 'string' ? { 'x-ms-client-principal': principals[caller] } : caller;
    return send(method, `${functions}${path}`, headers, body);
  }

  relay(method: string, path: string, body?: object): Promise<Reply> {
    const { url, token } = this.stack.endpoints.relay;
    return send(method, `${url}${path}`, { authorization: `Bearer ${token}` }, body);
  }

  async control(values: Readonly<Record<string, unknown>>): Promise<void> {
    const reply = await send('PATCH', this.stack.endpoints.control.url, {}, values);
    if (reply.status !== 200) throw new Error(`control: ${JSON.stringify(reply.body)}`);
  }

  advance(seconds: number): Promise<void> {
    return this.control({ time: { advanceSeconds: seconds } });
  }

  async sweep(): Promise<void> {
    // An HTTP request waits for a worker that is just being started; the sweep would be lost.
    await this.api({}, 'GET', '/api/worker-health');
    await this.run('sweep');
  }

  /** Stops the Functions host and starts it again on the same stores, as a deployment or a new machine does. */
  async restartHost(): Promise<void> {
    await this.stack.host.restart();
    await this.control({ 'host.workerRestarts': 'lenient' });
  }

  /** Runs a function through the host's admin endpoint; it answers before the function has run. */
  async run(name: string, input: unknown = ''): Promise<void> {
    const { functions, masterKey } = this.stack.endpoints;
    const reply = await send(
      'POST',
      `${functions}/admin/functions/${name}`,
      { 'x-functions-key': masterKey },
      { input: typeof input === 'string' ? input : JSON.stringify(input) },
    );
    if (reply.status !== 202) throw new Error(`${name}: ${reply.status}`);
  }

  /** A delta cycle through the relay, to its end. */
  async cycle(): Promise<void> {
    const started = await this.relay('POST', '/v1/sync-cycles', { policyType: 'Delta' });
    if (started.status !== 202) throw new Error(`cycle: ${started.status} ${JSON.stringify(started.body)}`);
    await waitFor('a completed cycle', async () => {
      const { body } = await this.relay('GET', `/v1/sync-cycles/${started.body.id}`);
      if (body.state === 'failed') throw new Error(`cycle: ${JSON.stringify(body)}`);
      return body.state === 'completed';
    });
  }

  /** Adds an object below CN=Users of a domain; answers its DN. */
  async add(name: string, attributes: Attributes, domain = 'contoso.com'): Promise<string> {
    const dn = `CN=${escapeDn(name)},CN=Users,DC=${domain.replaceAll('.', ',DC=')}`;
    const client = await this.#client(domain);
    await client.add(dn, { displayName: name, ...attributes } as Record<string, string | string[]>);
    return dn;
  }

  async replace(dn: string, attribute: string, values: readonly string[]): Promise<void> {
    const client = await this.#client(domainOf(dn));
    const modification = new Attribute({ type: attribute, values: [...values] });
    await client.modify(dn, new Change({ operation: 'replace', modification }));
  }

  async delete(dn: string): Promise<void> {
    await (await this.#client(domainOf(dn))).del(dn);
  }

  async move(dn: string, newDn: string): Promise<void> {
    await (await this.#client(domainOf(dn))).modifyDN(dn, newDn);
  }

  /** Values of one attribute as a controller of its domain holds them; by default the one that the connector reads. */
  async values(dn: string, attribute: string, controller = 'dc1'): Promise<string[]> {
    const client = await this.#client(domainOf(dn), controller);
    const { searchEntries } = await client.search(dn, { scope: 'base', attributes: [attribute] });
    const found = searchEntries[0]?.[attribute] ?? [];
    return (Array.isArray(found) ? found : [found]).map(String);
  }

  async #client(domain: string, controller = 'dc1'): Promise<Client> {
    const open = this.#clients.get(`${controller}.${domain}`);
    if (open?.isConnected) return open;
    const { ca } = this.stack.endpoints;
    const found = this.stack.directories.forests
      .flatMap(({ domains }) => domains)
      .find(({ dnsName }) => dnsName === domain);
    const url = found?.controllers.find(({ name }) => name === controller)?.url;
    if (!found || !url) throw new Error(`There is no controller ${controller}.${domain}.`);
    const client = new Client({ url, tlsOptions: { ca: readFileSync(ca) } });
    await client.bind(found.adminDn, found.adminPassword);
    this.#clients.set(`${controller}.${domain}`, client);
    return client;
  }
}

async function send(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** RFC 4514. */
const escapeDn = (name: string): string => name.replace(/[,+"\\<>;=#]/g, (character) => `\\${character}`);

const domainOf = (dn: string): string => [...dn.matchAll(/(?:^|,)DC=([^,]+)/gi)].map(([, label]) => label).join('.');
