import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createEvidenceStore } from '../../src/adapters/blobs/evidence-store.ts';
import { createCaseStore } from '../../src/adapters/tables/case-store.ts';
import { createLaneRecords, createSourceLeases } from '../../src/adapters/tables/leases.ts';
import { InMemoryCaseStore, InMemoryLeases, inMemoryEvidence, inMemoryLanes } from '../pipeline/in-memory-store.ts';
import { startAzuriteStorage } from './azurite-storage.ts';
import { describeCaseStore } from './case-store-contract.ts';

describeCaseStore('memory', () => ({
  store: new InMemoryCaseStore(),
  lanes: inMemoryLanes(),
  evidence: inMemoryEvidence(),
  leases: (now) => new InMemoryLeases(now),
}));

let storage: Awaited<ReturnType<typeof startAzuriteStorage>>;
beforeAll(async () => {
  storage = await startAzuriteStorage();
});
afterAll(() => storage.stop());

describeCaseStore('tables', () => {
  const { tablesUrl: url, blobsUrl, credential } = storage;
  const connection = { url, credential, tenant: randomUUID() };
  return {
    store: createCaseStore(connection),
    lanes: createLaneRecords(connection),
    evidence: createEvidenceStore({ url: blobsUrl, credential }),
    leases: (now) => createSourceLeases(connection, { now }),
  };
});
