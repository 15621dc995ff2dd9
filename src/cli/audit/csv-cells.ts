import { isCounted, knownName, splitOptions } from '../../audit/read-names.ts';

/** csvde writes octets, and text beyond its code page, as X'0a1b'. */
const hexForm = /^X'((?:[0-9a-f]{2})*)'$/i;
const addressType = /^\s*(?!dda:)[A-Za-z][\w.-]*:/i;
const x400 = /^\s*x\.?400:/i;
const beyondAscii = /[^\0-\x7f]/;

/**
 * The values in one cell. Lists are joined with `;`, as csvde does and as is usual with Export-Csv.
 *
 * @param cell its octets as Latin-1
 * @returns text, or octets where the cell does not say that they are text
 */
export function valuesOfCell(column: string, cell: string): (string | Buffer)[] {
  const { name } = splitOptions(column);
  const isList = knownName(name)?.kind === 'texts' || isCounted(column);
  if (!isList) return [textOrOctets(cell)];
  const parts = splitList(cell);
  return (name === 'proxyaddresses' ? joinX400(parts) : parts).filter((part) => part !== '').map(textOrOctets);
}

function textOrOctets(cell: string): string | Buffer {
  const [, hex] = hexForm.exec(cell) ?? [];
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  return beyondAscii.test(cell) ? Buffer.from(cell, 'latin1') : cell;
}

/** `\;` does not separate. */
function splitList(cell: string): string[] {
  const parts = cell.split(/(?<!\\);/).map((part) => part.replaceAll('\\;', ';'));
  const [first = '', ...rest] = parts;
  // A value may begin with spaces of its own: that is a mistake to be found.
  const joinedWithSpace = rest.length > 0 && rest.every((part) => /^ (?! )/.test(part));
  return joinedWithSpace ? [first, ...rest.map((part) => part.slice(1))] : parts;
}

/** An X.400 address has semicolons of its own: it goes on until something that begins like an address. */
function joinX400(parts: readonly string[]): string[] {
  const addresses: string[] = [];
  for (const part of parts) {
    const last = addresses.at(-1);
    if (last === undefined || !x400.test(last) || addressType.test(part)) addresses.push(part);
    else addresses[addresses.length - 1] = `${last};${part}`;
  }
  return addresses;
}
