import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import type { TokenCredential } from '@azure/identity';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { type AuditBlock, auditSnapshot } from '../../domain/audit-run.ts';
import { type AuditFiles, type LinesWriter, StoreUnavailable } from '../../ports.ts';

/** Octets of one block, before it is compressed. */
const blockLength = 2 ** 20;
const snapshotName = 'snapshot.json';

/**
 * The container `audit`. A file is a block blob: each of its blocks is gzip of whole lines by itself, and committing the list of
 * blocks makes the file appear at once, or, after a crash, never.
 */
export function createAuditFiles(options: {
  readonly url: string;
  readonly credential: TokenCredential;
}): Omit<AuditFiles, 'read'> & { chunks(name: string, offset?: number): AsyncGenerator<Uint8Array> } {
  let client: Promise<ContainerClient> | undefined;
  const container = (): Promise<ContainerClient> => {
    client ??= import('@azure/storage-blob').then(({ BlobServiceClient }) =>
      new BlobServiceClient(options.url, options.credential, { retryOptions: { maxTries: 4 } }).getContainerClient(
        'audit',
      ),
    );
    return client;
  };
  const blob = async (name: string): Promise<BlockBlobClient> => (await container()).getBlockBlobClient(name);

  return {
    create: (name, blockLines = Number.POSITIVE_INFINITY) => new BlockWriter(() => blob(name), blockLines),
    async *chunks(name, offset = 0) {
      try {
        const answer = await (await blob(name)).download(offset, undefined, { maxRetryRequests: 4 });
        const gunzip = createGunzip();
        pipeline(answer.readableStreamBody as Readable, gunzip, () => undefined);
        yield* gunzip as AsyncIterable<Uint8Array>;
      } catch (cause) {
        throw unavailable(`read ${name}`, cause);
      }
    },
    async snapshot() {
      try {
        const content = await (await blob(snapshotName)).downloadToBuffer();
        return auditSnapshot.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
      } catch (cause) {
        if (statusOf(cause) === 404 || cause instanceof SyntaxError) return null;
        throw unavailable('read the snapshot', cause);
      }
    },
    replaceSnapshot: (snapshot) =>
      asking('replace the snapshot', async () => {
        const text = JSON.stringify(snapshot);
        await (await blob(snapshotName)).upload(text, Buffer.byteLength(text), {
          blobHTTPHeaders: { blobContentType: 'application/json' },
        });
      }),
    removeAllBut: (folder, names) =>
      asking('remove old files', async () => {
        const kept = new Set(names);
        const own = await container();
        for await (const { name } of own.listBlobsFlat({ prefix: `${folder}/` }))
          if (!kept.has(name)) await own.getBlockBlobClient(name).deleteIfExists();
      }),
  };
}

class BlockWriter implements LinesWriter {
  readonly #blob: () => Promise<BlockBlobClient>;
  readonly #blockLines: number;
  readonly #blocks: AuditBlock[] = [];
  /** The block that is being written. Octets, so that no line outlives its writing as text: V8 makes room for what survives. */
  #octets = Buffer.allocUnsafe(blockLength / 8);
  #length = 0;
  #lines = 0;
  #line = 0;
  #offset = 0;

  constructor(blob: () => Promise<BlockBlobClient>, blockLines: number) {
    this.#blob = blob;
    this.#blockLines = blockLines;
  }

  async write(values: readonly unknown[]): Promise<void> {
    for (const value of values) {
      this.#append(`${JSON.stringify(value)}\n`);
      if (this.#length >= blockLength || this.#lines >= this.#blockLines) await this.#flush();
    }
  }

  async close() {
    if (this.#lines > 0 || this.#blocks.length === 0) await this.#flush();
    await asking('write a file', async () => {
      const blob = await this.#blob();
      await blob.commitBlockList(
        this.#blocks.map((_, index) => blockId(index)),
        { blobHTTPHeaders: { blobContentType: 'application/gzip' } },
      );
    });
    return { lines: this.#line, blocks: this.#blocks };
  }

  #append(line: string): void {
    // A UTF-16 unit takes three octets at most.
    const needed = this.#length + line.length * 3;
    if (needed > this.#octets.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#octets.length * 2));
      this.#octets.copy(larger, 0, 0, this.#length);
      this.#octets = larger;
    }
    this.#length += this.#octets.write(line, this.#length);
    this.#lines += 1;
  }

  async #flush(): Promise<void> {
    // In this thread, for some 20 ms: each thread of the pool would keep memory of its own for it, 20 MB together.
    const octets = gzipSync(this.#octets.subarray(0, this.#length));
    await asking('write a file', async () => {
      await (await this.#blob()).stageBlock(blockId(this.#blocks.length), octets, octets.length);
    });
    this.#blocks.push({ offset: this.#offset, line: this.#line });
    this.#offset += octets.length;
    this.#line += this.#lines;
    this.#lines = 0;
    this.#length = 0;
  }
}

/** All of one length, as the service demands. */
const blockId = (index: number): string => Buffer.from(String(index).padStart(8, '0')).toString('base64');

async function asking<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw unavailable(what, cause);
  }
}

function unavailable(what: string, cause: unknown): unknown {
  if (cause instanceof StoreUnavailable) return cause;
  const said = statusOf(cause) ?? (cause instanceof Error ? cause.message : 'nothing');
  return new StoreUnavailable(`${what}: the audit's files answered ${said}`, { cause });
}

const statusOf = (cause: unknown): number | undefined =>
  typeof cause === 'object' && cause !== null && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
