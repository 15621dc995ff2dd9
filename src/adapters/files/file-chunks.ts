import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const size = 2 ** 18;

/** The bytes of a file. Each chunk is written over by the next. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    yield* handleChunks(file);
  } finally {
    await file.close();
  }
}

/** From the start, whatever was read before. */
export async function* handleChunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(size);
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, size, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
