import { failed, type Result, succeeded } from '../../domain/result.ts';
import { type Clock, type LaneRecords, type SourceLeases, StoreUnavailable } from '../../ports.ts';
import { asking, type TableConnection, table } from './connection.ts';
import { fromChunks, key, toChunks } from './rows.ts';

interface SourceRow {
  readonly owner: string;
  readonly until: string;
  readonly again: boolean;
  readonly cursor: string;
}

/** One row a source in the table `sources`; the ETag decides between two runs. */
export function createSourceLeases(connection: TableConnection, clock: Clock): SourceLeases {
  const sources = table(connection, 'sources');
  const partitionKey = key(connection.tenant);

  async function change<T>(
    source: string,
    step: (row: SourceRow | null) => { readonly row: SourceRow | null; readonly answer: T },
  ): Promise<Result<T>> {
    try {
      const client = await sources();
      for (;;) {
        const found = await asking('read source', () => client.getEntity<SourceRow>(partitionKey, key(source)), {
          404: null as never,
        });
        const { row, answer } = step(found ?? null);
        if (!row) return succeeded(answer);
        const entity = { partitionKey, rowKey: key(source), ...row };
        const request = found
          ? () => client.updateEntity(entity, 'Replace', { etag: found.etag })
          : () => client.createEntity(entity);
        const written = await asking<unknown>('write source', request, { 409: 'conflict', 412: 'conflict' });
        if (written !== 'conflict') return succeeded(answer);
      }
    } catch (cause) {
      if (cause instanceof StoreUnavailable) return failed({ kind: 'TryAgain', message: cause.message });
      throw cause;
    }
  }

  return {
    take: (source, owner, until) =>
      change<{ cursor: string | null } | null>(source, (row) => {
        const heldByOther =
          row !== null && row.owner !== '' && row.owner !== owner && row.until > clock.now().toISOString();
        if (heldByOther) return { row: row.again ? null : { ...plain(row), again: true }, answer: null };
        return {
          row: { owner, until: until.toISOString(), again: false, cursor: row?.cursor ?? '' },
          answer: { cursor: row?.cursor || null },
        };
      }),
    renew: (source, owner, until) =>
      change<boolean>(source, (row) => {
        if (row?.owner !== owner) return { row: null, answer: false };
        return { row: { ...plain(row), until: until.toISOString() }, answer: true };
      }),
    release: (source, owner, cursor) =>
      change<{ again: boolean }>(source, (row) => {
        if (row?.owner !== owner) return { row: null, answer: { again: false } };
        return {
          row: { owner: '', until: row.until, again: false, cursor: cursor ?? '' },
          answer: { again: row.again },
        };
      }),
  };
}

const plain = ({ owner, until, again, cursor }: SourceRow): SourceRow => ({ owner, until, again, cursor });

/** One row a lane in the table `lanes`: its writes of the last hour. Only the worker that holds the lane's session writes it. */
export function createLaneRecords(connection: TableConnection): LaneRecords {
  const lanes = table(connection, 'lanes');
  const partitionKey = key(connection.tenant);
  return {
    async read(lane) {
      const client = await lanes();
      const row = await asking('read lane', () => client.getEntity<Record<string, unknown>>(partitionKey, key(lane)), {
        404: null as never,
      });
      return row ? ((fromChunks(row) as Awaited<ReturnType<LaneRecords['read']>> | null) ?? []) : [];
    },
    async write(lane, record) {
      const client = await lanes();
      await asking<unknown>('write lane', () =>
        client.upsertEntity({ partitionKey, rowKey: key(lane), ...toChunks(record) }, 'Replace'),
      );
    },
  };
}
