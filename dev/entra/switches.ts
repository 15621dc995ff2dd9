/** What the stand-in can do in more than one way, because the documentation is silent or contradicts itself. */
interface SwitchDefinition {
  readonly values: readonly [string, string, ...string[]];
  readonly default: string;
  readonly meaning: string;
  /** Where the question comes from; keys are explained in RULES.md. */
  readonly source: string;
}

export const switchTable = {
  updateCollision: {
    values: ['quarantine', 'hardError'],
    default: 'quarantine',
    meaning: 'An update whose UPN or SMTP address another object holds is quarantined, or refused as a whole.',
    source: 'DAR: quarantine; E1, alias example: AttributeValueMustBeUnique',
  },
  upnOnUpdateCollision: {
    values: ['placeholder', 'keepOld'],
    default: 'placeholder',
    meaning: 'After a UPN collision on update the visible UPN is a placeholder, or the old one stays.',
    source: 'KB3166795; DAR describes the creation of an object only',
  },
  placeholderForm: {
    values: ['plus', 'noPlus'],
    default: 'plus',
    meaning: 'A placeholder is prefix+1234@initial domain, or prefix1234@initial domain.',
    source: 'DAR text: plus; KB3166795 and DAR known issue 2c: no plus',
  },
  softDeletedAddresses: {
    values: ['free', 'held'],
    default: 'free',
    meaning: 'The addresses of a soft-deleted object can be given to others, or stay taken.',
    source: 'Restore-MsolUser AutoReconcileProxyConflict: free; HEALTH: held',
  },
  staleQuarantine: {
    values: ['off', 'on'],
    default: 'off',
    meaning:
      'With on, an entry stays after the conflict is gone, until the value is removed, exported and added again.',
    source: 'community reports only',
  },
  softMatchOnUpn: {
    values: ['on', 'off'],
    default: 'on',
    meaning: 'A new user that matches no primary SMTP address is matched by UPN.',
    source: 'FEAT: a tenant feature, on since 2016-03-30',
  },
  blockSoftMatch: {
    values: ['off', 'on'],
    default: 'off',
    meaning: 'With on, nothing is soft-matched: a second object is created and its colliding values quarantined.',
    source: 'FEAT: a tenant feature',
  },
  blockCloudObjectTakeover: {
    values: ['off', 'on'],
    default: 'off',
    meaning: 'With on, a source anchor never takes over a cloud object: InvalidHardMatch.',
    source: 'FEAT: a tenant feature',
  },
  softMatchAgainst: {
    values: ['primary', 'anyProxy'],
    default: 'primary',
    meaning: 'An incoming primary SMTP address matches the primary, or any, address of the cloud object.',
    source: 'EXIST names the primary of the incoming object; no page says which cloud addresses count',
  },
  synchronizeUpnForManagedUsers: {
    values: ['on', 'off'],
    default: 'on',
    meaning: 'With off, a changed UPN of a licensed user in a managed domain is ignored in silence.',
    source: 'FEAT: a tenant feature',
  },
  addressSpace: {
    values: ['separate', 'shared'],
    default: 'separate',
    meaning:
      'UPNs and addresses are unique each among themselves, or a UPN also collides with an address of another object.',
    source: 'no page says whether an unlicensed UPN holds the address',
  },
  oldUpnAlias: {
    values: ['cloudOnly', 'everyone'],
    default: 'cloudOnly',
    meaning: 'A changed UPN stays as an alias for cloud mailbox users only, or for synchronised ones too.',
    source: 'UPNALIAS, note in KB3190357: who is meant is not said',
  },
  duplicateStatus: {
    values: ['400', '409'],
    default: '400',
    meaning: 'HTTP status of a Graph write with a value that another object holds.',
    source: 'docs issue 8421: 400; client code: 409',
  },
  provisioningErrorFilter: {
    values: ['default', 'needsConsistencyLevel', 'unsupported'],
    default: 'default',
    meaning: 'Whether $filter on onPremisesProvisioningErrors works plainly, as an advanced query only, or not at all.',
    source: 'filter table: default; client code: advanced; one tool: unsupported',
  },
  signInActivityLicence: {
    values: ['premium', 'none'],
    default: 'premium',
    meaning: 'With none the tenant has no Entra ID P1 and signInActivity is refused (403).',
    source: 'Graph signInActivity page',
  },
} as const satisfies Record<string, SwitchDefinition>;

export type SwitchName = keyof typeof switchTable;
export type Switches = { [Name in SwitchName]: (typeof switchTable)[Name]['values'][number] };

export const switchNames = Object.keys(switchTable) as SwitchName[];

export function defaultSwitches(): Switches {
  return Object.fromEntries(switchNames.map((name) => [name, switchTable[name].default])) as Switches;
}
