import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** @returns why the report cannot be written there; null: it can, as far as one can tell before */
export async function whyUnwritable(path: string): Promise<string | null> {
  if (await isDirectory(path)) return `--output '${path}' is a directory; name a file.`;
  return (await isDirectory(dirname(path))) ? null : `--output '${path}': there is no folder '${dirname(path)}'.`;
}

/** The file appears under its name when it is complete: what was there before is kept until then. */
export async function writeFile(path: string, text: AsyncIterable<string>): Promise<void> {
  if (!(await isReplaceable(path))) {
    await pipeline(Readable.from(text), createWriteStream(path));
    return;
  }
  const part = `${path}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(part));
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

/** @returns false when the reader went away before the end (`| head`) */
export async function writeStream(output: NodeJS.WritableStream, text: AsyncIterable<string>): Promise<boolean> {
  try {
    await pipeline(Readable.from(text), output, { end: false });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw thrown;
  }
}

const isDirectory = async (path: string): Promise<boolean> => (await statOf(path))?.isDirectory() ?? false;

/** A device or a pipe is written to as it is. */
const isReplaceable = async (path: string): Promise<boolean> => (await statOf(path))?.isFile() ?? true;

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}
