import type { Entry } from './entry.ts';
import type { Identity } from './identity.ts';
import { parseGuid } from './object-guid.ts';
import { type AttributeSchema, classSchema } from './schema.ts';
import { attributeGuid, classGuid } from './schema-guid.ts';
import { readSid, type Sid, sidOctets } from './security-identifier.ts';

/** Access mask bits ([MS-DTYP] 2.4.3, [MS-ADTS] 5.1.3.2). */
export const right = {
  createChild: 0x1,
  deleteChild: 0x2,
  writeProperty: 0x20,
  controlAccess: 0x100,
  delete: 0x10000,
  writeDacl: 0x40000,
} as const;

/** Control access right that DirSync needs: DS-Replication-Get-Changes. */
export const replicationGetChanges = '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2';

/** One access control entry of the kinds that the stand-in evaluates. */
export interface AccessEntry {
  readonly allow: boolean;
  readonly flags: number;
  readonly mask: number;
  /** GUID key of the attribute, class or control right it is about; absent: about all. */
  readonly objectType?: string;
  /** GUID key of the class of objects that inherit it; absent: every class. */
  readonly inheritedObjectType?: string;
  readonly sid: Sid;
}

interface Descriptor {
  readonly isProtected: boolean;
  readonly entries: readonly AccessEntry[];
}

const daclProtected = 0x1000;
const containerInherit = 0x02;
const noPropagate = 0x04;
const inheritOnly = 0x08;
const inherited = 0x10;

/** Whether an account has a right on an object, for one attribute where the right is about attributes. */
export function may(identity: Identity, entry: Entry, mask: number, attribute?: AttributeSchema): boolean {
  if (identity.isAdministrator) return true;
  const subject = attribute && attributeGuid(attribute.name);
  return granted(identity, entry, mask, subject);
}

/** Whether an account has a control access right, such as replicating changes. */
export function mayExercise(identity: Identity, entry: Entry, controlRight: string): boolean {
  return identity.isAdministrator || granted(identity, entry, right.controlAccess, parseGuid(controlRight));
}

/** The first entry that speaks of the account and the right decides, as in Windows: denials stand first. */
function granted(identity: Identity, entry: Entry, mask: number, subject: string | undefined): boolean {
  for (const ace of effectiveEntries(entry)) {
    const about = ace.objectType === undefined || ace.objectType === subject;
    if (about && (ace.mask & mask) === mask && identity.sids.has(ace.sid)) return ace.allow;
  }
  return false;
}

/** What applies to an object: its own entries, then what it inherits unless its DACL is protected. */
function effectiveEntries(entry: Entry): AccessEntry[] {
  const own = descriptorOf(entry);
  const explicit = own.entries.filter(({ flags }) => !(flags & inheritOnly));
  return own.isProtected ? explicit : [...explicit, ...inheritedEntries(entry)];
}

function inheritedEntries(entry: Entry): AccessEntry[] {
  const collected: AccessEntry[] = [];
  let distance = 1;
  for (let above = entry.parent; above; above = above.parent, distance++) {
    const { isProtected, entries } = descriptorOf(above);
    collected.push(...entries.filter((ace) => passesDown(ace, entry, distance)));
    if (isProtected) break;
  }
  return collected.map((ace) => ({ ...ace, flags: (ace.flags & ~inheritOnly) | inherited }));
}

function passesDown(ace: AccessEntry, entry: Entry, distance: number): boolean {
  if (!(ace.flags & containerInherit) || (ace.flags & noPropagate && distance > 1)) return false;
  return ace.inheritedObjectType === undefined || ace.inheritedObjectType === structuralClassGuid(entry);
}

function structuralClassGuid(entry: Entry): string | undefined {
  const name = entry.objectClasses.at(-1);
  return name && classSchema(name) ? classGuid(name) : undefined;
}

function descriptorOf(entry: Entry): Descriptor {
  const [stored] = entry.values('ntsecuritydescriptor');
  return Buffer.isBuffer(stored) ? readDescriptor(stored) : { isProtected: false, entries: [] };
}

/** The descriptor that a reader sees: the object's own entries and the inherited ones, DACL only. */
export function descriptorOctets(entry: Entry): Buffer {
  const { isProtected, entries } = descriptorOf(entry);
  return writeDescriptor({ isProtected, entries: isProtected ? entries : [...entries, ...inheritedEntries(entry)] });
}

