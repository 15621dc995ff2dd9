import { type Element, MalformedBer, readElement, readElements, readText } from './ber.ts';

/** A search filter as it came over the wire (RFC 4511, 4.5.1.7); values are not yet read by any syntax. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | {
      readonly kind: 'equal' | 'atLeast' | 'atMost' | 'approximate';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: 'substrings'; readonly attribute: string; readonly parts: readonly SubstringPart[] }
  | { readonly kind: 'extensible'; readonly rule: string; readonly attribute: string; readonly value: Buffer };

export interface SubstringPart {
  readonly position: 'initial' | 'any' | 'final';
  readonly text: string;
}

const comparisons = new Map([
  [0xa3, 'equal'],
  [0xa5, 'atLeast'],
  [0xa6, 'atMost'],
  [0xa8, 'approximate'],
] as const);

export function readFilter(element: Element): Filter {
  const comparison = comparisons.get(element.tag as 0xa3);
  if (comparison) {
    const [attribute, value] = readElements(element.content);
    return { kind: comparison, attribute: readText(required(attribute)), value: required(value) };
  }
  switch (element.tag) {
    case 0xa0:
      return { kind: 'and', filters: readElements(element.content).map(readFilter) };
    case 0xa1:
      return { kind: 'or', filters: readElements(element.content).map(readFilter) };
    case 0xa2:
      return { kind: 'not', filter: readFilter(readElement(element.content)) };
    case 0xa4:
      return readSubstrings(element);
    case 0x87:
      return { kind: 'present', attribute: readText(element.content) };
    case 0xa9:
      return readExtensible(element);
    default:
      throw new MalformedBer(`a filter of tag ${element.tag}`);
  }
}

function readSubstrings(element: Element): Filter {
  const [attribute, parts] = readElements(element.content);
  const positions = { 128: 'initial', 129: 'any', 130: 'final' } as const;
  return {
    kind: 'substrings',
    attribute: readText(required(attribute)),
    parts: readElements(required(parts)).map(({ tag, content }) => ({
      position: positions[tag as 0x80] ?? 'any',
      text: readText(content),
    })),
  };
}

function readExtensible(element: Element): Filter {
  const parts = new Map(readElements(element.content).map(({ tag, content }) => [tag, content]));
  return {
    kind: 'extensible',
    rule: readText(parts.get(0x81) ?? Buffer.alloc(0)),
    attribute: readText(parts.get(0x82) ?? Buffer.alloc(0)),
    value: parts.get(0x83) ?? Buffer.alloc(0),
  };
}

function required(element: Element | undefined): Buffer {
  if (!element) throw new MalformedBer('a part of the filter is missing');
  return element.content;
}
