import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Endpoints } from '../../dev/stack/endpoints.ts';
import type { Person, Reply } from './organisation.ts';

const packageOf = { ldapadd: 'ldap-utils', ldapmodify: 'ldap-utils', ldapsearch: 'ldap-utils', curl: 'curl' } as const;

/** Packages to be installed before {@link OutsideTools} can be used. */
export function missingPackages(): string[] {
  const missing = Object.entries(packageOf).filter(([tool]) => spawnSync(tool, ['-VV']).error !== undefined);
  return [...new Set(missing.map(([, name]) => name))];
}

const run = promisify(execFile);

/** Somebody with a shell: OpenLDAP's tools, curl, and what endpoints.json says. */
export class OutsideTools {
  readonly #endpoints: Endpoints;

  constructor(endpoints: Endpoints) {
    this.#endpoints = endpoints;
  }

  get baseDn(): string {
    return this.#endpoints.ldap.baseDN;
  }

  /** `ldapadd` or `ldapmodify` of an LDIF; rejects with what the tool said. */
  async ldif(tool: 'ldapadd' | 'ldapmodify', lines: readonly string[]): Promise<void> {
    const running = run(tool, this.#ldapArguments(), { env: this.#ldapEnvironment() });
    running.child.stdin?.end(`${lines.join('\n')}\n`);
    await running;
  }

  /** Values of an attribute as `ldapsearch` prints them. */
  async values(dn: string, attribute: string): Promise<string[]> {
    const search = ['-LLL', '-o', 'ldif-wrap=no', '-b', dn, '-s', 'base', '(objectClass=*)', attribute];
    const { stdout } = await run('ldapsearch', [...this.#ldapArguments(), ...search], { env: this.#ldapEnvironment() });
    return [...stdout.matchAll(new RegExp(`^${attribute}: (.*)$`, 'gm'))].map(([, value]) => value ?? '').sort();
  }

  graph(method: string, path: string, body?: object): Promise<Reply> {
    const { url, token } = this.#endpoints.graph;
    return this.#curl(method, `${url}${path}`, `authorization: Bearer ${token}`, body);
  }

  relay(method: string, path: string, body?: object): Promise<Reply> {
    const { url, token } = this.#endpoints.relay;
    return this.#curl(method, `${url}/v1${path}`, `authorization: Bearer ${token}`, body);
  }

  api(person: Person, method: string, path: string, body?: object): Promise<Reply> {
    const { functions, principals } = this.#endpoints;
    return this.#curl(method, `${functions}/api${path}`, `x-ms-client-principal: ${principals[person]}`, body);
  }

  admin(functionName: string): Promise<Reply> {
    const { functions, masterKey } = this.#endpoints;
    return this.#curl('POST', `${functions}/admin/functions/${functionName}`, `x-functions-key: ${masterKey}`, {
      input: '',
    });
  }

  #ldapArguments(): string[] {
    const { url, bindDN, password } = this.#endpoints.ldap;
    return ['-x', '-H', url, '-D', bindDN, '-w', password];
  }

  #ldapEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, LDAPTLS_CACERT: this.#endpoints.ca, LDAPTLS_REQCERT: 'demand' };
  }

  async #curl(method: string, url: string, credential: string, body?: object): Promise<Reply> {
    const json = body ? ['-H', 'content-type: application/json', '--data-binary', JSON.stringify(body)] : [];
    const sent = ['-sS', '--cacert', this.#endpoints.ca, '-X', method, '-H', credential, ...json];
    const { stdout } = await run('curl', [...sent, '-w', '\n%{http_code}', url]);
    const end = stdout.lastIndexOf('\n');
    const text = stdout.slice(0, end);
    return { status: Number(stdout.slice(end)), body: text === '' ? undefined : JSON.parse(text) };
  }
}
