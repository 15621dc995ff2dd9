import { isUtf8 } from 'node:buffer';
import type { Complain } from './complaint.ts';
import type { InputRecord } from './input.ts';

/** What decoding makes of octets that are no UTF-8. */
const replacement = '\uFFFD';
/** Octets that are no UTF-8: who reads the value says so. */
const broken = Uint8Array.of(0xff);

/** One JSON object. @returns null, after a complaint, when it is none */
export function jsonObject(octets: Buffer, line: number, complain: Complain): InputRecord | null {
  const lose = (message: string): null => {
    complain({ grade: 'lost', line, message });
    return null;
  };
  const text = octets.toString('utf8');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (thrown) {
    return lose(`is not JSON: ${(thrown as Error).message}`);
  }
  if (Array.isArray(read))
    return lose('a JSON object was expected, not an array (one array of objects is format json).');
  if (typeof read !== 'object' || read === null) return lose('a JSON object was expected.');
  const record = read as InputRecord['record'];
  const isBroken = text.includes(replacement) && !isUtf8(octets);
  return { line, record: isBroken ? withoutBrokenText(record) : record };
}

/** Values that are broken are given as octets, so that they are not taken for text. */
const withoutBrokenText = (record: InputRecord['record']): InputRecord['record'] =>
  Object.fromEntries(Object.entries(record).map(([field, given]) => [field, withoutBroken(given)]));

function withoutBroken(given: unknown): unknown {
  if (typeof given === 'string') return given.includes(replacement) ? broken : given;
  return Array.isArray(given) ? given.map(withoutBroken) : given;
}
