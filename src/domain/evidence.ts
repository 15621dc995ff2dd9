import { z } from 'zod';

const known = <T extends z.ZodType>(value: T) =>
  z.strictObject({ state: z.literal('known'), value, source: z.string(), at: z.string() });
/** `because` says why the fact is missing; `remedy` names the permission, licence or connection that would supply it. */
const unknownFact = z.strictObject({ state: z.literal('unknown'), because: z.string(), remedy: z.string() });
const fact = <T extends z.ZodType>(value: T) => z.discriminatedUnion('state', [known(value), unknownFact]);

/** A fact with its source and time, or the reason why it is not known. Never absent, never a silent "no". */
export type Fact<T> =
  | { readonly state: 'known'; readonly value: T; readonly source: string; readonly at: string }
  | { readonly state: 'unknown'; readonly because: string; readonly remedy: string };

/** An object as Microsoft Graph shows it. Absent properties were absent or null there. */
export const cloudObject = z.strictObject({
  id: z.string(),
  objectType: z.enum(['user', 'group', 'contact']),
  userType: z.string().optional(),
  displayName: z.string(),
  givenName: z.string().optional(),
  surname: z.string().optional(),
  userPrincipalName: z.string().optional(),
  mail: z.string().optional(),
  mailNickname: z.string().optional(),
  proxyAddresses: z.array(z.string()),
  otherMails: z.array(z.string()),
  employeeId: z.string().optional(),
  department: z.string().optional(),
  managerId: z.string().optional(),
  phones: z.array(z.string()),
  accountEnabled: z.boolean().optional(),
  createdDateTime: z.string().optional(),
  /** Present: the object is soft-deleted. */
  deletedDateTime: z.string().optional(),
  /** true: synchronised; false or null do not prove "cloud-only". */
  onPremisesSyncEnabled: z.boolean().nullable(),
  onPremisesImmutableId: z.string().optional(),
  onPremisesSecurityIdentifier: z.string().optional(),
  onPremisesDistinguishedName: z.string().optional(),
  onPremisesDomainName: z.string().optional(),
  onPremisesSamAccountName: z.string().optional(),
  onPremisesUserPrincipalName: z.string().optional(),
  mailEnabled: z.boolean().optional(),
  securityEnabled: z.boolean().optional(),
  groupTypes: z.array(z.string()),
  isAssignableToRole: z.boolean().optional(),
  isManagementRestricted: z.boolean().optional(),
  /** Service names of enabled plans, such as `exchange`. */
  enabledServices: z.array(z.string()),
  licensed: z.boolean().optional(),
  provisioningErrors: z.array(
    z.strictObject({
      category: z.string(),
      propertyCausingError: z.string().optional(),
      value: z.string().optional(),
      occurredDateTime: z.string().optional(),
    }),
  ),
});
export type CloudObject = z.infer<typeof cloudObject>;

