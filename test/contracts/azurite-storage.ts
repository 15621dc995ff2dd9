import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage } from '../../dev/azurite/create-storage.ts';
import { startAzurite } from '../../dev/azurite/start-azurite.ts';
import { createCertificates, trustInThisProcess } from '../../dev/certificates.ts';
import { MovableClock } from '../../dev/clock.ts';
import { audiences } from '../../dev/identity/identities.ts';
import { TokenIssuer } from '../../dev/identity/token-issuer.ts';

/** Azurite over https with bearer tokens, and a credential that it accepts. */
export async function startAzuriteStorage() {
  const folder = mkdtempSync(join(tmpdir(), 'case-store-'));
  const clock = new MovableClock();
  const { authority, server } = await createCertificates();
  trustInThisProcess(authority);
  const files = { certificateFile: join(folder, 'certificate.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(files.certificateFile, server.cert);
  writeFileSync(files.keyFile, server.key, { mode: 0o600 });
  const { child, tablesUrl, blobsUrl } = await startAzurite({ clock, ...files, log: () => undefined });
  const directory = '11111111-1111-4111-8111-111111111111';
  const issuer = await TokenIssuer.create(directory, clock);
  const identity = { objectId: directory, clientId: directory, roles: [], lifetimeSeconds: 3600 };
  const { token, expiresOn } = await issuer.issue({ audience: audiences.storage, ...identity });
  await createStorage(
    { tablesUrl, blobsUrl },
    { tables: ['cases', 'caseKeys', 'sources', 'lanes', 'audits'], containers: ['evidence', 'preflight', 'audit'] },
    token,
  );
  return {
    tablesUrl,
    blobsUrl,
    credential: { getToken: async () => ({ token, expiresOnTimestamp: expiresOn * 1000 }) },
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
