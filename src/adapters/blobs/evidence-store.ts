import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { evidence as evidenceShape } from '../../domain/evidence.ts';
import { failed, succeeded } from '../../domain/result.ts';
import type { EvidenceEraser, EvidenceStore } from '../../ports.ts';

/** Evidence as blobs named by the SHA-256 of their content: written once, never changed. */
export function createEvidenceStore(options: {
  readonly url: string;
  readonly credential: TokenCredential;
}): EvidenceStore & EvidenceEraser {
  let client: Promise<ContainerClient> | undefined;
  const container = (): Promise<ContainerClient> => {
    client ??= import('@azure/storage-blob').then(({ BlobServiceClient }) =>
      new BlobServiceClient(options.url, options.credential, { retryOptions: { maxTries: 3 } }).getContainerClient(
        'evidence',
      ),
    );
    return client;
  };
  return {
    async put(evidence) {
      const text = canonicalJson(evidence);
      const hash = createHash('sha256').update(text).digest('hex');
      try {
        const blob = (await container()).getBlockBlobClient(hash);
        await blob.upload(text, Buffer.byteLength(text), {
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        });
      } catch (cause) {
        if (!isStatus(cause, 409)) return failed({ kind: 'TryAgain', message: 'The evidence store does not answer.' });
      }
      return succeeded(hash);
    },
    async get(hash) {
      try {
        const content = await (await container()).getBlockBlobClient(hash).downloadToBuffer();
        return succeeded(evidenceShape.parse(JSON.parse(content.toString('utf8'))));
      } catch (cause) {
        return isStatus(cause, 404)
          ? succeeded(null)
          : failed({ kind: 'TryAgain', message: 'The evidence store does not answer.' });
      }
    },
    async erase(hash) {
      try {
        await (await container()).getBlockBlobClient(hash).deleteIfExists({ deleteSnapshots: 'include' });
        return succeeded(undefined);
      } catch {
        return failed({ kind: 'TryAgain', message: 'The evidence store does not answer.' });
      }
    },
  };
}

const isStatus = (cause: unknown, status: number): boolean =>
  typeof cause === 'object' && cause !== null && 'statusCode' in cause && cause.statusCode === status;
