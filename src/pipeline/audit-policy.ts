import type { AuditSettings } from '../audit/audit-settings.ts';
import { type PredictionSettings, unknownBehaviour } from '../audit/prediction/prediction-settings.ts';
import type { Fact, VerifiedDomain } from '../domain/evidence.ts';

/** What the operator has said about the directories, as far as the audit needs it. */
export type AuditPolicy = Pick<AuditSettings, 'inactiveDays' | 'userNameAttribute' | 'matchOption' | 'scope'> &
  Pick<PredictionSettings, 'exchangeAuthority'>;

export const usualAuditPolicy: AuditPolicy = {
  inactiveDays: 90,
  userNameAttribute: 'userPrincipalName',
  matchOption: { by: 'none' },
  scope: null,
  exchangeAuthority: 'on-premises',
};

export function auditSettings(
  { exchangeAuthority: _, ...policy }: AuditPolicy,
  domains: Fact<VerifiedDomain[]>,
  now: Date,
): AuditSettings {
  const verified = domains.state === 'known' ? domains.value : null;
  return {
    ...policy,
    now: now.toISOString(),
    verifiedDomains: verified?.map(({ name }) => name.toLowerCase()) ?? null,
    initialDomain: verified?.find(({ isInitial }) => isInitial)?.name.toLowerCase() ?? null,
  };
}

/** What the tenant chose can be read by an administrator only, so that it counts as unknown. */
export const predictionSettings = (
  settings: AuditSettings,
  { exchangeAuthority }: AuditPolicy,
  directory: PredictionSettings['directory'],
): PredictionSettings => ({ ...settings, exchangeAuthority, directory, tenant: unknownBehaviour });
