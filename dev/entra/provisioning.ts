export type ObjectType = 'user' | 'group' | 'contact';

export type ShadowValue = string | boolean | readonly string[];

/**
 * The shadow values that the sync engine exports for one object; an absent attribute has no value. Names are those of
 * the Entra connector space: userPrincipalName, proxyAddresses, mail, mailNickname, displayName, givenName, surname,
 * employeeId, department, manager (a source anchor), telephoneNumber, accountEnabled, onPremisesSecurityIdentifier,
 * onPremisesDistinguishedName, onPremisesDomainName, onPremisesSamAccountName, onPremisesUserPrincipalName,
 * targetAddress, legacyExchangeDN, msExchRecipientTypeDetails, msExchRemoteRecipientType, msExchMailboxGuid,
 * members (source anchors), securityEnabled (both groups only), usageLocation.
 */
export interface ProvisionedObject {
  readonly sourceAnchor: string;
  readonly objectType: ObjectType;
  readonly attributes: Readonly<Record<string, ShadowValue>>;
}

export type ProvisioningRequest =
  | { readonly operation: 'add' | 'update'; readonly object: ProvisionedObject }
  | { readonly operation: 'delete'; readonly sourceAnchor: string };

/** An export error as the provisioning service words it; `details` are its key-value pairs, such as AttributeConflictName. */
export interface ProvisioningError {
  readonly errorType: string;
  readonly errorCode: string;
  readonly message: string;
  readonly details: readonly { readonly Key: string; readonly Value: string[] }[];
}

export type ProvisioningResult =
  | {
      readonly sourceAnchor: string;
      readonly outcome: 'ok';
      readonly cloudId: string;
      /** True when a soft-deleted object with the same anchor came back. */
      readonly restored?: boolean;
    }
  | { readonly sourceAnchor: string; readonly outcome: 'skipped'; readonly reason: string }
  | { readonly sourceAnchor: string; readonly outcome: 'error'; readonly error: ProvisioningError };

/** What the sync engine imports back: shadow values, never the calculated ones (S1). */
export interface ShadowObject extends ProvisionedObject {
  readonly cloudId: string;
  /** The source of authority was switched to the cloud: the engine must not export this object. */
  readonly isCloudManaged: boolean;
  /** The Exchange attributes are mastered in Exchange Online: the engine must not export those. */
  readonly exchangeCloudManaged: boolean;
}

/** The side of a tenant that the sync engine talks to. */
export interface ProvisioningEndpoint {
  /** Applies one export. Not transactional, in an order of its own (S6); results are in the order of the requests. */
  provision(requests: readonly ProvisioningRequest[]): readonly ProvisioningResult[];
  readShadow(): readonly ShadowObject[];
  /** Ends a cycle: address calculation, the release job when it is due, and the lag of filters settle. */
  settle(): void;
  readonly verifiedDomains: readonly string[];
}
