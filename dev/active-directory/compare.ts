import type { Call } from './call.ts';
import { locate } from './locate.ts';
import { compile } from './search.ts';

/** Whether an object holds a value, by the attribute's own matching rule. */
export function compareValue(
  call: Call,
  { dn, attribute, value }: { dn: string; attribute: string; value: Buffer },
): boolean {
  const { entry, replica } = locate(call, dn);
  return compile(call, replica, { kind: 'equal', attribute, value }).test(entry) === true;
}
