import { attributeTable, classTable } from './schema-table.ts';

/**
 * How values of an attribute are read, compared and shown. `exact` is text that compares by case; `class` and
 * `category` hold class names; `dn` holds the GUID of the object it points to, so that a rename never breaks a link.
 */
export type Syntax = 'text' | 'exact' | 'integer' | 'boolean' | 'time' | 'octets' | 'sid' | 'dn' | 'class' | 'category';

export interface AttributeSchema {
  /** lDAPDisplayName in its exact casing. */
  readonly name: string;
  /** The name in lower case: the key of the attribute in an entry. */
  readonly key: string;
  readonly syntax: Syntax;
  readonly multiValued: boolean;
  /** Longest value: characters of a text, octets otherwise. */
  readonly rangeUpper: number;
  readonly inGlobalCatalogue: boolean;
  readonly indexed: boolean;
  /** Clients may not write it. */
  readonly system: boolean;
  /** Never stored: calculated when it is read. */
  readonly computed: boolean;
  /** Classes that may carry it (with their subclasses); empty means every class. */
  readonly classes: readonly string[];
}

export interface ClassSchema {
  readonly name: string;
  /** From `top` down to the class itself, as objectClass lists them. */
  readonly chain: readonly string[];
  readonly category: string;
  readonly rdnType: string;
  /** A security principal: it has a SID and a sAMAccountName. */
  readonly principal: boolean;
}

const attributes = new Map(rowsOf(attributeTable).map((row) => [row[0]?.toLowerCase() ?? '', readAttribute(row)]));
const classes = readClasses();

/** The attribute of that name in any casing; options such as `;range=0-*` must be cut off before. */
export const attributeSchema = (name: string): AttributeSchema | undefined => attributes.get(name.toLowerCase());

export const classSchema = (name: string): ClassSchema | undefined => classes.get(name.toLowerCase());

export const allAttributes = (): Iterable<AttributeSchema> => attributes.values();

/** Whether an object of these classes may carry the attribute. */
export function permits(objectClasses: readonly string[], attribute: AttributeSchema): boolean {
  return attribute.classes.length === 0 || attribute.classes.some((name) => objectClasses.includes(name));
}

function readAttribute(row: readonly string[]): AttributeSchema {
  const [name = '', syntax, values, upper = '-', ...marks] = row;
  const restricted = marks.find((mark) => mark.startsWith('for:'));
  const computed = marks.includes('computed');
  return {
    name,
    key: name.toLowerCase(),
    syntax: syntax as Syntax,
    multiValued: values === '*',
    rangeUpper: upper === '-' ? Number.POSITIVE_INFINITY : Number(upper),
    inGlobalCatalogue: marks.includes('gc'),
    indexed: marks.includes('index'),
    system: computed || marks.includes('system'),
    computed,
    classes: restricted ? restricted.slice('for:'.length).split('|') : [],
  };
}

function readClasses(): Map<string, ClassSchema> {
  const found = new Map<string, ClassSchema>();
  for (const [name = '', parent = '', category = '', rdnType = 'CN', mark] of rowsOf(classTable)) {
    const above = found.get(parent.toLowerCase())?.chain ?? [];
    found.set(name.toLowerCase(), {
      name,
      chain: [...above, name],
      category,
      rdnType,
      principal: mark === 'principal',
    });
  }
  return found;
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/));
}
