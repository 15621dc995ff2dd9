import { cloudUser, contact, type DemoObject, group, person } from './demo-object.ts';

const departments = ['Sales', 'Finance', 'Engineering', 'Logistics'];

const peopleByDomain = {
  'contoso.com': [
    'Anna Berg',
    'Bo Lind',
    'Cora Maas',
    'David Ortiz',
    'Elif Kaya',
    'Frank Noll',
    'Greta Hahn',
    'Hugo Prinz',
    'Ines Costa',
    'Jan Vos',
    'Karin Abel',
    'Luca Moretti',
    'Mia Wolf',
    'Noah Stein',
    'Paula Reis',
    'Quentin Roy',
    'Ruth Engel',
    'Simon Falk',
  ],
  'emea.contoso.com': ['Maria Silva', 'Nils Dahl', 'Olga Petrova', 'Pavel Novak', 'Rosa Marin', 'Sven Holm'],
  'fabrikam.com': ['Tara Quinn', 'Uwe Sommer', 'Vera Lucas', 'Willem Bakker', 'Xenia Popova', 'Yusuf Demir'],
} as const;

/** Everyone with whom nothing is wrong: the rest of the organisation. */
export const bystanders: readonly DemoObject[] = [
  ...Object.entries(peopleByDomain).flatMap(([domain, names], at) =>
    names.map((name, index) =>
      person(name, {
        domain,
        employeeId: String(1000 + 100 * at + index),
        more: { department: departments[index % departments.length] ?? 'Sales' },
        facts: { signedInDaysAgo: index },
      }),
    ),
  ),
  group('Everyone', ['everyone@contoso.com']),
  group('Finance Team', ['finance@contoso.com']),
  group('Engineering Team', ['engineering@contoso.com']),
  contact('Tax Office', ['office@tax.example']),
  contact('Printing House', ['orders@print.example']),
  contact('Law Firm', ['mail@law.example']),
  cloudUser('Cloud Operator'),
  cloudUser('Support Desk', { facts: { cloudMailbox: 'shared' } }),
  cloudUser('Video Room'),
];
