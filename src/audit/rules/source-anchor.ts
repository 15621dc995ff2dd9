import { immutableIdOf, objectGuidOf } from '../../domain/immutable-id.ts';
import { attributeRules } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import { source } from '../sources.ts';

const malformed = {
  code: 'SourceAnchorMalformed',
  severity: 'error',
  description: 'A source anchor is not a GUID of 16 octets',
  source: source.anchor,
} as const;

const isSynchronisedType = (object: AuditObject): boolean => objectTypeOf(object) !== 'other';

export const objectGUIDRules = attributeRules({
  attribute: 'objectGUID',
  values: (object) => (isSynchronisedType(object) ? [object.objectGUID ?? null] : []),
  surelyPasses: ({ objectGUID }) =>
    objectGUID !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(objectGUID),
  concerns: [
    {
      code: 'SourceAnchorAbsent',
      severity: 'warning',
      description: 'An object has nothing that can be its source anchor',
      source: source.anchor,
      remedy: 'Read the object again with objectGUID and mS-DS-ConsistencyGuid, from its own domain.',
      checkAbsence: (object) =>
        object['mS-DS-ConsistencyGuid'] === undefined || objectTypeOf(object) !== 'user'
          ? 'Without a source anchor the object can neither be matched nor told from its twin.'
          : null,
    },
    {
      ...malformed,
      remedy: 'Read the object again: Active Directory sets objectGUID, and nobody can change it.',
      check: (value) => (immutableIdOf(value) === null ? 'It is not a GUID in its dashed form.' : null),
    },
  ],
});

/** Only a user's: of groups and contacts objectGUID is the anchor. */
export const consistencyGuidRules = attributeRules({
  attribute: 'mS-DS-ConsistencyGuid',
  values: (object) => {
    const value = object['mS-DS-ConsistencyGuid'];
    return value === undefined || objectTypeOf(object) !== 'user' ? [] : [value];
  },
  surelyPasses: (object) => object['mS-DS-ConsistencyGuid'] === undefined || isAnchor(object['mS-DS-ConsistencyGuid']),
  concerns: [
    {
      ...malformed,
      remedy: 'Find out who wrote it. Before the first export it may be cleared: then it is made from objectGUID.',
      check: (value) => (isAnchor(value) ? null : 'It is not the Base64 of 16 octets, as objectGUID is.'),
    },
  ],
});

const isAnchor = (value: string): boolean => objectGuidOf(value) !== null;
