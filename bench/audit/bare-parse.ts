import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { measure } from './measured.ts';

/*
 * What it costs to read an NDJSON file and do nothing with it: with node:readline, as a program is usually written, and with
 * the bare minimum, a loop over large buffers.
 */

const [way, path = ''] = process.argv.slice(2);
const tell = measure();
tell(String(await (way === 'readline' ? withReadline() : withLoop())));

async function withReadline(): Promise<number> {
  let addresses = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    addresses += JSON.parse(line).proxyAddresses.length;
  }
  return addresses;
}

async function withLoop(): Promise<number> {
  const size = 2 ** 20;
  const buffer = Buffer.allocUnsafe(2 * size);
  const file = await open(path);
  let addresses = 0;
  let held = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, held, size, null);
    if (bytesRead === 0) break;
    const length = held + bytesRead;
    let start = 0;
    for (let end = buffer.indexOf(10); end >= 0 && end < length; end = buffer.indexOf(10, start)) {
      addresses += JSON.parse(buffer.toString('utf8', start, end)).proxyAddresses.length;
      start = end + 1;
    }
    buffer.copyWithin(0, start, length);
    held = length - start;
  }
  await file.close();
  return addresses;
}