/** An object as Active Directory shows it, read by the relay on a stated domain controller. */
export const adObject = z.strictObject({
  forest: z.string(),
  domainController: z.string(),
  distinguishedName: z.string(),
  /** Lower-case dashed GUID. */
  objectGuid: z.string(),
  objectSid: z.string().optional(),
  sidHistory: z.array(z.string()),
  objectType: z.enum(['user', 'group', 'contact', 'other']),
  displayName: z.string(),
  givenName: z.string().optional(),
  surname: z.string().optional(),
  userPrincipalName: z.string().optional(),
  mail: z.string().optional(),
  mailNickname: z.string().optional(),
  targetAddress: z.string().optional(),
  proxyAddresses: z.array(z.string()),
  sAMAccountName: z.string().optional(),
  employeeId: z.string().optional(),
  department: z.string().optional(),
  /** DN of the manager. */
  manager: z.string().optional(),
  phones: z.array(z.string()),
  /** null: the attribute is not readable or does not exist for this class. */
  accountEnabled: z.boolean().nullable(),
  /** Base64 of mS-DS-ConsistencyGuid, if set. */
  consistencyGuid: z.string().optional(),
  adminCount: z.number().optional(),
  servicePrincipalNames: z.array(z.string()),
  isCriticalSystemObject: z.boolean(),
  isGroupManagedServiceAccount: z.boolean(),
  /** Member, directly or nested, of a Tier-0 group (Domain Admins, Enterprise Admins, ...). */
  tierZero: z.boolean(),
  /** The security descriptor refuses inherited permissions. */
  inheritanceBroken: z.boolean(),
  homeMdb: z.string().optional(),
  legacyExchangeDn: z.string().optional(),
  msExchRecipientTypeDetails: z.string().optional(),
  msExchRemoteRecipientType: z.string().optional(),
  /** Lower-case dashed GUID. */
  msExchMailboxGuid: z.string().optional(),
  msExchMasterAccountSid: z.string().optional(),
  /** Email address policy switched off for this recipient (msExchPoliciesExcluded). */
  emailAddressPolicyOff: z.boolean(),
  adminDescription: z.string().optional(),
  /** ISO 8601; lags up to 14 days. */
  lastLogonTimestamp: z.string().optional(),
  whenCreated: z.string().optional(),
  whenDisabled: z.string().optional(),
  /** When each of these attributes last changed at its origin (msDS-ReplAttributeMetaData), ISO 8601. */
  attributeChangedAt: z.record(z.string(), z.string()),
  /** Name of the domain controller where that change began, by attribute. */
  attributeChangedOn: z.record(z.string(), z.string()).optional(),
});
export type AdObject = z.infer<typeof adObject>;

/** One AD attribute that feeds one cloud value, as the sync engine's lineage says. */
export const contribution = z.strictObject({
  connectorName: z.string(),
  forest: z.string(),
  adDistinguishedName: z.string(),
  adObjectGuid: z.string(),
  adAttribute: z.string(),
  syncRuleName: z.string(),
  flow: z.enum(['direct', 'expression']),
});
export type Contribution = z.infer<typeof contribution>;

/** `none` means: looked, and there is no mailbox and no mail-enabled recipient. */
export const recipientKind = z.enum([
  'none',
  'user-mailbox',
  'shared-mailbox',
  'room-mailbox',
  'equipment-mailbox',
  'remote-mailbox',
  'on-premises-mailbox',
  'mail-user',
  'mail-contact',
  'distribution-group',
  'microsoft-365-group',
  'dynamic-distribution-group',
]);
export type RecipientKind = z.infer<typeof recipientKind>;

/** What is known of one cloud object beyond its own properties. Keyed by its id in `Evidence.cloudFacts`. */
export const cloudFacts = z.strictObject({
  /** null: the service has no sign-in on record, which is unknown, not never. */
  lastSignIn: fact(z.string().nullable()),
  /** Why the object is privileged: one entry a role assigned or eligible, directly or through a group; empty: not privileged. */
  privileges: fact(z.array(z.string())),
  recipient: fact(recipientKind),
  /** onPremisesSyncBehavior.isCloudManaged */
  isCloudManaged: fact(z.boolean()),
  /** Exchange attributes mastered in Exchange Online although the object is synchronised. */
  exchangeCloudManaged: fact(z.boolean()),
  litigationHold: fact(z.boolean()),
});
export type CloudFacts = z.infer<typeof cloudFacts>;

/** What the sync engine knows of one source anchor. Keyed by the anchor in `Evidence.engineFacts`. */
export const engineFacts = z.strictObject({
  /** AD objectGuids joined to one metaverse object. */
  joined: fact(z.array(z.string())),
  /** Lineage of userPrincipalName and proxyAddresses/mail into the cloud object, by cloud attribute. */
  lineage: fact(z.record(z.string(), z.array(contribution))),
  blockOnPremisesSync: fact(z.boolean()),
});
export type EngineFacts = z.infer<typeof engineFacts>;

