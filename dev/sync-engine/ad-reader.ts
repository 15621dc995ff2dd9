import { Client, Control } from 'ldapts';
import { type DirectoryEntry, importedAttributes } from './ad-object.ts';

/** How the engine reaches the one domain controller that it imports a partition from. */
export interface DomainControllerAddress {
  /** `ldaps://host:port`. */
  readonly url: string;
  readonly bindDn: string;
  readonly password: string;
  /** PEM of the authority that signed the controller's certificate. */
  readonly ca: string | Buffer;
}

/** Where a domain controller's update sequence stands; `instance` changes when it is another database. */
export interface Watermark {
  readonly instance: string;
  readonly updateSequence: number;
}

const showDeleted = new Control('1.2.840.113556.1.4.417', { critical: true });

/**
 * A range of this many update sequence numbers holds at most as many objects, since a controller gives each write a
 * number of its own. So an answer never reaches MaxPageSize (1000), and no paging is needed.
 */
const updatesPerSearch = 1000;

/** Reads one domain controller over a connection that stays open between imports. */
export class AdReader {
  readonly #client: Client;
  readonly #address: DomainControllerAddress;

  constructor(address: DomainControllerAddress) {
    this.#address = address;
    this.#client = new Client({
      url: address.url,
      tlsOptions: { ca: address.ca },
      connectTimeout: 5_000,
      timeout: 30_000,
    });
  }

  /** The bound connection; after a loss it is made and bound anew. Rejects with the LDAP or socket error. */
  async connect(): Promise<Client> {
    // The library reconnects unauthenticated after a loss, and the controller then answers operationsError.
    if (!this.#client.isBound) await this.#client.bind(this.#address.bindDn, this.#address.password);
    return this.#client;
  }

  async readRoot(): Promise<{ readonly dnsHostName: string | undefined; readonly watermark: Watermark }> {
    const client = await this.connect();
    const { searchEntries } = await client.search('', {
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['dnsHostName', 'dsServiceName', 'highestCommittedUSN'],
    });
    const root: Readonly<Record<string, SearchValue>> = searchEntries[0] ?? {};
    return {
      dnsHostName: textOf(root['dnsHostName']),
      watermark: {
        instance: textOf(root['dsServiceName']) ?? '',
        updateSequence: Number(textOf(root['highestCommittedUSN']) ?? 0),
      },
    };
  }

  /** Every object of the partition, tombstones too, whose last update has a number in `after < number <= upTo`. */
  async *readUpdates(baseDn: string, after: number, upTo: number): AsyncGenerator<DirectoryEntry> {
    const client = await this.connect();
    for (let from = after + 1; from <= upTo; from += updatesPerSearch) {
      const to = Math.min(upTo, from + updatesPerSearch - 1);
      const { searchEntries } = await client.search(
        baseDn,
        {
          scope: 'sub',
          filter: `(&(uSNChanged>=${from})(uSNChanged<=${to}))`,
          attributes: [...importedAttributes],
          // All of them: the library's text decoder drops a leading U+FEFF, which is one of the faults to be seen.
          explicitBufferAttributes: [...importedAttributes],
        },
        showDeleted,
      );
      for (const entry of searchEntries) yield await this.#whole(client, entry);
    }
  }

  async close(): Promise<void> {
    await this.#client.unbind();
  }

  /** Completes an attribute of which the controller gave the first 1500 values only (`member;range=0-1499`). */
  async #whole(client: Client, entry: SearchEntry): Promise<DirectoryEntry> {
    const values = new Map<string, readonly (string | Buffer)[]>();
    for (const [name, value] of Object.entries(entry)) {
      if (name === 'dn') continue;
      const [attribute = name, range] = name.split(';range=');
      const first = listOf(value);
      if (range === undefined) {
        if (first.length > 0) values.set(attribute, first);
      } else {
        values.set(attribute, [...first, ...(await this.#rest(client, entry.dn, attribute, range))]);
      }
    }
    return { distinguishedName: entry.dn, values };
  }

  async #rest(client: Client, dn: string, attribute: string, range: string): Promise<(string | Buffer)[]> {
    const rest: (string | Buffer)[] = [];
    for (let end = range.split('-')[1]; end !== undefined && end !== '*'; ) {
      const wanted = `${attribute};range=${Number(end) + 1}-*`;
      const { searchEntries } = await client.search(dn, { scope: 'base', attributes: [wanted] }, showDeleted);
      const prefix = `${attribute.toLowerCase()};range=`;
      const answers = Object.entries(searchEntries[0] ?? {}).filter(([name]) => name.toLowerCase().startsWith(prefix));
      const answer = answers.find(([, value]) => listOf(value).length > 0);
      if (!answer) break;
      rest.push(...listOf(answer[1]));
      end = answer[0].split('-')[1];
    }
    return rest;
  }
}

type SearchEntry = Awaited<ReturnType<Client['search']>>['searchEntries'][number];
type SearchValue = SearchEntry[string];

function listOf(value: SearchValue | undefined): (string | Buffer)[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: SearchValue | undefined): string | undefined {
  return listOf(value)[0]?.toString();
}
