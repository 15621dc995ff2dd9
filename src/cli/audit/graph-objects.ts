import { cloudObjectOf } from '../../adapters/graph/cloud-object.ts';
import type { ObjectBatches } from '../../audit/audit.ts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { auditObjectOfCloud } from '../../audit/live-object.ts';
import type { CloudObject } from '../../domain/evidence.ts';
import type { Complain } from './complaint.ts';
import { octetsOf } from './file-octets.ts';
import { type GraphRecord, graphRecords } from './graph-records.ts';
import { utf8Octets } from './text-octets.ts';

/** Objects of Entra out of a file with what Microsoft Graph answered for users, groups, contacts or deleted users. */
export async function* graphObjects(
  path: string,
  complain: Complain,
  onOctets: (count: number) => void,
): ObjectBatches {
  for await (const records of graphRecords(utf8Octets(octetsOf(path, complain, onOctets), complain), complain)) {
    const objects: AuditObject[] = [];
    for (const record of records) {
      const lacking = lackingIn(record);
      if (lacking !== undefined) return complain({ grade: 'fatal', line: record.line, message: lacking });
      const object = objectOf(record, complain);
      if (object !== null) objects.push(object);
    }
    if (objects.length > 0) yield objects;
  }
}

/** What Graph answers only when $select asks for it, and without which a synchronised user looks like a cloud-only one. */
const needed = ['onPremisesSyncEnabled', 'proxyAddresses'];

function lackingIn({ record }: GraphRecord): string | undefined {
  const lacking = needed.filter((property) => !(property in record));
  return lacking.length === 0
    ? undefined
    : `has objects without ${lacking.join(' and ')}. Ask Graph for them with $select: docs/audit.md says for what.`;
}

function objectOf(given: GraphRecord, complain: Complain): AuditObject | null {
  const { record, line } = given;
  const objectType = typeOf(given);
  if (objectType === null) {
    const message = 'neither @odata.context nor a property tells whether it is a user, a group or a contact.';
    complain({ grade: 'lost', line, message });
    return null;
  }
  const read = cloudObjectOf(objectType, record);
  if (read.ok) return auditObjectOfCloud(read.value, read.value.isAssignableToRole === true ? true : undefined);
  complain({ grade: 'lost', line, message: read.failure.message });
  return null;
}

type GraphType = CloudObject['objectType'];

/** Of the metadata's names, with or without `microsoft.graph`. */
const types: readonly (readonly [pattern: RegExp, type: GraphType])[] = [
  [/[#.]users?\b/i, 'user'],
  [/[#.]groups?\b/i, 'group'],
  [/[#.](?:orgContact|contact)s?\b/i, 'contact'],
];

/** Properties that one type alone has, or that every entry of it has as `Get-MgUser` and its like write it. */
const properties: readonly (readonly [name: string, type: GraphType])[] = [
  ['userPrincipalName', 'user'],
  ['groupTypes', 'group'],
  ['securityEnabled', 'group'],
  ['phones', 'contact'],
];

function typeOf({ record, context }: GraphRecord): GraphType | null {
  for (const said of [record['@odata.type'], context.replace(/^.*\$metadata/, '')]) {
    const named = types.find(([pattern]) => typeof said === 'string' && pattern.test(said));
    if (named !== undefined) return named[1];
  }
  return properties.find(([name]) => name in record)?.[1] ?? null;
}