export const verifiedDomain = z.strictObject({
  name: z.string(),
  isInitial: z.boolean(),
  authenticationType: z.enum(['Managed', 'Federated']),
});
export type VerifiedDomain = z.infer<typeof verifiedDomain>;

/** What a case may be about. Only the first two are quarantined by Entra; the others are the audit's, by their LDAP names. */
export const soughtAttributes = [
  'userPrincipalName',
  'proxyAddresses',
  'mail',
  'mailNickname',
  'targetAddress',
  'sAMAccountName',
  'displayName',
  'givenName',
  'sn',
] as const;

/** What the audit's rules say of the subject as it is now. */
export const rulesNow = z.strictObject({
  /** What the sought value breaks; empty: it passes, or the object does not have it any more. */
  broken: fact(z.array(z.strictObject({ rule: z.string(), message: z.string(), remedy: z.string() }))),
  /** A value that would pass every rule of the attribute, and whether somebody holds it; null: there is none. */
  replacement: z.strictObject({ value: z.string(), taken: fact(z.boolean()) }).nullable(),
  /** The operator has said that Entra takes the sign-in name from the sought attribute. */
  namesUser: z.boolean().optional(),
});
export type RulesNow = z.infer<typeof rulesNow>;

/** Every fact gathered for one case at one time. Stored, so that a diagnosis can be replayed. */
export const evidence = z.strictObject({
  v: z.literal(1),
  gatheredAt: z.iso.datetime(),
  tenant: z.strictObject({
    id: z.string(),
    verifiedDomains: fact(z.array(verifiedDomain)),
    /** Operator's setting: where Exchange attributes of synchronised users are mastered. */
    exchangeAuthority: z.enum(['on-premises', 'mixed', 'cloud']),
    stagingMode: fact(z.boolean()),
  }),
  policy: z.strictObject({
    allowDirectExchangeWrites: z.boolean(),
    /** Object ids, objectGuids, UPNs or DNs that nobody may change, lower case. */
    protectedObjects: z.array(z.string()),
  }),
  /** `value`: as stored; empty when the attribute is absent. */
  sought: z.strictObject({ attribute: z.enum(soughtAttributes), value: z.string() }),
  /** The object that the error names: its cloud twin and its AD object(s), as far as they could be read. */
  subject: z.strictObject({
    cloud: fact(cloudObject.nullable()),
    onPremises: fact(z.array(adObject)),
  }),
  /** Every object other than the subject that yields the value, in any form: active and soft-deleted, users, groups, contacts, guests. */
  cloudHolders: fact(z.array(cloudObject)),
  /** From every forest's global catalogue, read again in the home domain; includes twins of cloud holders. Excludes the subject's own AD objects. */
  onPremisesHolders: fact(z.array(adObject)),
  cloudFacts: z.record(z.string(), cloudFacts),
  engineFacts: z.record(z.string(), engineFacts),
  /** How many objects carry each employeeId of the parties, on either side; one each means it identifies a person. */
  employeeIdCounts: z.record(z.string(), fact(z.strictObject({ cloud: z.number(), onPremises: z.number() }))),
  /** For each name of `candidateNames` (new-name.ts): whether any object holds it, as UPN or address. Absent: not asked. */
  namesTaken: z.record(z.string(), fact(z.boolean())).optional(),
  /** Of a value that the audit found; absent: the case is about something else. */
  rules: rulesNow.optional(),
  /**
   * The audit foresees the fault: objects that the sync engine does not know yet count as if its default rules took
   * their attributes to Entra.
   */
  foreseen: z.boolean().optional(),
  /** Objects (ids and objectGuids) that another open plan will change, with that case. */
  openPlans: z.array(z.strictObject({ objectId: z.string(), caseId: z.string() })),
  /** What this case has been through, as far as it bears on the next proposal. */
  history: z.strictObject({
    /** Release intervals for which the error stayed although no holder is left. */
    intervalsWithoutHolder: z.number(),
    undone: z.boolean(),
  }),
});
export type Evidence = z.infer<typeof evidence>;
