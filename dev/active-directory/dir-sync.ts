import { integer, octets, readElement, readElements, readInteger, sequence } from './ber.ts';
import { type Call, controlOid } from './call.ts';
import type { Entry } from './entry.ts';
import type { SearchRequest } from './ldap-message.ts';
import type { ResponseControl } from './ldap-response.ts';
import { type Located, locate } from './locate.ts';
import type { GuidKey } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import { compile, maxPageSize, type SearchAnswer } from './search.ts';
import { mayExercise, replicationGetChanges } from './security-descriptor.ts';
import { readSelection, type Selection, showEntry } from './selection.ts';
import { insufficientAccess } from './write-access.ts';

/** What a cookie remembers: how far this controller's changes were read, and what had arrived there from each origin. */
interface Watermark {
  readonly invocationId: GuidKey;
  readonly usn: number;
  readonly seen: ReadonlyMap<GuidKey, number>;
}

/** Flag LDAP_DIRSYNC_OBJECT_SECURITY: the caller sees what it may read and needs no replication right. */
const objectSecurity = 0x1;

/** Named by every entry of an answer, changed or not. */
const alwaysShown = new Set(['objectguid', 'distinguishedname', 'instancetype']);

/**
 * The DirSync control ([MS-ADTS] 3.1.1.3.4.1.3): objects changed since the cookie, tombstones among them, each with its
 * changed attributes only. An object of which nothing asked for has changed is left out, and so is a rename unless `name` is asked for.
 */
export function readDirSync(call: Call, request: SearchRequest): SearchAnswer {
  const { entry: root, replica } = locate(call, request.base);
  const { flags, cookie } = readControl(call);
  const allowed = mayExercise(call.identity, replica.root, replicationGetChanges) || (flags & objectSecurity) !== 0;
  if (root !== replica.root || call.catalogue || !allowed) throw insufficientAccess();
  const since = readCookie(cookie);
  const changed = changedEntries(replica, since);
  const page = changed.slice(0, maxPageSize);
  const more = changed.length > page.length;
  const matcher = compile(call, replica, request.filter);
  const selection = readSelection(call, request.attributes, request.typesOnly);
  const entries = page
    .filter((entry) => matcher.test(entry) === true && (!(flags & objectSecurity) || !entry.isDeleted))
    .flatMap((entry) => showChanges(call, { entry, replica }, selection, since) ?? []);
  const watermark = {
    invocationId: replica.dsa.invocationId,
    usn: more ? (page.at(-1)?.usnChanged ?? 0) : replica.usn.last,
    // Only at the end of the list has everything been seen that had arrived.
    seen: more ? (since?.seen ?? new Map()) : new Map(replica.upToDate),
  };
  return { entries, references: [], result: { code: resultCode.success }, controls: [answerControl(more, watermark)] };
}

/** With a cookie of another controller all objects are looked through, but only unseen changes are told. */
function changedEntries(replica: Replica, since: Watermark | undefined): Entry[] {
  return replica.changes.after(since?.invocationId === replica.dsa.invocationId ? since.usn : 0);
}

function showChanges(call: Call, { entry, replica }: Located, selection: Selection, since: Watermark | undefined) {
  const isNew = !since || isUnseen(entry, 'whencreated', since);
  const selected = selection.selected.filter(
    ({ attribute: { key } }) => isNew || alwaysShown.has(key) || isUnseen(entry, key, since),
  );
  if (!selected.some(({ attribute }) => isNew || !alwaysShown.has(attribute.key))) return undefined;
  const shown = showEntry(call, replica, entry, { ...selection, selected });
  // An attribute that lost all its values is shown empty, so that the reader can tell it from an unchanged one.
  const emptied = selected.filter(({ attribute: { key } }) => !isNew && entry.attributes.get(key)?.values.length === 0);
  const removals = emptied.map(({ attribute }) => ({ type: attribute.name, values: [] }));
  const guid = { type: 'objectGUID', values: [Buffer.from(entry.guid, 'hex')] };
  const named = shown.attributes.some(({ type }) => type === 'objectGUID') ? [] : [guid];
  return { dn: shown.dn, attributes: [...shown.attributes, ...named, ...removals] };
}

function isUnseen(entry: Entry, key: string, { seen }: Watermark): boolean {
  const stored = entry.attributes.get(key === entry.rdnType.toLowerCase() ? 'name' : key);
  return stored !== undefined && stored.originatingUsn > (seen.get(stored.origin.invocationId) ?? 0);
}

function readControl({ controls }: Call): { flags: number; cookie: Buffer } {
  const value = controls.get(controlOid.dirSync)?.value ?? Buffer.alloc(0);
  const [flags, , cookie] = readElements(readElement(value).content);
  return { flags: readInteger(flags?.content ?? Buffer.alloc(0)), cookie: cookie?.content ?? Buffer.alloc(0) };
}

function answerControl(more: boolean, watermark: Watermark): ResponseControl {
  const cookie = JSON.stringify({ ...watermark, seen: [...watermark.seen] });
  return { oid: controlOid.dirSync, value: sequence(integer(more ? 1 : 0), integer(0), octets(cookie)) };
}

function readCookie(octets: Buffer): Watermark | undefined {
  if (octets.length === 0) return undefined;
  try {
    const { invocationId, usn, seen } = JSON.parse(octets.toString('utf8'));
    return { invocationId, usn, seen: new Map(seen) };
  } catch (cause) {
    throw new Refusal(
      resultCode.unavailableCriticalExtension,
      `00000057: LdapErr: Error processing control (${cause})`,
    );
  }
}
