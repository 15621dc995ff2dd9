import { type Value, valueOctets } from './attribute-value.ts';
import type { Call } from './call.ts';
import type { Entry } from './entry.ts';
import { reader } from './filter-match.ts';
import type { Domain } from './forest.ts';
import { groupSids } from './identity.ts';
import { linkDn } from './locate.ts';
import { formatGuid } from './object-guid.ts';
import type { Replica } from './replica.ts';
import { type AttributeSchema, allAttributes, attributeSchema, permits } from './schema.ts';
import { descriptorOctets, may, right } from './security-descriptor.ts';
import { readSid, relativeId, sidOctets } from './security-identifier.ts';

/** The values of one attribute of one entry as they travel; `[]` when there are none. */
export function readAttribute(
  call: Call,
  replica: Replica,
  entry: Entry,
  attribute: AttributeSchema,
): readonly Buffer[] {
  const calculate = calculated.get(attribute.key);
  if (calculate) return calculate(call, replica, entry).map(valueOctets);
  return wireValues(call, attribute, reader(attribute, replica)(entry));
}

function wireValues(call: Call, attribute: AttributeSchema, values: readonly Value[]): readonly Buffer[] {
  switch (attribute.syntax) {
    case 'dn': {
      const deleted = attribute.key === 'distinguishedname' || attribute.key === 'lastknownparent';
      return values.flatMap((guid) => linkDn(call, String(guid), { deleted }) ?? []).map(valueOctets);
    }
    case 'category':
      return values.map((name) =>
        Buffer.from(`CN=${name},CN=Schema,CN=Configuration,${call.controller.domain.forest.rootDn}`),
      );
    default:
      return values.map(valueOctets);
  }
}

type Calculation = (call: Call, replica: Replica, entry: Entry) => readonly Value[];

/** Attributes that are not stored, or not shown as they are stored. */
const calculated = new Map<string, Calculation>([
  ['distinguishedname', (_call, _replica, entry) => [entry.dn]],
  ['unicodepwd', () => []],
  ['ntsecuritydescriptor', (_call, _replica, entry) => [descriptorOctets(entry)]],
  ['canonicalname', (call, replica, entry) => [canonicalName(homeOf(call, replica).dnsName, entry)]],
  ['createtimestamp', (_call, _replica, entry) => entry.values('whencreated')],
  ['modifytimestamp', (_call, _replica, entry) => entry.values('whenchanged')],
  ['msds-parentdistname', (_call, _replica, entry) => (entry.parent ? [entry.parent.dn] : [])],
  ['primarygrouptoken', (_call, _replica, entry) => primaryGroupToken(entry)],
  ['msds-user-account-control-computed', () => ['0']],
  ['tokengroups', (call, replica, entry) => tokenGroups(call, replica, entry)],
  ['allowedattributes', (_call, _replica, entry) => writableOn(entry).map(({ name }) => name)],
  ['allowedattributeseffective', (call, _replica, entry) => allowedEffectively(call, entry)],
  ['msds-replattributemetadata', (_call, _replica, entry) => replicationMetadata(entry)],
]);

function canonicalName(dnsName: string, entry: Entry): string {
  return entry.parent ? `${canonicalName(dnsName, entry.parent)}/${entry.rdnValue.replaceAll('/', '\\/')}` : dnsName;
}

function primaryGroupToken(entry: Entry): readonly Value[] {
  const [sid] = entry.values('objectsid');
  return entry.objectClasses.includes('group') && Buffer.isBuffer(sid) ? [String(relativeId(readSid(sid)))] : [];
}

function tokenGroups(call: Call, replica: Replica, entry: Entry): readonly Value[] {
  if (entry.values('objectsid').length === 0) return [];
  return groupSids(entry, homeOf(call, replica), replica).map(sidOctets);
}

function homeOf({ controller }: Call, { baseDn }: Replica): Domain {
  return controller.domain.forest.domains.find((domain) => domain.baseDn === baseDn) ?? controller.domain;
}

const writableOn = (entry: Entry): AttributeSchema[] =>
  [...allAttributes()].filter((attribute) => !attribute.system && permits(entry.objectClasses, attribute));

function allowedEffectively({ identity, catalogue }: Call, entry: Entry): readonly Value[] {
  if (catalogue) return [];
  const allowed = writableOn(entry).filter((attribute) => may(identity, entry, right.writeProperty, attribute));
  return allowed.map(({ name }) => name);
}

/** One XML element an attribute, each ended by a NUL, as AD writes them ([MS-ADTS] 3.1.1.3.1.3.6 DS_REPL_ATTR_META_DATA). */
function replicationMetadata(entry: Entry): readonly Value[] {
  return [...entry.attributes].map(([key, { version, at, origin, originatingUsn }]) =>
    [
      '<DS_REPL_ATTR_META_DATA>',
      `\t<pszAttributeName>${attributeSchema(key)?.name ?? key}</pszAttributeName>`,
      `\t<dwVersion>${version}</dwVersion>`,
      `\t<ftimeLastOriginatingChange>${new Date(at).toISOString().slice(0, 19)}Z</ftimeLastOriginatingChange>`,
      `\t<uuidLastOriginatingDsaInvocationID>${formatGuid(origin.invocationId)}</uuidLastOriginatingDsaInvocationID>`,
      `\t<usnOriginatingChange>${originatingUsn}</usnOriginatingChange>`,
      `\t<usnLocalChange>${entry.usnChanged}</usnLocalChange>`,
      `\t<pszLastOriginatingDsaDN>${origin.settingsDn}</pszLastOriginatingDsaDN>`,
      '</DS_REPL_ATTR_META_DATA>\n\0',
    ].join('\n'),
  );
}
