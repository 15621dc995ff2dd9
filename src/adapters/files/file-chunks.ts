import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const size = 2 ** 19;

/** The bytes of a file. Each chunk is written over by the next. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    yield* handleChunks(file);
  } finally {
    await file.close();
  }
}

/** From the start, whatever was read before. The next chunk is on its way while one is looked at. */
export async function* handleChunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  let [buffer, next] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let position = 0;
  let reading = file.read(buffer, 0, size, position);
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return;
    position += bytesRead;
    reading = file.read(next, 0, size, position);
    // Whoever stops in the midst closes the file under this reading, which then is nobody's concern.
    reading.catch(() => undefined);
    yield buffer.subarray(0, bytesRead);
    [buffer, next] = [next, buffer];
  }
}
