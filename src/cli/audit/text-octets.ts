import type { Complain } from './complaint.ts';

const zero = 0;
/** So many octets tell UTF-16; an octet of value 0 further on is a fault of one value. */
const enough = 4;
type Decoder = InstanceType<typeof TextDecoder>;

/**
 * The octets of a text as UTF-8 without a byte order mark. UTF-16, which `ldifde -u`, `csvde -u` and `Export-Csv -Encoding
 * Unicode` write, is known by its mark.
 */
export async function* utf8Octets(source: AsyncIterable<Buffer>, complain: Complain): AsyncGenerator<Buffer> {
  let decoder: Decoder | null = null;
  let begun = false;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    if (begun) {
      yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < enough) continue;
    begun = true;
    decoder = utf16DecoderOf(head);
    if (decoder === null && head.subarray(0, enough).includes(zero)) {
      complain({ grade: 'fatal', message: 'is no text: it holds octets of value 0 (UTF-16 needs a byte order mark).' });
      return;
    }
    yield decoder === null ? withoutMark(head) : Buffer.from(decoder.decode(head, { stream: true }));
  }
  if (!begun && head.length > 0) yield withoutMark(head);
  else if (!begun) complain({ grade: 'fatal', message: 'is empty.' });
}

function utf16DecoderOf(head: Buffer): Decoder | null {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be');
  return null;
}

const withoutMark = (head: Buffer): Buffer =>
  head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
