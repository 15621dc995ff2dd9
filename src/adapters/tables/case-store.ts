import { randomBytes } from 'node:crypto';
import type { TransactionAction } from '@azure/data-tables';
import { chainStart, eventHash, type SealedEvent, seal } from '../../domain/audit-chain.ts';
import { type Case, caseProjection } from '../../domain/case.ts';
import { type RecordedEvent, recordedEvent } from '../../domain/recorded-event.ts';
import type { CaseSummary } from '../../domain/summary.ts';
import type { CaseStore, OutgoingMessage, PromisedMessage, StoredCase } from '../../ports.ts';
import { eventRow, projectionRow } from './case-rows.ts';
import { asking, type TableConnection, table } from './connection.ts';
import { fromChunks, key, partition, partitions, sequenceKey, toChunks } from './rows.ts';

/**
 * Cases in one table. PartitionKey: tenant and first hex digit of the case id. RowKey: `c|<case>` projection,
 * `e|<case>|<sequence>` event, `o|<case>|<sequence>` promised message. An append is one entity-group transaction.
 */
export function createCaseStore(connection: TableConnection): CaseStore {
  const { tenant } = connection;
  const cases = table(connection, 'cases');
  const caseKeys = table(connection, 'caseKeys');
  let recent: { readonly at: number; readonly summaries: CaseSummary[] } | undefined;

  async function read(id: string): Promise<StoredCase | null> {
    const client = await cases();
    const entity = await asking(
      'read case',
      () => client.getEntity<Record<string, unknown>>(partition(tenant, id), key(`c|${id}`)),
      { 404: null as never },
    );
    if (!entity) return null;
    return {
      case: caseProjection.parse(fromChunks(entity)),
      revision: JSON.stringify({ etag: entity.etag, head: entity['head'] }),
    };
  }

  async function append(
    previous: StoredCase | null,
    next: Case,
    events: readonly RecordedEvent[],
    messages: readonly PromisedMessage[],
  ): Promise<'appended' | 'conflict'> {
    const before = previous ? (JSON.parse(previous.revision) as { etag: string; head: string }) : undefined;
    const sealed = sealAll(events, before?.head ?? chainStart);
    const last = sealed.at(-1);
    if (!last) return 'appended';
    const partitionKey = partition(tenant, next.id);
    const projection = projectionRow(tenant, next, eventHash(last));
    const actions: TransactionAction[] = [
      ...sealed.map((event): TransactionAction => ['create', eventRow(tenant, next.id, event)]),
      before ? ['update', projection, 'Replace', { etag: before.etag }] : ['create', projection],
      ...messages.map(
        (promise): TransactionAction => [
          'create',
          { partitionKey, rowKey: key(`o|${promise.caseId}|${sequenceKey(promise.sequence)}`), ...toChunks(promise) },
        ],
      ),
    ];
    const client = await cases();
    const written = await asking<unknown>('append to case', () => client.submitTransaction(actions), {
      409: 'conflict',
      412: 'conflict',
    });
    recent = undefined;
    if (written !== 'conflict') return 'appended';
    // A retry inside the SDK may have met its own first attempt.
    const present = (await sealedEvents(next.id)).find((event) => event.sequence === last.sequence);
    return present?.salt === last.salt ? 'appended' : 'conflict';
  }

  async function sealedEvents(id: string): Promise<SealedEvent[]> {
    const from = key(`e|${id}|`);
    return (await scan(partition(tenant, id), from, `${from}~`)).map((entity) => fromChunks(entity) as SealedEvent);
  }

  async function scan(
    partitionKey: string,
    from: string,
    to: string,
    select?: string[],
  ): Promise<Record<string, unknown>[]> {
    const client = await cases();
    const filter = `PartitionKey eq '${partitionKey}' and RowKey ge '${from}' and RowKey lt '${to}'`;
    return asking('scan cases', async () => {
      const rows: Record<string, unknown>[] = [];
      for await (const entity of client.listEntities({ queryOptions: { filter, ...(select ? { select } : {}) } }))
        rows.push(entity);
      return rows;
    });
  }

  const scanAll = async (prefix: string, select?: string[]): Promise<Record<string, unknown>[]> =>
    (await Promise.all(partitions(tenant).map((one) => scan(one, `${prefix}|`, `${prefix}}`, select)))).flat();

  return {
    read,
    append,
    async events(id) {
      return (await sealedEvents(id)).map(({ salt: _s, dataHash: _d, previousHash: _p, ...recorded }) =>
        recordedEvent.parse(recorded),
      );
    },
    async claimKey(caseKey, caseId) {
      const client = await caseKeys();
      const entity = { partitionKey: partition(tenant, caseKey), rowKey: key(caseKey), caseId };
      const created = await asking<unknown>('claim key', () => client.createEntity(entity), { 409: 'taken' });
      if (created !== 'taken') return caseId;
      const owner = await asking('read key', () =>
        client.getEntity<{ caseId: string }>(entity.partitionKey, entity.rowKey),
      );
      return owner.caseId;
    },
    async summaries(atMostSecondsOld = 0) {
      if (recent && Date.now() - recent.at <= atMostSecondsOld * 1000) return recent.summaries;
      const at = Date.now();
      const rows = await scanAll('c', ['summary']);
      const summaries = rows.map((row) => JSON.parse(String(row['summary'])) as CaseSummary);
      recent = { at, summaries };
      return summaries;
    },
    async promised() {
      return (await scanAll('o')).map((row) => promiseOf(fromChunks(row)));
    },
    async kept({ caseId, sequence }) {
      const client = await cases();
      await asking<unknown>(
        'take promise off',
        () => client.deleteEntity(partition(tenant, caseId), key(`o|${caseId}|${sequenceKey(sequence)}`)),
        { 404: undefined },
      );
    },
  };
}

function sealAll(events: readonly RecordedEvent[], head: string): SealedEvent[] {
  let previous = head;
  return events.map((recorded) => {
    const sealed = seal(recorded, previous, randomBytes(16).toString('hex'));
    previous = eventHash(sealed);
    return sealed;
  });
}

function promiseOf(stored: unknown): PromisedMessage {
  const promise = stored as PromisedMessage & { message: OutgoingMessage & { notBefore?: string } };
  const { notBefore, ...message } = promise.message;
  return {
    ...promise,
    message: { ...message, ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore) }) },
  };
}
