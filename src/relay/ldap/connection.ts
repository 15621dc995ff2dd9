import net from 'node:net';
import tls from 'node:tls';
import { Client } from 'ldapts';
import { type LdapAnswer, type LdapFailure, ldapFailureOf } from './ldap-failure.ts';

/** How to reach one domain controller (or global catalogue). */
export interface Endpoint {
  /** `ldaps://host[:port]`, or `ldap://host[:port]` which is then raised to TLS with StartTLS. Never plain. */
  readonly url: string;
  readonly bindDn: string;
  /** Read at each bind, so that a changed password needs no restart. */
  readonly readPassword: () => Promise<string>;
  /** PEM; without it the system's authorities are trusted. */
  readonly ca?: string;
  /** Longest time for connecting, and for each operation. */
  readonly timeoutMs: number;
}

/** After a connection that was long in failing, requests fail with it at once for a while: a batch does not wait for each time-out. */
const slowMs = 1_000;
const restMs = 2_000;

/**
 * One authenticated session with one controller, opened when first needed and again after it was lost.
 *
 * Trap of ldapts 9: a client whose connection was lost reconnects by itself, *unauthenticated* (with `autoRebind` not after
 * StartTLS either), and Active Directory then answers operationsError. Here a client connects once in its life: when its
 * connection is lost it fails, and the next request gets a new client that has been bound.
 *
 * Requests run one after another: {@link searchRaw} tells answers apart by there being one search at a time.
 */
export class Connection {
  readonly endpoint: Endpoint;
  #client: Client | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #slow: { readonly failure: LdapFailure; readonly until: number } | null = null;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  /** Asks something that may be asked twice: when a kept connection turns out to be lost, once more on a new one. */
  async read<T>(work: (client: Client) => Promise<T>): Promise<LdapAnswer<T>> {
    const kept = this.#client !== null;
    const answer = await this.write(work);
    return kept && !answer.ok && answer.failure.code === null ? this.write(work) : answer;
  }

  /** Asks once. No answer (`code` null) means that it is not known whether the controller did it. */
  write<T>(work: (client: Client) => Promise<T>): Promise<LdapAnswer<T>> {
    const answer = this.#last.then(() => this.#ask(work));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#drop();
  }

  async #ask<T>(work: (client: Client) => Promise<T>): Promise<LdapAnswer<T>> {
    if (this.#slow !== null && performance.now() < this.#slow.until) return { ok: false, failure: this.#slow.failure };
    try {
      const client = await this.#bound();
      return { ok: true, value: await work(client) };
    } catch (thrown) {
      const failure = ldapFailureOf(thrown);
      const sessionLost = failure.code === null || this.#client?.isBound !== true;
      if (sessionLost) this.#drop();
      return { ok: false, failure };
    }
  }

  async #bound(): Promise<Client> {
    if (this.#client?.isBound === true) return this.#client;
    this.#drop();
    const begun = performance.now();
    try {
      this.#client = await openClient(this.endpoint);
      this.#slow = null;
      return this.#client;
    } catch (thrown) {
      const failedAt = performance.now();
      if (failedAt - begun > slowMs) this.#slow = { failure: ldapFailureOf(thrown), until: failedAt + restMs };
      throw thrown;
    }
  }

  #drop(): void {
    this.#client?.unbind().catch(() => undefined);
    this.#client = null;
  }
}

/**
 * A bound client of one connection: when that is lost, it fails.
 *
 * Trap of ldapts 9: `tlsOptions` on an `ldap://` URL makes it TLS at once; for StartTLS they are given to `startTLS()`, which
 * also must be told the host, or the name in the certificate is not checked.
 */
export async function openClient(endpoint: Endpoint): Promise<Client> {
  const { protocol, hostname } = new URL(endpoint.url);
  const trust = endpoint.ca === undefined ? {} : { ca: endpoint.ca };
  const client = new Client({
    url: endpoint.url,
    timeout: endpoint.timeoutMs,
    connectTimeout: endpoint.timeoutMs,
    ...(protocol === 'ldaps:' ? { tlsOptions: { ...trust, minVersion: 'TLSv1.2' as const } } : {}),
    createConnection: onlyOnce(net.connect),
    createSecureConnection: onlyOnce(tls.connect),
  });
  try {
    if (protocol === 'ldap:') {
      const servername = net.isIP(hostname) === 0 ? { servername: hostname } : {};
      await client.startTLS({ ...trust, ...servername, host: hostname, minVersion: 'TLSv1.2' });
    }
    await client.bind(endpoint.bindDn, await endpoint.readPassword());
    return client;
  } catch (thrown) {
    client.unbind().catch(() => undefined);
    throw thrown;
  }
}

function onlyOnce<Connect extends typeof net.connect | typeof tls.connect>(connect: Connect): Connect {
  let used = false;
  const guarded = (...parameters: unknown[]): unknown => {
    if (used) throw new Error('The connection to the domain controller was lost');
    used = true;
    return Reflect.apply(connect, null, parameters);
  };
  return guarded as Connect;
}
