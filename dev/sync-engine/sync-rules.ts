import type { ObjectType } from '../entra/provisioning.ts';

/** Which of the connected AD objects a rule applies to; the predicates are in attribute-flow.ts. */
export type ScopingFilter = 'every object' | 'enabled account' | 'not a linked mailbox' | 'has a mailbox';

/** How an expression makes a value of its source attributes; the functions are in attribute-flow.ts. */
export type Expression =
  | 'sourceAnchor'
  | 'sAMAccountName@domain'
  | 'accountIsEnabled'
  | 'isSecurityGroup'
  | 'distinguishedName'
  | 'domainName'
  | 'reference'
  | 'trim'
  | 'lowerCase';

export interface AttributeFlow {
  /** Name in the Entra connector space. */
  readonly target: string;
  readonly source: string;
  /** Absent: the flow is direct, the value passes as it is. */
  readonly expression?: Expression;
}

/** An inbound synchronisation rule. A lower precedence wins; between connectors the one created first wins. */
export interface SyncRule {
  readonly name: string;
  readonly precedence: number;
  readonly objectType: ObjectType;
  readonly scopingFilter: ScopingFilter;
  readonly flows: readonly AttributeFlow[];
}

const direct = (...names: readonly string[]): AttributeFlow[] => names.map((name) => ({ target: name, source: name }));

/** AD attributes whose name in the Entra connector space differs. */
const surname: AttributeFlow = { target: 'surname', source: 'sn' };
const employeeId: AttributeFlow = { target: 'employeeId', source: 'employeeID' };
const manager: AttributeFlow = { target: 'manager', source: 'manager', expression: 'reference' };

const anchor: AttributeFlow = { target: 'sourceAnchor', source: 'objectGUID', expression: 'sourceAnchor' };
const userAnchor: AttributeFlow = { ...anchor, source: 'mS-DS-ConsistencyGuid' };

const onPremises: readonly AttributeFlow[] = [
  { target: 'onPremisesSecurityIdentifier', source: 'objectSid' },
  { target: 'onPremisesSamAccountName', source: 'sAMAccountName' },
  { target: 'onPremisesDistinguishedName', source: 'distinguishedName', expression: 'distinguishedName' },
  { target: 'onPremisesDomainName', source: 'distinguishedName', expression: 'domainName' },
];

/** What decides how a person signs in; it comes from the forest of the enabled account. */
const signIn = (upnSource: string): readonly AttributeFlow[] => [
  userAnchor,
  { target: 'userPrincipalName', source: upnSource },
  { target: 'userPrincipalName', source: 'sAMAccountName', expression: 'sAMAccountName@domain' },
  { target: 'onPremisesUserPrincipalName', source: 'userPrincipalName' },
  { target: 'accountEnabled', source: 'userAccountControl', expression: 'accountIsEnabled' },
  ...onPremises,
];

/** What a mail client shows of a person; it comes from the forest of the mailbox. */
const addressList: readonly AttributeFlow[] = [
  ...direct('displayName', 'givenName', 'department', 'telephoneNumber', 'mail', 'proxyAddresses', 'mailNickname'),
  surname,
];

const exchange = direct(
  'targetAddress',
  'legacyExchangeDN',
  'msExchRecipientTypeDetails',
  'msExchRemoteRecipientType',
  'msExchMailboxGuid',
);

/** Attributes that Exchange Online masters once a mailbox is cloud-managed; the engine then exports none of them. */
export const exchangeAttributes: readonly string[] = [
  'proxyAddresses',
  'mail',
  'mailNickname',
  ...exchange.map((flow) => flow.target),
];

/**
 * The default inbound rules, with the names they have in the rules editor. `upnSource` is the AD attribute chosen as
 * the Entra user name: `userPrincipalName`, or `mail` under an alternate login id.
 * Source: Entra Connect Sync, default configuration; users and contacts.
 */
export function defaultRules(upnSource: string): readonly SyncRule[] {
  return [
    {
      name: 'In from AD - User AccountEnabled',
      precedence: 101,
      objectType: 'user',
      scopingFilter: 'enabled account',
      flows: signIn(upnSource),
    },
    {
      name: 'In from AD - User Common from Exchange',
      precedence: 102,
      objectType: 'user',
      scopingFilter: 'has a mailbox',
      flows: addressList,
    },
    {
      name: 'In from AD - User Common',
      precedence: 103,
      objectType: 'user',
      scopingFilter: 'not a linked mailbox',
      flows: [
        ...signIn(upnSource),
        ...addressList,
        employeeId,
        manager,
        { target: 'usageLocation', source: 'msExchUsageLocation' },
      ],
    },
    {
      name: 'In from AD - User Exchange',
      precedence: 104,
      objectType: 'user',
      scopingFilter: 'every object',
      flows: exchange,
    },
    {
      name: 'In from AD - Contact Common',
      precedence: 111,
      objectType: 'contact',
      scopingFilter: 'every object',
      flows: [anchor, ...addressList, manager, ...onPremises.filter((flow) => flow.source === 'distinguishedName')],
    },
    {
      name: 'In from AD - Contact Exchange',
      precedence: 112,
      objectType: 'contact',
      scopingFilter: 'every object',
      flows: exchange,
    },
    {
      name: 'In from AD - Group Common',
      precedence: 121,
      objectType: 'group',
      scopingFilter: 'every object',
      flows: [
        anchor,
        ...direct('displayName', 'mail', 'proxyAddresses', 'mailNickname'),
        { target: 'members', source: 'member', expression: 'reference' },
        { target: 'securityEnabled', source: 'groupType', expression: 'isSecurityGroup' },
        ...onPremises,
      ],
    },
    {
      name: 'In from AD - Group Exchange',
      precedence: 122,
      objectType: 'group',
      scopingFilter: 'every object',
      flows: exchange,
    },
  ];
}
