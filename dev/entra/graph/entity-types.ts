import metadata from './graph-v1-types.json' with { type: 'json' };

/** An entity type of Graph v1.0, by its name in the metadata. */
export type EntityType = keyof typeof metadata.types;

interface TypeMetadata {
  readonly base?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly navigation: readonly string[];
}

const types = metadata.types as Readonly<Record<string, TypeMetadata>>;

const propertiesByType = new Map<string, Readonly<Record<string, string>>>();

/** Every property of a type, inherited ones included, with its EDM type (`!` at the end: not nullable). */
export function propertiesOf(type: EntityType): Readonly<Record<string, string>> {
  const known = propertiesByType.get(type);
  if (known) return known;
  const properties = collect(type);
  propertiesByType.set(type, properties);
  return properties;
}

export function isNavigation(type: EntityType, name: string): boolean {
  return types[type]?.navigation.includes(name) ?? false;
}

export function isCollection(edmType: string): boolean {
  return edmType.startsWith('Collection(');
}

/** Whether a JSON value fits an EDM type; complex types are taken as they are. */
export function fits(edmType: string, value: unknown): boolean {
  if (value === null) return !edmType.endsWith('!');
  if (isCollection(edmType)) return Array.isArray(value);
  const expected = { 'Edm.String': 'string', 'Edm.Boolean': 'boolean', 'Edm.Int32': 'number' }[
    edmType.replace('!', '')
  ];
  return expected === undefined || typeof value === expected;
}

function collect(type: string): Readonly<Record<string, string>> {
  const { base, properties } = types[type] ?? { properties: {} };
  return base ? { ...collect(base), ...properties } : properties;
}
