import type { AuditSettings } from '../audit-settings.ts';

/**
 * How the tenant behaves where it has a choice, or where the documentation is silent or contradicts itself; `unknown`
 * makes what depends on it possible instead of certain. The flags of a tenant can be read by an administrator only
 * (`Get-MgDirectoryOnPremiseSynchronization`).
 */
export interface TenantBehaviour {
  /** Tenant feature. With `on` a user that no primary address matched is matched by UPN. */
  readonly softMatchOnUpn: 'on' | 'off' | 'unknown';
  /** Tenant feature. */
  readonly blockSoftMatch: 'on' | 'off' | 'unknown';
  /** Tenant feature `blockCloudObjectTakeoverThroughHardMatch`. */
  readonly blockCloudObjectTakeover: 'on' | 'off' | 'unknown';
  /** Tenant feature. With `off` the UPN of a licensed user does not follow Active Directory. */
  readonly synchronizeUpnForManagedUsers: 'on' | 'off' | 'unknown';
  /**
   * Which addresses are compared when an object is matched: primary ones, or all. "When you have an existing tenant" speaks
   * of the primary address of the incoming object and says nothing of the other; the example of InvalidSoftMatch in
   * "Understanding errors" compares all.
   */
  readonly softMatchAgainst: 'primary' | 'anyProxy' | 'unknown';
  /** An update with a taken value: "duplicate attribute resiliency" says quarantine, an example of "Understanding errors" an error. */
  readonly updateCollision: 'quarantine' | 'hardError' | 'unknown';
  /** Whether a soft-deleted object holds its addresses: Restore-MsolUser implies no, Connect Health yes. */
  readonly softDeletedAddresses: 'free' | 'held' | 'unknown';
  /** Whether a UPN collides with another object's address. */
  readonly addressSpace: 'separate' | 'shared' | 'unknown';
}

export const unknownBehaviour: TenantBehaviour = {
  softMatchOnUpn: 'unknown',
  blockSoftMatch: 'unknown',
  blockCloudObjectTakeover: 'unknown',
  synchronizeUpnForManagedUsers: 'unknown',
  softMatchAgainst: 'unknown',
  updateCollision: 'unknown',
  softDeletedAddresses: 'unknown',
  addressSpace: 'unknown',
};

export interface PredictionSettings extends AuditSettings {
  readonly tenant: TenantBehaviour;
  /**
   * `whole`: the objects are all of Active Directory, so that a synchronised object in Entra without one is on its way out.
   * `part`: what was not given goes on as it is, and an object out of scope is answered as such.
   */
  readonly directory: 'whole' | 'part';
  /** Where the addresses of synchronised mailboxes are mastered (`IsExchangeCloudManaged`). */
  readonly exchangeAuthority: 'on-premises' | 'mixed' | 'cloud';
}
