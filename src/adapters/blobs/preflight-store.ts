import type { TokenCredential } from '@azure/identity';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { type PreflightJob, preflightJob } from '../../domain/preflight.ts';
import { type PreflightStore, StoreUnavailable } from '../../ports.ts';

/**
 * Blobs of the container `preflight`: `<id>/request-<hash>`, `<id>/job`, and `<id>/answers-00020` for the answers from place 20 on.
 * A lifecycle rule of the account removes them.
 */
export function createPreflightStore(options: {
  readonly url: string;
  readonly credential: TokenCredential;
}): PreflightStore {
  let client: Promise<ContainerClient> | undefined;
  const blob = async (name: string): Promise<BlockBlobClient> => {
    client ??= import('@azure/storage-blob').then(({ BlobServiceClient }) =>
      new BlobServiceClient(options.url, options.credential, { retryOptions: { maxTries: 3 } }).getContainerClient(
        'preflight',
      ),
    );
    return (await client).getBlockBlobClient(name);
  };

  /** @returns the ETag; null when the condition does not hold */
  async function put(name: string, value: unknown, condition: Condition): Promise<string | null> {
    const text = JSON.stringify(value);
    return asking([409, 412], async () => {
      const { etag } = await (await blob(name)).upload(text, Buffer.byteLength(text), {
        conditions: condition,
        blobHTTPHeaders: { blobContentType: 'application/json' },
      });
      return etag ?? null;
    });
  }

  const get = (name: string): Promise<{ value: unknown; etag: string } | null> =>
    asking([404], async () => {
      const { readableStreamBody, etag = '' } = await (await blob(name)).download();
      const chunks: Buffer[] = [];
      for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')), etag };
    });

  return {
    async create(id, job, objects) {
      // The job says by its hash which request is its own, whatever an attempt that came to nothing has left.
      await put(`${id}/request-${job.requestHash}`, objects, isNew);
      return (await put(`${id}/job`, job, isNew)) !== null;
    },
    async read(id) {
      const found = await get(`${id}/job`);
      return found === null
        ? null
        : { job: preflightJob.parse(found.value) satisfies PreflightJob, revision: found.etag };
    },
    async objects(id, requestHash) {
      return ((await get(`${id}/request-${requestHash}`))?.value as unknown[] | undefined) ?? [];
    },
    replace: (id, job, revision) => put(`${id}/job`, job, { ifMatch: revision }),
    async putAnswers(id, from, answers) {
      await put(answersOf(id, from), answers, {});
    },
    async answers(id, from) {
      return ((await get(answersOf(id, from)))?.value as unknown[] | undefined) ?? null;
    },
  };
}

type Condition = { readonly ifNoneMatch?: '*'; readonly ifMatch?: string };
const isNew: Condition = { ifNoneMatch: '*' };

const answersOf = (id: string, from: number): string => `${id}/answers-${String(from).padStart(5, '0')}`;

/** @param expected statuses that are an outcome: null */
async function asking<T>(expected: readonly number[], request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== undefined && expected.includes(status)) return null;
    // A request that is wrong is a bug; all else is time's or an operator's to mend.
    if (cause instanceof SyntaxError || cause instanceof TypeError || status === 400) throw cause;
    throw new StoreUnavailable(`the blob store answered ${status ?? 'nothing'}`, { cause });
  }
}

function statusOf(cause: unknown): number | undefined {
  return typeof cause === 'object' && cause !== null && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}
