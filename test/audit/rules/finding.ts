import type { AuditObject } from '../../../src/audit/audit-object.ts';
import type { AuditSettings } from '../../../src/audit/audit-settings.ts';
import { entraRules } from '../../../src/audit/index.ts';
import { rulesConcerning } from '../../../src/audit/rules-concerning.ts';

export const contoso: AuditSettings = {
  verifiedDomains: ['contoso.onmicrosoft.com', 'contoso.com', 'fabrikam.com'],
  initialDomain: 'contoso.onmicrosoft.com',
  now: '2026-11-22T08:00:00Z',
  inactiveDays: 90,
  userNameAttribute: 'userPrincipalName',
  matchOption: { by: 'none' },
  scope: null,
};

/** As in a file, with no deployment to ask. */
export const unknownTenant: AuditSettings = { ...contoso, verifiedDomains: null, initialDomain: null };

/** Nothing is wrong with her. */
export const anna: AuditObject = {
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  cn: 'Anna Berg',
  displayName: 'Anna Berg',
  givenName: 'Anna',
  sn: 'Berg',
  mail: 'anna.berg@contoso.com',
  mailNickname: 'anna.berg',
  sAMAccountName: 'aberg',
  userPrincipalName: 'anna.berg@contoso.com',
  proxyAddresses: ['SMTP:anna.berg@contoso.com', 'smtp:anna@fabrikam.com'],
  objectGUID: '00112233-4455-6677-8899-aabbccddeeff',
  userAccountControl: 512,
};

export const group: AuditObject = {
  objectClass: ['top', 'group'],
  cn: 'Sales',
  proxyAddresses: [],
  objectGUID: '10112233-4455-6677-8899-aabbccddeeff',
};

export const contact: AuditObject = {
  objectClass: ['top', 'person', 'organizationalPerson', 'contact'],
  cn: 'Carl Partner',
  proxyAddresses: ['SMTP:carl@partner.example.net'],
  mail: 'carl@partner.example.net',
  targetAddress: 'SMTP:carl@partner.example.net',
  objectGUID: '20112233-4455-6677-8899-aabbccddeeff',
};

export interface Found {
  readonly code: string;
  readonly attribute: string;
  readonly value: string | null;
  readonly message: string;
  readonly severity: string;
  readonly remedy: string;
  readonly proposals: readonly string[];
}

const concerning = rulesConcerning(entraRules);

/** What all rules say about one object. */
export const findingsOf = (object: AuditObject, settings: AuditSettings = contoso): Found[] =>
  concerning(object, settings).flatMap((rule) =>
    rule.values(object).flatMap((value) => {
      const problem = rule.check(value, object, settings);
      const { code, attribute, severity } = rule.meta;
      if (problem === null) return [];
      return [{ ...problem, code, attribute, severity, value, proposals: [...rule.propose(value, object, settings)] }];
    }),
  );

export const codesOf = (object: AuditObject, settings?: AuditSettings): string[] =>
  findingsOf(object, settings).map(({ code }) => code);

/** The one finding with this code; fails when there is another number of them. */
export function theFinding(code: string, object: AuditObject, settings?: AuditSettings): Found {
  const found = findingsOf(object, settings).filter((one) => one.code === code);
  const [only] = found;
  if (found.length !== 1 || only === undefined) {
    throw new Error(`${found.length} findings ${code}, among ${codesOf(object, settings).join(', ') || 'none'}`);
  }
  return only;
}
