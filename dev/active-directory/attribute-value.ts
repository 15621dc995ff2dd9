import { foldText } from './fold-text.ts';
import { Refusal, resultCode } from './refusal.ts';
import { type AttributeSchema, classSchema } from './schema.ts';
import { readSid, sidLength } from './security-identifier.ts';

/** One value as the directory holds it: octets for the octet syntaxes, text for all others (a `dn`: the target's GUID key). */
export type Value = string | Buffer;

/** Equal for values that the attribute's matching rule takes for equal. */
export function matchKey(attribute: AttributeSchema, value: Value): string {
  if (typeof value !== 'string') return value.toString('hex');
  switch (attribute.syntax) {
    case 'text':
      return foldText(value);
    case 'class':
    case 'category':
      return value.toLowerCase();
    default:
      return value;
  }
}

/**
 * Reads a value of any syntax but `dn` from the wire, for storing it.
 * Refuses what the syntax or the length does not allow.
 */
export function readValue(attribute: AttributeSchema, octets: Buffer): Value {
  const value = readSyntax(attribute, octets);
  if (value === undefined && attribute.syntax === 'class') throw unknownClass();
  if (value === undefined) {
    throw new Refusal(
      resultCode.invalidSyntax,
      `00000057: LdapErr: DSID-0C0912E0, comment: Error in attribute conversion operation, data 0, Att (${attribute.name})`,
    );
  }
  if (value.length > attribute.rangeUpper) {
    throw new Refusal(
      resultCode.constraintViolation,
      `00002082: AtrErr: DSID-03151D7A, #1:\n\t0: 00002082: DSID-03151D7A, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att (${attribute.name}):len ${2 * value.length}`,
    );
  }
  return value;
}

function unknownClass(): Refusal {
  return new Refusal(
    resultCode.noSuchAttribute,
    '00002090: LdapErr: DSID-0C090D8A, comment: unknown object class, data 0, v4563',
  );
}

function readSyntax(attribute: AttributeSchema, octets: Buffer): Value | undefined {
  if (octets.length === 0) return undefined;
  const text = octets.toString('utf8');
  switch (attribute.syntax) {
    case 'octets':
      return Buffer.from(octets);
    case 'sid':
      return readSidValue(octets);
    case 'integer':
      return /^-?\d{1,19}$/.test(text) ? text : undefined;
    case 'boolean':
      return /^(TRUE|FALSE)$/.test(text) ? text : undefined;
    case 'time':
      return /^\d{14}(\.\d+)?Z$/.test(text) ? text : undefined;
    case 'class':
      return classSchema(text)?.name;
    case 'category':
      return categoryOf(text);
    default:
      return text;
  }
}

/** A SID may be written in both forms; the directory keeps the octets. */
function readSidValue(octets: Buffer): Buffer | undefined {
  const wellFormed = octets.length >= 8 && octets[0] === 1 && sidLength(octets) === octets.length;
  return wellFormed ? Buffer.from(octets) : undefined;
}

/** objectCategory is written as a class name or as the DN of a category; the directory keeps the category's common name. */
export function categoryOf(text: string): string | undefined {
  return /^CN=([^,]+),/i.exec(text)?.[1] ?? classSchema(text)?.category;
}

/** How a stored value travels; a `dn` is resolved by whoever holds the objects. */
export function valueOctets(value: Value): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

/** For logs: text as it is, SIDs readable, other octets as hex pairs. */
export function printable(attribute: AttributeSchema, value: Value): string {
  if (typeof value === 'string') return value;
  return attribute.syntax === 'sid' ? readSid(value) : value.toString('hex');
}
