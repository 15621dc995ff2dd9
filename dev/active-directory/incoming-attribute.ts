import { matchKey, readValue, type Value } from './attribute-value.ts';
import type { Call } from './call.ts';
import type { AttributeValues } from './ldap-message.ts';
import { linkTarget, noSuchObject } from './locate.ts';
import { Refusal, resultCode } from './refusal.ts';
import { type AttributeSchema, attributeSchema, permits } from './schema.ts';
import { explicitDescriptor } from './security-descriptor.ts';

/** The schema of an attribute that a client writes. Refuses unknown ones, and those that only the directory writes. */
export function writableAttribute(type: string): AttributeSchema {
  const attribute = attributeSchema(type);
  if (!attribute) {
    throw new Refusal(
      resultCode.noSuchAttribute,
      `00000057: LdapErr: DSID-0C090D8A, comment: Error in attribute conversion operation, data 0, v4563`,
    );
  }
  if (attribute.system) throw constraint(attribute, 'is owned by the system');
  return attribute;
}

export function readValues(call: Call, attribute: AttributeSchema, { values }: AttributeValues): Value[] {
  return values.map((octets) => readStored(call, attribute, octets));
}

function readStored(call: Call, attribute: AttributeSchema, octets: Buffer): Value {
  if (attribute.syntax === 'dn') {
    const target = linkTarget(call, octets.toString('utf8'));
    if (!target) throw noSuchObject('');
    return target;
  }
  const value = readValue(attribute, octets);
  if (attribute.key === 'unicodepwd') return readPassword(octets);
  if (attribute.key === 'ntsecuritydescriptor' && Buffer.isBuffer(value)) return explicitDescriptor(value);
  return value;
}

/** A password is written as UTF-16 in quotation marks. */
function readPassword(octets: Buffer): string {
  const text = octets.toString('utf16le');
  if (text.length > 2 && text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1);
  throw new Refusal(
    resultCode.unwillingToPerform,
    '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0\n',
  );
}

/** What must hold of all values of one attribute together. */
export function requireWellFormed(
  attribute: AttributeSchema,
  values: readonly Value[],
  classes: readonly string[],
): void {
  if (values.length === 0) return;
  if (!permits(classes, attribute)) throw classViolation(`${attribute.name} is not allowed on ${classes.at(-1)}`);
  if (!attribute.multiValued && values.length > 1) throw constraint(attribute, 'takes one value');
  if (new Set(values.map((value) => matchKey(attribute, value))).size < values.length) throw valueExists(attribute);
}

export function valueExists({ name }: AttributeSchema): Refusal {
  return new Refusal(
    resultCode.attributeOrValueExists,
    `00002083: AtrErr: DSID-03151830, #1:\n\t0: 00002083: DSID-03151830, problem 1006 (ATT_OR_VALUE_EXISTS), data 0, Att (${name})\n`,
  );
}

export function noSuchValue({ name }: AttributeSchema): Refusal {
  return new Refusal(
    resultCode.noSuchAttribute,
    `00002085: AtrErr: DSID-03151A15, #1:\n\t0: 00002085: DSID-03151A15, problem 1001 (NO_ATTRIBUTE_OR_VAL), data 0, Att (${name})\n`,
  );
}

export function classViolation(detail: string): Refusal {
  return new Refusal(
    resultCode.objectClassViolation,
    `0000207D: UpdErr: DSID-0315166D, problem 6002 (OBJ_CLASS_VIOLATION), data 0 (${detail})\n`,
  );
}

function constraint({ name }: AttributeSchema, detail: string): Refusal {
  return new Refusal(
    resultCode.constraintViolation,
    `00002081: AtrErr: DSID-03151D7A, #1:\n\t0: 00002081: DSID-03151D7A, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att (${name}) (${detail})\n`,
  );
}
