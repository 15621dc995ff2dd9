import type { Complain } from './complaint.ts';
import type { InputRecord } from './input.ts';
import { JsonElements } from './json-elements.ts';
import { jsonObject } from './json-object.ts';

/** One array of objects, read as it comes. */
export async function* readJson(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  const elements = new JsonElements(complain);
  for await (const chunk of octets) {
    yield elements.cut(chunk).flatMap((element) => jsonObject(element.octets, element.line, complain) ?? []);
    if (elements.ended) return;
  }
  elements.finish();
}
