import { cloudUser, contact, type DemoObject, group, person } from './demo-object.ts';

/** One thing that goes wrong in a hybrid organisation, told with its own people. */
export interface Story {
  /** What Syncmend should make of it. */
  readonly verdict: string;
  readonly tells: string;
  /** They arrive first, and have what they ask for. */
  readonly holders: readonly DemoObject[];
  /** They arrive a cycle later, and ask for what is taken. */
  readonly claimants: readonly DemoObject[];
  /** Addresses of objects that neither Graph nor LDAP shows. */
  readonly hiddenHolders?: readonly string[];
}

/** Exchange on premises writes it: mail is delivered there. */
const onPremisesMailbox = { homeMDB: 'CN=Database 1,CN=Databases,CN=Microsoft Exchange,CN=Services,DC=contoso,DC=com' };

export const stories: readonly Story[] = [
  {
    verdict: 'different parties, with a recommendation',
    tells:
      'Mona Keller has had her address for years, and her mailbox is on premises. The new kiosk account in Berlin was given her address by mistake: it should let go of it.',
    holders: [person('Mona Keller', { employeeId: '4001', more: onPremisesMailbox, facts: { signedInDaysAgo: 1 } })],
    claimants: [
      person('Kiosk Berlin', {
        employeeId: '4002',
        hasPrimaryAddress: false,
        alsoReceives: ['mona.keller@contoso.com'],
        facts: { createdDaysAgo: 3, signedInDaysAgo: 90, loggedOnDaysAgo: 90 },
      }),
    ],
  },
  {
    verdict: 'different parties, a person must choose',
    tells:
      'Peter and Petra Lang both list p.lang@contoso.com. Their numbers differ, and nothing says who needs it more.',
    holders: [person('Peter Lang', { employeeId: '4011', alsoReceives: ['p.lang@contoso.com'] })],
    claimants: [person('Petra Lang', { employeeId: '4012', alsoReceives: ['p.lang@contoso.com'] })],
  },
  {
    verdict: 'the same person',
    tells:
      'Lena Brandt moved over from Fabrikam and has an account in each forest, with one employee number. Both want her name and address: no value is to be moved, the accounts are to be joined.',
    holders: [person('Lena Brandt', { employeeId: '4021' })],
    claimants: [
      person('Lena Brandt', {
        domain: 'fabrikam.com',
        employeeId: '4021',
        userPrincipalName: 'lena.brandt@contoso.com',
        alsoReceives: ['lena.brandt@contoso.com'],
      }),
    ],
  },
  {
    verdict: 'undecided',
    tells: 'Tom Winter and Thomas Winter have no employee number. Are they one person? Somebody has to say so.',
    holders: [person('Tom Winter', { alsoReceives: ['t.winter@contoso.com'] })],
    claimants: [person('Thomas Winter', { alsoReceives: ['t.winter@contoso.com'] })],
  },
  {
    verdict: 'protected objects',
    tells:
      'Ada Frey is a Global Administrator, and the account that claims her second address is protected in Active Directory: nothing is changed on either, there is a runbook.',
    holders: [
      person('Ada Frey', {
        employeeId: '4031',
        alsoReceives: ['ada@contoso.com'],
        facts: { signedInDaysAgo: 1, roles: ['Global Administrator'] },
      }),
    ],
    claimants: [
      person('Adam Tier', { employeeId: '4032', alsoReceives: ['ada@contoso.com'], more: { adminCount: '1' } }),
    ],
  },
  {
    verdict: 'no visible holder',
    tells: 'orders@contoso.com belongs to a mail-enabled public folder, which neither Graph nor the directory shows.',
    holders: [],
    claimants: [person('Order Desk', { employeeId: '4041', alsoReceives: ['orders@contoso.com'] })],
    hiddenHolders: ['orders@contoso.com'],
  },
  {
    verdict: 'a quarantined user name, with a recommendation',
    tells:
      'Two people are called Nina Roth. The one at Fabrikam was given the user name that her namesake signs in with every day.',
    holders: [person('Nina Roth', { employeeId: '4051', hasPrimaryAddress: false, facts: { signedInDaysAgo: 1 } })],
    claimants: [
      person('Nina Roth', {
        domain: 'fabrikam.com',
        alias: 'nina.roth2',
        employeeId: '4052',
        hasPrimaryAddress: false,
        userPrincipalName: 'nina.roth@contoso.com',
        more: onPremisesMailbox,
        facts: { createdDaysAgo: 20 },
      }),
    ],
  },
  {
    verdict: 'held by a user that only Entra knows',
    tells:
      'Clara Vogt was created in the cloud and has a mailbox there; Klara Vogt of the directory lists her address.',
    holders: [cloudUser('Clara Vogt', { employeeId: '4061', facts: { cloudMailbox: 'user' } })],
    claimants: [person('Klara Vogt', { employeeId: '4062', alsoReceives: ['clara.vogt@contoso.com'] })],
  },
  {
    verdict: 'groups and contacts',
    tells:
      'The group All Sales has sales@contoso.com. Sales Europe, a newer group, and a contact for a partner list it too.',
    holders: [group('All Sales', ['all.sales@contoso.com', 'sales@contoso.com'])],
    claimants: [
      group('Sales Europe', ['sales.europe@contoso.com', 'sales@contoso.com']),
      contact('Sales Partner', ['partner@fabrikam.com', 'sales@contoso.com']),
    ],
  },
  {
    verdict: 'not understood',
    tells: 'Entra refuses the user name of Mail Robot as a whole, an error that Syncmend cannot explain yet.',
    holders: [],
    claimants: [person('Mail Robot', { userPrincipalName: 'mail robot@contoso.com' })],
  },
];
