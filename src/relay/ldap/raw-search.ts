import {
  Ber,
  BerWriter,
  type Client,
  Control,
  type Filter,
  type MessageParser,
  PagedResultsControl,
  PresenceFilter,
  SearchEntry,
  SearchResponse,
} from 'ldapts';

/** An entry as it came over the wire: every value is its octets, whatever the attribute. */
export interface RawEntry {
  readonly dn: string;
  /** By attribute description in lower case; absent attributes are absent. */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
}

export interface RawSearch {
  readonly base: string;
  readonly scope: 'base' | 'sub';
  readonly filter?: Filter;
  readonly attributes: readonly string[];
  readonly controls?: readonly Control[];
  readonly pageSize?: number;
}

/** Entries a page; Active Directory gives 1,000 at most (MaxPageSize). */
const usualPageSize = 500;

/** Every entry that a search finds, over all pages: see {@link searchPages}. */
export async function searchRaw(client: Client, search: RawSearch): Promise<RawEntry[]> {
  const found: RawEntry[] = [];
  for await (const page of searchPages(client, search, (entry) => entry)) found.push(...page);
  return found;
}

/**
 * What a search finds, page by page; the next page is asked for when it is wanted. Give it the client of a
 * {@link Connection} and nothing else: two searches at a time on one client would mix their answers.
 *
 * Traps of ldapts 9, all avoided by reading the messages themselves (its parser is a private member):
 * - a page with no entries but a cookie ends `search({paged})` and `searchPaginated()`: the rest is lost without an error;
 * - a value is turned into text by chance of being valid UTF-8, or when `explicitBufferAttributes` spells its attribute in
 *   another case than the server, and binary values are damaged;
 * - a leading U+FEFF of a text is dropped, so that a later "delete this value" misses;
 * - an absent attribute is `[]`, one value a scalar, several an array, and asked-for ranges get an empty twin;
 * - `sizeLimit` turns sizeLimitExceeded into success: none is set;
 * - the server is told to give up after 10 seconds unless `timeLimit` says otherwise: 0 leaves it to the server's own limit.
 *
 * @param read makes of each entry, as it arrives, what is kept of it
 */
export async function* searchPages<T>(
  client: Client,
  search: RawSearch,
  read: (entry: RawEntry) => T,
): AsyncGenerator<T[], void, undefined> {
  let cookie: Buffer | undefined;
  do {
    const page = await readPage(client, search, cookie, read);
    cookie = page.cookie;
    yield page.found;
  } while (cookie !== undefined);
}

async function readPage<T>(
  client: Client,
  search: RawSearch,
  after: Buffer | undefined,
  read: (entry: RawEntry) => T,
): Promise<{ found: T[]; cookie: Buffer | undefined }> {
  const found: T[] = [];
  let cookie: Buffer | undefined;
  const receive = (message: unknown): void => {
    if (message instanceof SearchEntry) {
      found.push(read(rawEntry(message)));
      // The client keeps the entry until the page is complete: not its values.
      message.attributes = [];
    }
    if (message instanceof SearchResponse) {
      cookie = cookieIn(message);
      // Nor need it make objects of what has been read.
      message.searchEntries = [];
    }
  };

  const parser: MessageParser = client['messageParser'];
  parser.on('message', receive);
  try {
    const paging = search.scope === 'base' ? [] : [new NextPage(search.pageSize ?? usualPageSize, after)];
    await client.search(
      search.base,
      {
        scope: search.scope,
        filter: search.filter ?? new PresenceFilter({ attribute: 'objectClass' }),
        attributes: [...search.attributes],
        timeLimit: 0,
      },
      [...(search.controls ?? []), ...paging],
    );
  } finally {
    parser.off('message', receive);
  }
  return { found, cookie };
}

/** Asks for one page. Not a `PagedResultsControl`, because `search()` refuses that class from its callers. */
class NextPage extends Control {
  readonly #size: number;
  readonly #cookie: Buffer | undefined;

  constructor(size: number, cookie: Buffer | undefined) {
    super(PagedResultsControl.type, { critical: true });
    this.#size = size;
    this.#cookie = cookie;
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(this.#size);
    if (this.#cookie === undefined) value.writeString('');
    else value.writeBuffer(this.#cookie, Ber.OctetString);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}

function cookieIn(response: SearchResponse): Buffer | undefined {
  const control = response.controls?.find((candidate) => candidate instanceof PagedResultsControl);
  const cookie = control instanceof PagedResultsControl ? control.value?.cookie : undefined;
  return cookie !== undefined && cookie.length > 0 ? Buffer.from(cookie) : undefined;
}

const rawEntry = (entry: SearchEntry): RawEntry => ({
  dn: entry.name,
  attributes: new Map(
    entry.attributes
      .filter((attribute) => attribute.parsedBuffers.length > 0)
      .map((attribute) => [attribute.type.toLowerCase(), attribute.parsedBuffers]),
  ),
});
