import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { createStorage } from '../../dev/azurite/create-storage.ts';
import { startAzurite } from '../../dev/azurite/start-azurite.ts';
import { createCertificates, trustInThisProcess } from '../../dev/certificates.ts';
import { MovableClock } from '../../dev/clock.ts';
import { audiences } from '../../dev/identity/identities.ts';
import { TokenIssuer } from '../../dev/identity/token-issuer.ts';
import { createEvidenceStore } from '../../src/adapters/blobs/evidence-store.ts';
import { createAuditTrail } from '../../src/adapters/tables/audit-trail.ts';
import { createCaseStore } from '../../src/adapters/tables/case-store.ts';
import type { SealedEvent } from '../../src/domain/audit-chain.ts';
import type { Case } from '../../src/domain/case.ts';
import type { AuditGround } from './audit-ground.ts';
import { tenant } from './recorded-cases.ts';

export interface Storage {
  /** Empties the table. */
  ground(): Promise<AuditGround>;
  stop(): Promise<void>;
}

/** Azurite over https, with the adapters that talk to Azure. */
export async function startStorage(): Promise<Storage> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-trail-'));
  const clock = new MovableClock();
  const { authority, server } = await createCertificates();
  trustInThisProcess(authority);
  const files = { certificateFile: join(folder, 'certificate.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(files.certificateFile, server.cert);
  writeFileSync(files.keyFile, server.key, { mode: 0o600 });
  const azurite = await startAzurite({ clock, ...files, log: () => undefined });
  const issuer = await TokenIssuer.create(tenant, clock);
  const identity = { objectId: tenant, clientId: tenant, roles: [], lifetimeSeconds: 3600 };
  const { token, expiresOn } = await issuer.issue({ audience: audiences.storage, ...identity });
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: expiresOn * 1000 }) };
  await createStorage(azurite, { tables: ['cases', 'caseKeys'], containers: ['evidence'] }, token);
  const { tablesUrl: url, blobsUrl } = azurite;
  const table = new TableClient(url, 'cases', credential);
  const blobs = new BlobServiceClient(blobsUrl, credential).getContainerClient('evidence');
  const connection = { url, credential, tenant };
  return {
    async ground() {
      for await (const row of table.listEntities())
        await table.deleteEntity(String(row.partitionKey), String(row.rowKey));
      return {
        audit: {
          clock: { now: () => new Date('2026-03-01T00:00:00.000Z') },
          store: createCaseStore(connection),
          trail: createAuditTrail(connection),
          evidence: createEvidenceStore({ url: blobsUrl, credential }),
        },
        intruder: intruderIn(table),
        putEvidence: async (hash) => {
          await blobs.getBlockBlobClient(hash).upload('{}', 2);
        },
        hasEvidence: (hash) => blobs.getBlockBlobClient(hash).exists(),
      };
    },
    async stop() {
      await azurite.child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function intruderIn(table: TableClient): AuditGround['intruder'] {
  const partition = (id: string) => `${tenant}-${id.charAt(0)}`;
  const eventKey = (id: string, sequence: number) => `e|${id}|${String(sequence).padStart(8, '0')}`;
  const rewrite = async (id: string, rowKey: string, change: (content: object) => object): Promise<void> => {
    const row = await table.getEntity<Record<string, unknown>>(partition(id), rowKey);
    const { json0, ...rest } = row;
    await table.updateEntity(
      {
        ...rest,
        partitionKey: partition(id),
        rowKey,
        json0: JSON.stringify(change(JSON.parse(String(json0)) as object)),
      },
      'Replace',
    );
  };
  return {
    changeEvent: (id, sequence, change) =>
      rewrite(id, eventKey(id, sequence), (content) => change(content as SealedEvent)),
    removeEvent: async (id, sequence) => {
      await table.deleteEntity(partition(id), eventKey(id, sequence));
    },
    changeProjection: (id, change) => rewrite(id, `c|${id}`, (content) => change(content as Case)),
    removeProjection: async (id) => {
      await table.deleteEntity(partition(id), `c|${id}`);
    },
  };
}
