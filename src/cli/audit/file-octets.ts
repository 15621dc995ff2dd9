import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Complain } from './complaint.ts';

/** @returns why the file cannot be read; null: it can, as far as one can tell before */
export async function whyUnreadable(path: string): Promise<string | null> {
  try {
    if ((await stat(path)).isDirectory()) return `'${path}' is a directory; name a file.`;
    await access(path, constants.R_OK);
    return null;
  } catch (thrown) {
    return `'${path}' ${inWords(thrown)}`;
  }
}

/** The octets of a file or of another stream. What ends them before their end is a complaint, and no error. */
export async function* octetsOf(
  source: string | AsyncIterable<Buffer>,
  complain: Complain,
  onOctets: (count: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let begun = false;
  try {
    for await (const chunk of typeof source === 'string'
      ? createReadStream(source, { highWaterMark: 2 ** 16 })
      : source) {
      begun = true;
      onOctets(chunk.length);
      yield chunk;
    }
  } catch (thrown) {
    const message = begun ? `cannot be read to its end: ${inWords(thrown)}` : inWords(thrown);
    complain({ grade: begun ? 'lost' : 'fatal', message });
  }
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  EACCES: 'may not be read by you.',
  EISDIR: 'is a directory; name a file.',
};

function inWords(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return meanings[code ?? ''] ?? `cannot be read: ${message}`;
}
