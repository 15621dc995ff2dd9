import type { Complain } from './complaint.ts';
import type { InputRecord } from './input.ts';
import { jsonObject } from './json-object.ts';
import { linesOf } from './text-lines.ts';

/** One JSON object a line; blank lines are passed over. */
export async function* readNdjson(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const lines of linesOf(octets, complain)) {
    yield lines.flatMap(({ number, octets: text, last }) => {
      if (isBlank(text)) return [];
      return jsonObject(text, number, last ? mayBeCut(complain) : complain) ?? [];
    });
  }
}

const isBlank = (text: Buffer): boolean => text.every((octet) => octet === 32 || octet === 9);

const mayBeCut =
  (complain: Complain): Complain =>
  (complaint) =>
    complain({ ...complaint, message: `${complaint.message} The input seems to be cut here.` });
