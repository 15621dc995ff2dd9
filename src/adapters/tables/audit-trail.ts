import type { TableClient, TransactionAction } from '@azure/data-tables';
import { eventHash } from '../../domain/audit-chain.ts';
import { sealedEvent, type Trail } from '../../domain/audit-trail.ts';
import { caseProjection } from '../../domain/case.ts';
import { type AuditTrail, StoreUnavailable } from '../../ports.ts';
import { eventRow, projectionRow } from './case-rows.ts';
import { asking, type TableConnection, table } from './connection.ts';
import { fromChunks, key, partition, partitions } from './rows.ts';

type Row = { readonly rowKey?: string; readonly etag?: string } & Readonly<Record<string, unknown>>;

/** Rows held in memory at a time; a projection can be half a megabyte. */
const pageSize = 100;
/** What one transaction of a table takes. */
const largestTransaction = 100;
const mostReads = 5;

/** The same table as the case store, read without taking anything on trust. */
export function createAuditTrail(connection: TableConnection): AuditTrail {
  const { tenant } = connection;
  const cases = table(connection, 'cases');

  async function read(id: string): Promise<Trail | null> {
    const client = await cases();
    const partitionKey = partition(tenant, id);
    const projection = () =>
      asking<Row | null>('read case', () => client.getEntity<Record<string, unknown>>(partitionKey, key(`c|${id}`)), {
        404: null,
      });
    for (let reads = 0; reads < mostReads; reads++) {
      const before = await projection();
      const events = await all(rows(client, partitionKey, `e|${id}|`));
      const after = await projection();
      // Otherwise somebody appended in between, and the two parts do not belong together.
      if (before?.etag === after?.etag) return before || events.length > 0 ? trailOf(tenant, id, after, events) : null;
    }
    throw new StoreUnavailable(`case ${id} changes too often to be read`);
  }

  return {
    read,
    async *trails() {
      const client = await cases();
      for (const partitionKey of partitions(tenant)) {
        const projections = grouped(rows(client, partitionKey, 'c|'));
        const chains = grouped(rows(client, partitionKey, 'e|'));
        for await (const [id, projection, events] of sideBySide(projections, chains))
          yield trailOf(tenant, id, projection[0] ?? null, events);
      }
    },
    async replaceProjection({ revision, events }, next) {
      const last = events.at(-1);
      if (!last) throw new Error('a projection without events has nothing to end with');
      const client = await cases();
      const row = projectionRow(tenant, next, eventHash(last));
      const written = await asking<unknown>(
        'replace projection',
        () => (revision === null ? client.createEntity(row) : client.updateEntity(row, 'Replace', { etag: revision })),
        { 404: 'conflict', 409: 'conflict', 412: 'conflict' },
      );
      return written === 'conflict' ? 'conflict' : 'replaced';
    },
    async eraseEvents({ id, events }, sequences) {
      const client = await cases();
      const actions = events
        .filter((event) => sequences.includes(event.sequence))
        .map((event): TransactionAction => {
          return ['update', eventRow(tenant, id, { ...event, event: null, salt: null }), 'Replace'];
        });
      for (let from = 0; from < actions.length; from += largestTransaction) {
        const part = actions.slice(from, from + largestTransaction);
        await asking<unknown>('erase events', () => client.submitTransaction(part));
      }
    },
  };
}

/** Rows of one partition whose key begins so, in the order of their keys. */
async function* rows(client: TableClient, partitionKey: string, prefix: string): AsyncGenerator<Row> {
  const filter = `PartitionKey eq '${partitionKey}' and RowKey ge '${prefix}' and RowKey lt '${prefix}~'`;
  const pages = client.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: pageSize });
  for (;;) {
    const page = await asking('read cases', () => pages.next());
    if (page.done) return;
    yield* page.value;
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

const caseIdOf = ({ rowKey = '' }: Row): string => rowKey.split('|')[1] ?? '';

/** Neighbouring rows of one case together. */
async function* grouped(source: AsyncGenerator<Row>): AsyncGenerator<readonly [string, Row[]]> {
  let group: Row[] = [];
  for await (const row of source) {
    const [first] = group;
    if (first && caseIdOf(first) !== caseIdOf(row)) {
      yield [caseIdOf(first), group];
      group = [];
    }
    group.push(row);
  }
  const [first] = group;
  if (first) yield [caseIdOf(first), group];
}

/** Both streams are in the order of case ids; a case that only one of them knows is answered with an empty other side. */
async function* sideBySide(
  left: AsyncGenerator<readonly [string, Row[]]>,
  right: AsyncGenerator<readonly [string, Row[]]>,
): AsyncGenerator<readonly [string, Row[], Row[]]> {
  let [one, other] = [await left.next(), await right.next()];
  while (!one.done || !other.done) {
    const leftId = one.done ? undefined : one.value[0];
    const rightId = other.done ? undefined : other.value[0];
    const takeLeft = leftId !== undefined && (rightId === undefined || leftId <= rightId);
    const takeRight = rightId !== undefined && (leftId === undefined || rightId <= leftId);
    yield [
      (takeLeft ? leftId : rightId) ?? '',
      takeLeft && !one.done ? one.value[1] : [],
      takeRight && !other.done ? other.value[1] : [],
    ];
    if (takeLeft) one = await left.next();
    if (takeRight) other = await right.next();
  }
}

function trailOf(tenant: string, id: string, projection: Row | null, events: readonly Row[]): Trail {
  const read = events.map((row) => ({ row, event: sealedEvent.safeParse(contentOf(row)) }));
  return {
    id,
    tenant,
    events: read.flatMap(({ event }) => (event.success ? [event.data] : [])),
    projection: projection && projectionOf(projection),
    unreadableEvents: read.flatMap(({ row, event }) =>
      event.success ? [] : [`event ${Number(row.rowKey?.split('|')[2])} cannot be read: it is not what was recorded.`],
    ),
    revision: projection?.etag ?? null,
  };
}

function projectionOf(row: Row): Trail['projection'] {
  const stored = caseProjection.safeParse(contentOf(row));
  if (!stored.success) return null;
  return { case: stored.data, head: String(row['head']), summary: jsonOf(row['summary']) };
}

function contentOf(row: Row): unknown {
  try {
    return fromChunks(row);
  } catch {
    return undefined;
  }
}

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