/** What is stored of a descriptor that a client writes: the inherited entries are left out, they follow from above. */
export function explicitDescriptor(octets: Buffer): Buffer {
  const { isProtected, entries } = readDescriptor(octets);
  // Protecting an object turns what it inherited into its own entries, unless the client removed them.
  const own = isProtected
    ? entries.map((ace) => ({ ...ace, flags: ace.flags & ~inherited }))
    : entries.filter(({ flags }) => !(flags & inherited));
  return writeDescriptor({ isProtected, entries: own });
}

/** A descriptor with these entries, for objects that the stand-in makes itself. */
export function newDescriptor(isProtected: boolean, entries: readonly AccessEntry[] = []): Buffer {
  return writeDescriptor({ isProtected, entries });
}

/** The descriptor of a container with an account also allowed to write these attributes of everything below it. */
export function delegate(entry: Entry, sid: Sid, attributes: readonly string[]): Buffer {
  const { isProtected, entries } = descriptorOf(entry);
  const added = attributes.map((name) => ({
    allow: true,
    flags: containerInherit,
    mask: right.writeProperty,
    objectType: attributeGuid(name),
    sid,
  }));
  return writeDescriptor({ isProtected, entries: [...entries, ...added] });
}

/** Reads a self-relative SECURITY_DESCRIPTOR ([MS-DTYP] 2.4.6); kinds of entry other than allow and deny are passed over. */
function readDescriptor(octets: Buffer): Descriptor {
  const isProtected = octets.length >= 4 && (octets.readUInt16LE(2) & daclProtected) !== 0;
  const dacl = octets.length >= 20 ? octets.readUInt32LE(16) : 0;
  if (dacl === 0) return { isProtected, entries: [] };
  const entries: AccessEntry[] = [];
  let offset = dacl + 8;
  for (let count = octets.readUInt16LE(dacl + 4); count > 0; count--) {
    const size = octets.readUInt16LE(offset + 2);
    const ace = readAccessEntry(octets.subarray(offset, offset + size));
    if (ace) entries.push(ace);
    offset += size;
  }
  return { isProtected, entries };
}

/** Types 0 and 1 allow and deny; 5 and 6 do so for one object type. */
function readAccessEntry(ace: Buffer): AccessEntry | undefined {
  const type = ace.readUInt8(0);
  const common = { allow: type === 0 || type === 5, flags: ace.readUInt8(1), mask: ace.readUInt32LE(4) };
  if (type === 0 || type === 1) return { ...common, sid: readSid(ace.subarray(8)) };
  if (type !== 5 && type !== 6) return undefined;
  const present = ace.readUInt32LE(8);
  const guids = [1, 2].map((bit) => (present & bit) !== 0);
  const [hasObjectType, hasInheritedType] = guids;
  const guidAt = (offset: number): string => ace.subarray(offset, offset + 16).toString('hex');
  const objectType = hasObjectType ? { objectType: guidAt(12) } : {};
  const inheritedObjectType = hasInheritedType ? { inheritedObjectType: guidAt(hasObjectType ? 28 : 12) } : {};
  const sid = readSid(ace.subarray(12 + 16 * guids.filter(Boolean).length));
  return { ...common, ...objectType, ...inheritedObjectType, sid };
}

function writeDescriptor({ isProtected, entries }: Descriptor): Buffer {
  const aces = Buffer.concat(entries.map(writeAccessEntry));
  const acl = Buffer.alloc(8);
  acl.writeUInt8(4, 0);
  acl.writeUInt16LE(8 + aces.length, 2);
  acl.writeUInt16LE(entries.length, 4);
  const header = Buffer.alloc(20);
  header.writeUInt8(1, 0);
  header.writeUInt16LE(0x8404 | (isProtected ? daclProtected : 0), 2);
  header.writeUInt32LE(20, 16);
  return Buffer.concat([header, acl, aces]);
}

function writeAccessEntry({ allow, flags, mask, objectType, inheritedObjectType, sid }: AccessEntry): Buffer {
  const types = [objectType, inheritedObjectType];
  const isObject = types.some((type) => type !== undefined);
  const head = Buffer.alloc(isObject ? 12 : 8);
  head.writeUInt8((allow ? 0 : 1) + (isObject ? 5 : 0), 0);
  head.writeUInt8(flags, 1);
  head.writeUInt32LE(mask >>> 0, 4);
  if (isObject) head.writeUInt32LE((objectType ? 1 : 0) | (inheritedObjectType ? 2 : 0), 8);
  const guids = types.flatMap((type) => (type ? [Buffer.from(type, 'hex')] : []));
  const ace = Buffer.concat([head, ...guids, sidOctets(sid)]);
  ace.writeUInt16LE(ace.length, 2);
  return ace;
}
