import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditSource, ObjectBatches } from '../../audit/audit.ts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { handleChunks } from './file-chunks.ts';
import type { Chunks } from './lines.ts';
import { type LineProblem, ndjsonSource, type ObjectOfLine } from './ndjson-source.ts';

/** A source that keeps what it read in a file until it is disposed of. */
export interface SpooledSource extends AuditSource, AsyncDisposable {}

/** Makes readable twice what can be read once only. The objects are written down while they are read for the first time. */
export async function spoolObjects(batches: ObjectBatches, signal?: AbortSignal): Promise<SpooledSource> {
  const spool = await openSpool(signal);
  // What was an object when it was written is one: nothing can be left out, so that lines and ordinals agree.
  const written = ndjsonSource(
    spool.read,
    () => undefined,
    (parsed) => parsed as AuditObject,
  );
  return {
    async *first(): ObjectBatches {
      for await (const batch of batches) {
        await spool.write(Buffer.from(batch.map((object) => `${JSON.stringify(object)}\n`).join('')));
        yield batch;
      }
    },
    again: written.again,
    [Symbol.asyncDispose]: spool.dispose,
  };
}

/** As `spoolObjects`, for bytes that are NDJSON already. */
export async function spoolNdjson(
  chunks: Chunks,
  onProblem: (problem: LineProblem) => void,
  options: { readonly objectOf?: ObjectOfLine; readonly signal?: AbortSignal } = {},
): Promise<SpooledSource> {
  const spool = await openSpool(options.signal);
  let isWritten = false;
  async function* writing(): Chunks {
    for await (const chunk of chunks) {
      await spool.write(chunk);
      yield chunk;
    }
    isWritten = true;
  }
  const source = ndjsonSource(() => (isWritten ? spool.read() : writing()), onProblem, options.objectOf);
  return { first: source.first, again: source.again, [Symbol.asyncDispose]: spool.dispose };
}

interface Spool {
  write(bytes: Uint8Array): Promise<void>;
  readonly read: () => Chunks;
  readonly dispose: () => Promise<void>;
}

/** In a directory of its own that nobody else may enter; gone at the end, or when the signal is aborted. */
async function openSpool(signal: AbortSignal | undefined): Promise<Spool> {
  signal?.throwIfAborted();
  const directory = await mkdtemp(join(tmpdir(), 'syncmend-audit-')).catch(explain);
  const file = await open(join(directory, 'objects.ndjson'), 'wx+', 0o600).catch(explain);
  // Where an open file may be removed, nothing is left behind even by a process that is killed.
  if (process.platform !== 'win32') await rm(directory, { recursive: true, force: true });
  const dispose = once(() => closeAndRemove(file, directory));
  signal?.addEventListener('abort', () => void dispose(), { once: true });
  return {
    async write(bytes: Uint8Array): Promise<void> {
      signal?.throwIfAborted();
      await file.writeFile(bytes).catch(explain);
    },
    read: () => handleChunks(file),
    dispose,
  };
}

function explain(cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new Error(
    `The objects cannot be kept in ${tmpdir()} until they are read again: ${why}. Set TMPDIR to a place with room.`,
    { cause },
  );
}

async function closeAndRemove(file: FileHandle, directory: string): Promise<void> {
  await file.close();
  await rm(directory, { recursive: true, force: true });
}

function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= task());
}
