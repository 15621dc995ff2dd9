import type { Value } from './attribute-value.ts';
import type { Call } from './call.ts';
import { type AcceptedWrite, commit, loggedValues, logWrite, schemaName } from './commit.ts';
import { generalizedTime } from './directory-time.ts';
import { parseDn, type Rdn, rdnKey } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import type { Domain } from './forest.ts';
import { classViolation, readValues, requireWellFormed, writableAttribute } from './incoming-attribute.ts';
import type { AttributeValues } from './ldap-message.ts';
import { locateDn } from './locate.ts';
import { newGuid } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import { attributeSchema, type ClassSchema, classSchema } from './schema.ts';
import { sidOctets } from './security-identifier.ts';
import { requireUnique } from './uniqueness.ts';
import { requireCreateChild } from './write-access.ts';

/** Creates an object. Answers its entry. */
export function addObject(call: Call, dnText: string, sent: readonly AttributeValues[]): Entry {
  const [rdn, ...parentDn] = parseDn(dnText);
  if (!rdn) throw new Refusal(resultCode.invalidDnSyntax, '0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME)');
  const { entry: parent, replica } = locateDn(call, parentDn);
  requireCreateChild(call, parent);
  if (parent.children.has(rdnKey(rdn))) throw entryExists();

  const attributes = readAttributes(call, sent, rdn);
  const schema = structuralClass(attributes);
  requireName(rdn, schema);
  attributes.set('objectclass', schema.chain);
  const guid = newGuid();
  for (const [key, values] of attributes) {
    const attribute = attributeSchema(key);
    if (!attribute) continue;
    requireWellFormed(attribute, values, schema.chain);
    for (const value of values) requireUnique(call.controller, guid, attribute, value);
  }
  addDefaults(
    attributes,
    schema,
    rdn,
    call.controller.domain,
    generalizedTime(call.controller.environment.clock.now()),
  );
  const placement = { parent: parent.guid, rdnType: rdn.type.toUpperCase(), rdnValue: rdn.value };
  const entry = commit(call.controller, replica, { guid, attributes, placement });
  logWrite(call, accepted(entry, attributes, sent));
  return entry;
}

function readAttributes(call: Call, sent: readonly AttributeValues[], rdn: Rdn): Map<string, readonly Value[]> {
  const attributes = new Map<string, readonly Value[]>();
  for (const one of sent) {
    const attribute = writableUnlessClass(one.type);
    // The RDN names the object; repeating it among the attributes is customary and adds nothing.
    if (attribute.key === rdn.type.toLowerCase()) continue;
    attributes.set(attribute.key, [...(attributes.get(attribute.key) ?? []), ...readValues(call, attribute, one)]);
  }
  return attributes;
}

const writableUnlessClass = (type: string) =>
  (type.toLowerCase() === 'objectclass' && attributeSchema(type)) || writableAttribute(type);

/** The most specific of the classes that the client named; the others must be its superclasses. */
function structuralClass(attributes: ReadonlyMap<string, readonly Value[]>): ClassSchema {
  const named = (attributes.get('objectclass') ?? []).flatMap((value) => classSchema(String(value)) ?? []);
  const [structural] = named.toSorted((a, b) => b.chain.length - a.chain.length);
  if (!structural) throw classViolation('objectClass is missing');
  const stranger = named.find(({ name }) => !structural.chain.includes(name));
  if (stranger) throw classViolation(`${stranger.name} is no superclass of ${structural.name}`);
  return structural;
}

function requireName({ type, value }: Rdn, { name, rdnType }: ClassSchema): void {
  if (type.toUpperCase() !== rdnType) {
    throw new Refusal(
      resultCode.namingViolation,
      `00002099: NameErr: DSID-0305109C, problem 2005 (NAMING_VIOLATION), data 0 (${name} is named by ${rdnType})`,
    );
  }
  if (value.length > 64) {
    throw new Refusal(
      resultCode.constraintViolation,
      '00002082: AtrErr: DSID-03151D7A, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 3 (cn)',
    );
  }
}

const normalAccountDisabled = '546';
const globalSecurityGroup = '-2147483646';
const never = '9223372036854775807';

function addDefaults(
  attributes: Map<string, readonly Value[]>,
  schema: ClassSchema,
  rdn: Rdn,
  domain: Domain,
  now: string,
): void {
  const setDefault = (key: string, value: Value): void => {
    if (!attributes.has(key)) attributes.set(key, [value]);
  };
  setDefault('name', rdn.value);
  setDefault('instancetype', '4');
  setDefault('whencreated', now);
  setDefault('objectcategory', schema.category);
  if (!schema.principal) return;
  setDefault('objectsid', sidOctets(domain.nextSid()));
  setDefault('samaccountname', generatedAccountName());
  if (schema.chain.includes('group')) {
    setDefault('grouptype', globalSecurityGroup);
    setDefault('samaccounttype', Number(attributes.get('grouptype')?.[0]) < 0 ? '268435456' : '268435457');
    return;
  }
  setDefault('useraccountcontrol', normalAccountDisabled);
  setDefault('samaccounttype', schema.chain.includes('computer') ? '805306369' : '805306368');
  setDefault('primarygroupid', schema.chain.includes('computer') ? '515' : '513');
  setDefault('accountexpires', never);
  setDefault('pwdlastset', '0');
}

/** AD's form for an account without a name: `$` and twelve random characters in two groups. */
function generatedAccountName(): string {
  const random = newGuid().toUpperCase();
  return `$${random.slice(0, 6)}-${random.slice(6, 18)}`;
}

function accepted(
  entry: Entry,
  attributes: ReadonlyMap<string, readonly Value[]>,
  sent: readonly AttributeValues[],
): AcceptedWrite {
  const changes = sent.flatMap(({ type }) => {
    const attribute = attributeSchema(type);
    if (!attribute || attribute.key === 'unicodepwd') return [];
    const values = loggedValues(attribute, attributes.get(attribute.key) ?? []);
    return [{ operation: 'add' as const, attribute: schemaName(attribute.key), values }];
  });
  return { operation: 'add', dn: entry.dn, guid: entry.guid, changes };
}

export function entryExists(): Refusal {
  return new Refusal(
    resultCode.entryAlreadyExists,
    '00002071: UpdErr: DSID-031A11DA, problem 6005 (ENTRY_EXISTS), data 0\n',
  );
}
