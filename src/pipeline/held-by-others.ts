import type { AdObject, CloudObject } from '../domain/evidence.ts';
import { anchorOf } from '../domain/party.ts';
import { bareAddress } from '../domain/proxy-address.ts';
import { type Result, succeeded } from '../domain/result.ts';
import type { CloudDirectory, OnPremises } from '../ports.ts';

export interface HolderPorts {
  readonly directory: Pick<CloudDirectory, 'findHolders'>;
  readonly onPremises: Pick<OnPremises, 'findHolders'>;
}

/**
 * Names of all who have an address, a soft-deleted user too, without the object itself and its twin in Entra.
 * @param value an address or a sign-in name, with or without a prefix
 */
export async function heldByOthers(
  { directory, onPremises }: HolderPorts,
  value: string,
  own: AdObject,
): Promise<Result<string[]>> {
  const address = bareAddress(value);
  const [clouds, ads] = await Promise.all([directory.findHolders(address), onPremises.findHolders(address)]);
  if (!clouds.ok) return clouds;
  if (!ads.ok) return ads;
  return succeeded([
    ...clouds.value.filter((cloud) => !isTwin(cloud, own)).map(({ displayName }) => displayName),
    ...ads.value.filter(({ objectGuid }) => objectGuid !== own.objectGuid).map(({ displayName }) => displayName),
  ]);
}

function isTwin(cloud: CloudObject, own: AdObject): boolean {
  const anchor = anchorOf(own);
  return (
    (anchor !== null && cloud.onPremisesImmutableId === anchor) ||
    (own.objectSid !== undefined && cloud.onPremisesSecurityIdentifier === own.objectSid)
  );
}
