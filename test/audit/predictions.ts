import type { AuditObject } from '../../src/audit/audit-object.ts';
import { predictExport } from '../../src/audit/predict-export.ts';
import type { Prediction } from '../../src/audit/prediction/prediction.ts';
import type { PredictionSettings, TenantBehaviour } from '../../src/audit/prediction/prediction-settings.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { type CloudFacts, cloud, contoso } from './organisation.ts';

/** A tenant that is known in everything. */
export const usualTenant: TenantBehaviour = {
  softMatchOnUpn: 'on',
  blockSoftMatch: 'off',
  blockCloudObjectTakeover: 'off',
  synchronizeUpnForManagedUsers: 'on',
  softMatchAgainst: 'primary',
  updateCollision: 'quarantine',
  softDeletedAddresses: 'free',
  addressSpace: 'separate',
};

export const predictionSettings = (
  tenant: Partial<TenantBehaviour> = {},
  more: Partial<PredictionSettings> = {},
): PredictionSettings => ({
  ...contoso,
  tenant: { ...usualTenant, ...tenant },
  directory: 'whole',
  exchangeAuthority: 'on-premises',
  ...more,
});

/** One line a prediction, sorted: `Anna certain SoftMatch SMTP:a@contoso.com (Anna B)`. */
export const foretold = (objects: readonly AuditObject[], settings = predictionSettings()): string[] =>
  predictExport(objects, settings).map(inOneLine).sort();

export const inOneLine = ({ object, certainty, outcome, value, with: others }: Prediction): string =>
  [
    object.name,
    certainty,
    outcome,
    ...(value === null ? [] : [value]),
    ...(others.length === 0 ? [] : [`(${others.map((other) => other.object.name).join(', ')})`]),
  ].join(' ');

/** The object in Entra of one in Active Directory, as it was synchronised before. */
export const twin = (object: AuditObject, values: Partial<AuditObject> = {}, facts: CloudFacts = {}): AuditObject => {
  const anchor = immutableIdOf(object.objectGUID ?? '') ?? '';
  return cloud(
    `${object.displayName} in Entra`,
    { proxyAddresses: object.proxyAddresses, ...withName(object), ...values },
    { kind: 'synchronised', onPremisesImmutableId: anchor, privileged: false, licensed: false, ...facts },
  );
};

const withName = ({ userPrincipalName }: AuditObject): Partial<AuditObject> =>
  userPrincipalName === undefined ? {} : { userPrincipalName };

export const smtp = (address: string): Pick<AuditObject, 'proxyAddresses'> => ({ proxyAddresses: [`SMTP:${address}`] });
