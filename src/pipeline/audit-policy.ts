import type { AuditSettings } from '../audit/audit-settings.ts';
import type { Fact, VerifiedDomain } from '../domain/evidence.ts';

/** What the operator has said about the directories, as far as the audit's rules need it. */
export type AuditPolicy = Pick<AuditSettings, 'inactiveDays' | 'userNameAttribute' | 'matchOption' | 'scope'>;

export const usualAuditPolicy: AuditPolicy = {
  inactiveDays: 90,
  userNameAttribute: 'userPrincipalName',
  matchOption: { by: 'none' },
  scope: null,
};

export function auditSettings(policy: AuditPolicy, domains: Fact<VerifiedDomain[]>, now: Date): AuditSettings {
  const verified = domains.state === 'known' ? domains.value : null;
  return {
    ...policy,
    now: now.toISOString(),
    verifiedDomains: verified?.map(({ name }) => name.toLowerCase()) ?? null,
    initialDomain: verified?.find(({ isInitial }) => isInitial)?.name.toLowerCase() ?? null,
  };
}
