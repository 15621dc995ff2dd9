import type { SealedEvent } from '../../domain/audit-chain.ts';
import type { Case } from '../../domain/case.ts';
import { summarise } from '../../domain/summary.ts';
import { key, partition, sequenceKey, toChunks } from './rows.ts';

/** The rows of one case: `c|<case>` the projection, `e|<case>|<sequence>` an event. */

/** @param head hash of the last event */
export const projectionRow = (tenant: string, subject: Case, head: string) => ({
  partitionKey: partition(tenant, subject.id),
  rowKey: key(`c|${subject.id}`),
  head,
  summary: JSON.stringify(summarise(subject)),
  ...toChunks(subject),
});

export const eventRow = (tenant: string, id: string, event: SealedEvent) => ({
  partitionKey: partition(tenant, id),
  rowKey: key(`e|${id}|${sequenceKey(event.sequence)}`),
  ...toChunks(event),
});
