import type { Complain } from './complaint.ts';
import type { InputRecord } from './input.ts';
import { type JsonElement, JsonElements } from './json-elements.ts';
import { jsonObject } from './json-object.ts';

/** One array of objects, read as it comes. */
export async function* readJson(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  const elements = new JsonElements(complain);
  for await (const chunk of octets) {
    yield elements.cut(chunk).flatMap((element) => recordOf(element, complain) ?? []);
    if (elements.ended) return;
  }
  elements.finish();
}

function recordOf({ octets, line, object }: JsonElement, complain: Complain): InputRecord | null {
  const place = object === undefined ? {} : { object };
  const record = jsonObject(octets, line, (complaint) => complain({ ...complaint, ...place }));
  return record && { ...record, ...place };
}
