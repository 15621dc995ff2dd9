import type { Complain } from './complaint.ts';
import type { InputRecord } from './input.ts';
import { jsonObject } from './json-object.ts';
import { type Line, linesOf } from './text-lines.ts';

/** One JSON object a line; blank lines are passed over. */
export async function* readNdjson(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const lines of linesOf(octets, complain)) {
    yield lines.flatMap((line) => (isBlank(line) ? [] : (objectOnLine(line, complain) ?? [])));
  }
}

export const isBlank = ({ octets }: Line): boolean => octets.every((octet) => octet === 32 || octet === 9);

/** @returns null, after a complaint, when there is no object */
export function objectOnLine({ number, octets, last }: Line, complain: Complain): InputRecord | null {
  return jsonObject(octets, number, last ? mayBeCut(complain) : complain);
}

const mayBeCut =
  (complain: Complain): Complain =>
  (complaint) =>
    complain({ ...complaint, message: `${complaint.message} The input seems to be cut here.` });
