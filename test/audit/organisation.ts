import type { AuditKnowledge } from '../../src/audit/audit.ts';
import { startAudit } from '../../src/audit/audit.ts';
import type { AuditObject, Origin } from '../../src/audit/audit-object.ts';
import type { AuditSettings } from '../../src/audit/audit-settings.ts';
import type { Finding } from '../../src/audit/finding.ts';
import type { AttributeRule } from '../../src/audit/rule.ts';

export const contoso: AuditSettings = {
  verifiedDomains: ['contoso.com', 'contoso.onmicrosoft.com'],
  initialDomain: 'contoso.onmicrosoft.com',
  now: '2026-11-29T08:00:00Z',
  inactiveDays: 90,
  userNameAttribute: 'userPrincipalName',
  matchOption: { by: 'none' },
  scope: null,
};

const classes = {
  user: ['top', 'person', 'organizationalPerson', 'user'],
  contact: ['top', 'person', 'organizationalPerson', 'contact'],
  group: ['top', 'group'],
};

let made = 0;

/** An object of Active Directory with a GUID of its own. */
export function make(
  kind: keyof typeof classes,
  values: Partial<AuditObject> = {},
  forest = 'contoso.com',
): AuditObject {
  const digits = (++made).toString(16).padStart(12, '0');
  return {
    origin: { side: 'active-directory', forest },
    objectClass: classes[kind],
    proxyAddresses: [],
    objectGUID: `00112233-4455-6677-8899-${digits}`,
    ...values,
  };
}

export const user = (displayName: string, values: Partial<AuditObject> = {}, forest?: string): AuditObject =>
  make('user', { displayName, ...values }, forest);

export type CloudFacts = Partial<Omit<Extract<Origin, { side: 'entra' }>, 'side'>>;

/** An object of Entra, cloud-only unless said otherwise. */
export function cloud(
  displayName: string,
  values: Partial<AuditObject> = {},
  facts: CloudFacts = {},
  kind: keyof typeof classes = 'user',
): AuditObject {
  const id = `99999999-0000-0000-0000-${(++made).toString(16).padStart(12, '0')}`;
  return {
    origin: { side: 'entra', id, kind: 'cloud-only', ...facts },
    objectClass: classes[kind],
    displayName,
    proxyAddresses: [],
    ...values,
  };
}

export interface AuditOptions {
  readonly settings?: Partial<AuditSettings>;
  readonly rules?: readonly AttributeRule[];
  readonly knowledge?: AuditKnowledge;
}

/** Everything that both readings find, those of single objects first. */
export function audit(objects: readonly AuditObject[], options: AuditOptions = {}): Finding[] {
  const { settings, rules = [], knowledge } = options;
  const run = startAudit({ ...contoso, ...settings }, rules, knowledge);
  for (const object of objects) run.first(object);
  const findings = objects.flatMap((object, ordinal) => (run.needsSecond(ordinal) ? run.second(ordinal, object) : []));
  return [...findings, ...run.finish()];
}

/** The one finding there is; fails when there is another number. */
export function theFinding(objects: readonly AuditObject[], options?: AuditOptions): Finding {
  const findings = audit(objects, options);
  const [only] = findings;
  if (only === undefined || findings.length > 1) {
    throw new Error(
      `${findings.length} findings: ${findings.map(({ rule, message }) => `${rule} ${message}`).join(' | ')}`,
    );
  }
  return only;
}

export const holderNames = ({ holders = [] }: Finding): string[] =>
  holders.map(({ object, placed }) => (placed === undefined ? object.name : `(${object.name}: ${placed})`));
