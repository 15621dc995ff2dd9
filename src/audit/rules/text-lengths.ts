import { type AttributeConcerns, attributeRules } from '../attribute-rules.ts';
import type { AuditObject } from '../audit-object.ts';
import { cutTo, longerThan } from '../length-concern.ts';
import { source } from '../sources.ts';

/** Most characters of the properties that the attributes become in Entra (onPremisesExtensionAttributes, city, ...). */
const limits: Readonly<Record<string, number>> = {
  c: 128,
  co: 128,
  company: 64,
  department: 64,
  employeeID: 16,
  l: 128,
  mobile: 64,
  postalCode: 40,
  st: 128,
  streetAddress: 1024,
  title: 128,
  ...Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`extensionAttribute${index + 1}`, 1024])),
};

/** Text attributes of the synchronisation engine are indexed, and so have this most, where Entra names none. */
const mostIndexed = 448;
// biome-ignore format: one attribute a line would hide the list
const indexed: readonly string[] = [
  'description', 'division', 'employeeNumber', 'employeeType', 'facsimileTelephoneNumber', 'homePhone', 'info', 'initials',
  'ipPhone', 'middleName', 'otherFacsimileTelephoneNumber', 'otherHomePhone', 'otherIpPhone', 'otherMobile', 'otherPager',
  'otherTelephone', 'pager', 'physicalDeliveryOfficeName', 'postOfficeBox', 'preferredLanguage', 'telephoneAssistant',
  'telephoneNumber', 'url', 'wWWHomePage',
];

const nothing: readonly string[] = [];

const textsOf = ({ employeeID, others }: AuditObject, attribute: string): readonly string[] =>
  attribute === 'employeeID' && employeeID !== undefined ? [employeeID] : (others?.[attribute] ?? nothing);

/** One look for all of them: an object has few of these attributes, and short values. */
function areAllShort({ employeeID, others }: AuditObject): boolean {
  if ((employeeID?.length ?? 0) > 16) return false;
  for (const attribute in others) {
    const limit = limits[attribute] ?? mostIndexed;
    for (const value of others[attribute] ?? nothing) if (value.length > limit) return false;
  }
  return true;
}

const text = (attribute: string, concern: AttributeConcerns['concerns'][number], limit: number): AttributeConcerns => ({
  attribute,
  values: (object) => textsOf(object, attribute),
  surelyPasses: areAllShort,
  concerns: [concern],
  candidates: (value) => [cutTo(limit, value ?? '')],
});

const common = {
  code: 'TextLength',
  description: 'A text is too long',
  remedy: 'Shorten the text.',
};

export const textLengthRules = [
  ...Object.entries(limits).map(([attribute, limit]) =>
    text(attribute, longerThan(limit, { ...common, source: source.graph }), limit),
  ),
  ...indexed.map((attribute) =>
    text(
      attribute,
      longerThan(mostIndexed, { ...common, severity: 'warning', source: source.configuration }),
      mostIndexed,
    ),
  ),
].flatMap(attributeRules);
