import { auditDay, auditRun, isAuditRunId } from '../../domain/audit-run.ts';
import type { AuditRuns } from '../../ports.ts';
import { asking, type TableConnection, table } from './connection.ts';
import { fromChunks, key, toChunks } from './rows.ts';

/** The table `audits`: `r|<id, digits turned round>` a run, `d|<day>` a day. Its order of keys is newest first for runs. */
export function createAuditRuns(connection: TableConnection): AuditRuns {
  const audits = table(connection, 'audits');
  const partitionKey = key(connection.tenant);

  const write = async (rowKey: string, value: unknown): Promise<void> => {
    const client = await audits();
    await asking<unknown>('write audit', () =>
      client.upsertEntity({ partitionKey, rowKey: key(rowKey), ...toChunks(value) }, 'Replace'),
    );
  };

  async function rows(filter: string, most: number): Promise<unknown[]> {
    const client = await audits();
    return asking('list audits', async () => {
      const found: unknown[] = [];
      const pages = client
        .listEntities<Record<string, unknown>>({
          queryOptions: { filter: `PartitionKey eq '${partitionKey}' and ${filter}` },
        })
        .byPage({ maxPageSize: Math.min(most, 1000) });
      for await (const page of pages) {
        for (const row of page) found.push(fromChunks(row));
        if (found.length >= most) break;
      }
      return found.slice(0, most);
    });
  }

  return {
    write: (run) => write(runKey(run.id), run),
    async read(id) {
      if (!isAuditRunId(id)) return null;
      const client = await audits();
      const row = await asking(
        'read audit',
        () => client.getEntity<Record<string, unknown>>(partitionKey, key(runKey(id))),
        { 404: null as never },
      );
      return row ? (auditRun.safeParse(fromChunks(row)).data ?? null) : null;
    },
    async list(pageSize, after) {
      const from = after === null ? 'r|' : runKey(after);
      const found = await rows(`RowKey gt '${from}' and RowKey lt 's'`, pageSize);
      return found.flatMap((row) => auditRun.safeParse(row).data ?? []);
    },
    writeDay: (day) => write(`d|${day.day}`, day),
    async days(from) {
      const found = await rows(`RowKey ge '${key(`d|${from}`)}' and RowKey lt 'e'`, 10_000);
      return found.flatMap((row) => auditDay.safeParse(row).data ?? []);
    },
  };
}

/** A table sorts upwards: with each digit taken from nine, the newest comes first. */
const runKey = (id: string): string => {
  const [moment = '', word = ''] = id.split('-');
  return `r|${moment.replace(/\d/g, (digit) => String(9 - Number(digit)))}|${word}`;
};
