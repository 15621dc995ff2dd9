import type { DirectoryObject } from '../../dev/entra/directory-object.ts';
import { propertiesOf } from '../../dev/entra/graph/entity-types.ts';
import { entityTypeOf, represent } from '../../dev/entra/graph/object-properties.ts';
import type { World } from './world.ts';

/** Values by attribute, sorted; an attribute without a value is absent. */
export type Values = Readonly<Record<string, readonly string[]>>;

export interface CloudView {
  readonly object: DirectoryObject;
  /** Mastered in Active Directory. */
  readonly synchronised: boolean;
  readonly values: Values;
}

/** Everything that a fix could have touched, on both sides. */
export interface Snapshot {
  /** By objectGUID. */
  readonly activeDirectory: ReadonlyMap<string, Values>;
  /** By Entra object id. */
  readonly cloud: ReadonlyMap<string, CloudView>;
  /** Quarantines, each as `object id|attribute|value`. */
  readonly errors: ReadonlySet<string>;
}

export async function takeSnapshot(world: World): Promise<Snapshot> {
  const { directory } = world.tenant.state;
  const objects = (['user', 'group', 'contact'] as const).flatMap((type) => [...directory.all(type)]);
  return {
    activeDirectory: await readDirectories(world),
    cloud: new Map(objects.map((object) => [object.id, view(object)])),
    errors: new Set(
      objects.flatMap(({ id, quarantine }) =>
        quarantine.map(({ attribute, value }) => `${id}|${attribute}|${value.toLowerCase()}`),
      ),
    ),
  };
}

/** What changes with every write, or by itself. */
const volatile = new Set(['dn', 'whenChanged', 'uSNChanged', 'uSNCreated', 'replPropertyMetaData', 'modifyTimeStamp']);

async function readDirectories({ admins, activeDirectory }: World): Promise<Map<string, Values>> {
  const found = new Map<string, Values>();
  for (const [place, admin] of admins.entries()) {
    const domain = activeDirectory.forests[place]?.domains[0];
    const { searchEntries } = await admin.search(domain?.baseDn ?? '', {
      scope: 'sub',
      filter: '(|(objectClass=user)(objectClass=group)(objectClass=contact))',
      explicitBufferAttributes: ['objectGUID', 'objectSid'],
    });
    for (const entry of searchEntries) {
      const { objectGUID, ...attributes } = entry;
      found.set(guidText(objectGUID as Buffer), readValues({ ...attributes, distinguishedName: entry.dn }));
    }
  }
  return found;
}

function readValues(entry: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([name]) => !volatile.has(name))
      .map(([name, value]) => [name, [value].flat().map(textOf).sort()] as const)
      .filter(([, values]) => values.length > 0),
  );
}

const textOf = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));

function guidText(octets: Buffer): string {
  const hex = (from: number, to: number): string => octets.subarray(from, to).toString('hex');
  const swapped = (from: number, to: number): string =>
    Buffer.from(octets.subarray(from, to)).reverse().toString('hex');
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join('-');
}

/** What changes with every export, or is shown in a form of its own. */
const unstable = new Set(['onPremisesLastSyncDateTime', 'signInActivity', 'onPremisesProvisioningErrors']);

/** Every property that Graph shows of the object, calculated or not. */
function view(object: DirectoryObject): CloudView {
  const names = Object.keys(propertiesOf(entityTypeOf[object.type])).filter((name) => !unstable.has(name));
  const shown = Object.entries(represent(object, names))
    .map(([name, value]) => [name, [value].flat().map(shownText).sort()] as const)
    .filter(([, values]) => values.length > 0);
  const errors = object.quarantine.map(({ attribute, value }) => `${attribute} ${value}`).sort();
  return {
    object: { ...object },
    synchronised: object.sync === 'synced',
    values: { ...Object.fromEntries(shown), ...(errors.length > 0 ? { onPremisesProvisioningErrors: errors } : {}) },
  };
}

const shownText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The attributes in which two views of one object differ. */
export function changedAttributes(before: Values = {}, after: Values = {}): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
