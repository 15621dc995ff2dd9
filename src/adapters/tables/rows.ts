/** What a property of an entity may hold: 64 KiB of UTF-16, with room to spare. */
const largestText = 30_000;
/** An entity holds 1 MiB; beyond this a case is refused with a clear word instead of an opaque 413. */
const mostChunks = 16;

/** A value as JSON, spread over the properties `json0`, `json1`, ... */
export function toChunks(value: unknown): Record<string, string> {
  const text = JSON.stringify(value);
  const chunks: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = chunkEnd(text, from);
    chunks.push(text.slice(from, end));
    from = end;
  }
  if (chunks.length > mostChunks) throw new Error(`a row of ${text.length} characters does not fit into the table`);
  return Object.fromEntries(chunks.map((chunk, place) => [`json${place}`, chunk]));
}

/** Never between the two halves of a surrogate pair: a half has no UTF-8 form and would be stored as something else. */
function chunkEnd(text: string, from: number): number {
  const end = from + largestText;
  const splitsPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return splitsPair ? end - 1 : end;
}

export function fromChunks(entity: Readonly<Record<string, unknown>>): unknown {
  let text = '';
  for (let place = 0; typeof entity[`json${place}`] === 'string'; place++) text += entity[`json${place}`];
  return text === '' ? null : JSON.parse(text);
}

/** Tables refuse these in a key; Azurite does not always. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a key must not hold
const forbiddenInKey = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

export function key(text: string): string {
  if (forbiddenInKey.test(text)) throw new Error(`'${text}' cannot be a key of a table row`);
  return text;
}

/** 16 partitions a tenant: one for each first hex digit of the id. */
export const partition = (tenant: string, id: string): string => key(`${tenant}-${id.charAt(0)}`);
export const partitions = (tenant: string): string[] =>
  [...'0123456789abcdef'].map((digit) => partition(tenant, digit));

export const sequenceKey = (sequence: number): string => String(sequence).padStart(8, '0');
