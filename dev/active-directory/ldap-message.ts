import { type Element, MalformedBer, readElement, readElements, readInteger, readText, tags } from './ber.ts';
import { type Filter, readFilter } from './filter.ts';

export interface AttributeValues {
  /** As the client wrote it, with options. */
  readonly type: string;
  readonly values: readonly Buffer[];
}

export type ChangeOperation = 'add' | 'delete' | 'replace';

export interface Change extends AttributeValues {
  readonly operation: ChangeOperation;
}

export type SearchScope = 'base' | 'one' | 'subtree';

export interface SearchRequest {
  readonly kind: 'search';
  readonly base: string;
  readonly scope: SearchScope;
  /** 0 means no limit by the client. */
  readonly sizeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

export interface ModifyDnRequest {
  readonly kind: 'modifyDn';
  readonly dn: string;
  readonly newRdn: string;
  readonly newSuperior?: string;
}

export type Request =
  | { readonly kind: 'bind'; readonly name: string; readonly password: string; readonly simple: boolean }
  | { readonly kind: 'unbind' }
  | { readonly kind: 'abandon' }
  | SearchRequest
  | { readonly kind: 'add'; readonly dn: string; readonly attributes: readonly AttributeValues[] }
  | { readonly kind: 'modify'; readonly dn: string; readonly changes: readonly Change[] }
  | { readonly kind: 'delete'; readonly dn: string }
  | ModifyDnRequest
  | { readonly kind: 'compare'; readonly dn: string; readonly attribute: string; readonly value: Buffer }
  | { readonly kind: 'extended'; readonly oid: string };

export interface RequestControl {
  readonly critical: boolean;
  readonly value: Buffer | undefined;
}

/** Controls of a request by their OID. */
export type RequestControls = ReadonlyMap<string, RequestControl>;

export interface LdapMessage {
  readonly id: number;
  readonly request: Request;
  readonly controls: RequestControls;
}

export function readMessage(frame: Buffer): LdapMessage {
  const [id, operation, controls] = readElements(readElement(frame).content);
  return {
    id: readInteger(content(id)),
    request: readRequest(required(operation)),
    controls: controls ? readControls(controls.content) : new Map(),
  };
}

function readRequest(operation: Element): Request {
  switch (operation.tag) {
    case 0x60:
      return readBind(operation);
    case 0x42:
      return { kind: 'unbind' };
    case 0x50:
      return { kind: 'abandon' };
    case 0x63:
      return readSearch(operation);
    case 0x66:
      return readModify(operation);
    case 0x68: {
      const [dn, attributes] = readElements(operation.content);
      return { kind: 'add', dn: text(dn), attributes: readElements(content(attributes)).map(readAttribute) };
    }
    case 0x4a:
      return { kind: 'delete', dn: readText(operation.content) };
    case 0x6c:
      return readModifyDn(operation);
    case 0x6e: {
      const [dn, assertion] = readElements(operation.content);
      const [attribute, value] = readElements(content(assertion));
      return { kind: 'compare', dn: text(dn), attribute: text(attribute), value: content(value) };
    }
    case 0x77:
      return { kind: 'extended', oid: text(readElements(operation.content)[0]) };
    default:
      throw new MalformedBer(`a request of tag ${operation.tag}`);
  }
}

function readBind(operation: Element): Request {
  const [, name, authentication] = readElements(operation.content);
  const simple = required(authentication).tag === 0x80;
  return { kind: 'bind', name: text(name), password: simple ? text(authentication) : '', simple };
}

function readSearch(operation: Element): SearchRequest {
  const [base, scope, , sizeLimit, , typesOnly, filter, attributes] = readElements(operation.content);
  const scopes: readonly SearchScope[] = ['base', 'one', 'subtree'];
  return {
    kind: 'search',
    base: text(base),
    scope: scopes[readInteger(content(scope))] ?? 'subtree',
    sizeLimit: readInteger(content(sizeLimit)),
    typesOnly: content(typesOnly)[0] !== 0,
    filter: readFilter(required(filter)),
    attributes: readElements(content(attributes)).map(text),
  };
}

function readModify(operation: Element): Request {
  const operations: readonly ChangeOperation[] = ['add', 'delete', 'replace'];
  const [dn, changes] = readElements(operation.content);
  return {
    kind: 'modify',
    dn: text(dn),
    changes: readElements(content(changes)).map((change) => {
      const [kind, attribute] = readElements(change.content);
      const operation = operations[readInteger(content(kind))];
      if (!operation) throw new MalformedBer('a modification of unknown kind');
      return { operation, ...readAttribute(required(attribute)) };
    }),
  };
}

function readModifyDn(operation: Element): ModifyDnRequest {
  const [dn, newRdn, , newSuperior] = readElements(operation.content);
  const request = { kind: 'modifyDn', dn: text(dn), newRdn: text(newRdn) } as const;
  return newSuperior ? { ...request, newSuperior: text(newSuperior) } : request;
}

function readAttribute(attribute: Element): AttributeValues {
  const [type, values] = readElements(attribute.content);
  return { type: text(type), values: readElements(content(values)).map((value) => value.content) };
}

function readControls(octets: Buffer): RequestControls {
  return new Map(
    readElements(octets).map((control) => {
      const [oid, ...rest] = readElements(control.content);
      const critical = rest.some(({ tag, content }) => tag === tags.boolean && content[0] !== 0);
      return [text(oid), { critical, value: rest.find(({ tag }) => tag === tags.octets)?.content }];
    }),
  );
}

function required(element: Element | undefined): Element {
  if (!element) throw new MalformedBer('a part of the request is missing');
  return element;
}

const content = (element: Element | undefined): Buffer => required(element).content;
const text = (element: Element | undefined): string => readText(content(element));
