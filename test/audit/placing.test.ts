import { expect, test } from 'vitest';
import type { MatchOption } from '../../src/audit/audit-settings.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { audit, cloud, holderNames, make, theFinding, user } from './organisation.ts';

const matching = (matchOption: MatchOption) => ({ settings: { matchOption } });
const anchor = (object: { objectGUID?: string }): string => immutableIdOf(object.objectGUID ?? '') ?? '';

test('an object and its twin in Entra are one', () => {
  const anna = user('Anna', { userPrincipalName: 'a@contoso.com', proxyAddresses: ['SMTP:a@contoso.com'] });
  const twin = cloud(
    'Anna',
    { userPrincipalName: 'a@contoso.com', proxyAddresses: ['SMTP:a@contoso.com', 'smtp:a@contoso.onmicrosoft.com'] },
    { kind: 'synchronised', onPremisesImmutableId: anchor(anna) },
  );
  expect(audit([anna, twin])).toEqual([]);
  expect(audit([twin, anna])).toEqual([]);
});

test.each([0, 1, 2, 3, 4, 5])(
  'a twin is named beside its object in a conflict with somebody else (order %i)',
  (order) => {
    const anna = user('Anna', { proxyAddresses: ['smtp:info@contoso.com'] });
    const twin = cloud(
      'Anna in Entra',
      { proxyAddresses: ['smtp:info@contoso.com'] },
      { kind: 'synchronised', onPremisesImmutableId: anchor(anna) },
    );
    const bert = user('Bert', { proxyAddresses: ['smtp:info@contoso.com'] });
    const finding = theFinding(permutation([anna, twin, bert], order));
    expect(finding).toMatchObject({
      rule: 'DuplicateAddress',
      message: 'The address info@contoso.com belongs to Anna and Bert.',
    });
    expect(holderNames(finding)).toEqual(['Anna', 'Bert', '(Anna in Entra: joined to Anna)']);
  },
);

test.each([0, 1, 2, 3, 4, 5])(
  'of two objects with one anchor, the cloud object does not hide either (order %i)',
  (order) => {
    const anna = user('Anna', { mail: 'a@contoso.com' });
    const copy = user('Copy', { mail: 'a@contoso.com', 'mS-DS-ConsistencyGuid': anchor(anna) });
    const twin = cloud(
      'Twin',
      { mail: 'a@contoso.com' },
      { kind: 'synchronised', onPremisesImmutableId: anchor(anna) },
    );
    const findings = audit(permutation([anna, copy, twin], order));
    expect(findings.map(({ rule, holders }) => [rule, holders?.length])).toEqual([
      ['DuplicateAddress', 3],
      ['DuplicateSourceAnchor', 3],
    ]);
  },
);

test('a group has no anchor in Graph: its SID says whose twin it is', () => {
  const sales = make('group', { displayName: 'Sales', mail: 's@contoso.com', objectSid: 'S-1-5-21-1-2-3-1001' });
  const twin = cloud(
    'Sales',
    { mail: 's@contoso.com', objectSid: 'S-1-5-21-1-2-3-1001' },
    { kind: 'synchronised' },
    'group',
  );
  expect(audit([sales, twin])).toEqual([]);
  expect(audit([twin, sales])).toEqual([]);
});

test('an immutableId of another attribute says nothing: the SID does', () => {
  const values = { mail: 'a@contoso.com', objectSid: 'S-1-5-21-1-2-3-1001' };
  const anna = user('Anna', values);
  const twin = cloud('Anna', values, { kind: 'synchronised', onPremisesImmutableId: 'employee-4711' });
  expect(audit([anna, twin])).toEqual([]);
  expect(audit([twin, anna])).toEqual([]);
});

test('a contact has neither in Graph: its kind and its display name have to do', () => {
  const carl = make('contact', { displayName: 'Carl', mail: 'c@partner.example' });
  const twin = cloud('carl', { mail: 'c@partner.example' }, { kind: 'synchronised' }, 'contact');
  expect(audit([carl, twin])).toEqual([]);
  const other = cloud('Carla', { mail: 'c@partner.example' }, { kind: 'synchronised' }, 'contact');
  expect(theFinding([carl, other]).rule).toBe('DuplicateAddress');
});

test('objects of two forests with one anchor become one object', () => {
  const anna = user('Anna', { mail: 'a@contoso.com' }, 'contoso.com');
  const moved = user('Anna', { mail: 'a@contoso.com', 'mS-DS-ConsistencyGuid': anchor(anna) }, 'fabrikam.com');
  expect(theFinding([anna, moved])).toMatchObject({
    rule: 'JoinedDuplicate',
    severity: 'information',
    message:
      'The address a@contoso.com and 1 more value stand at Anna and Anna, but at most one of them brings them to Entra.',
    holders: [{ inputs: [{ attribute: 'mail' }, { attribute: 'objectGUID' }] }, { placed: 'joined to Anna' }],
  });
});

test('by mail, a user and the contact that stands for her in another forest become one object', () => {
  const anna = user('Anna', { mail: 'a@contoso.com', proxyAddresses: ['SMTP:a@contoso.com'] }, 'contoso.com');
  const shadow = make('contact', { displayName: 'Anna (contact)', mail: 'A@contoso.com' }, 'fabrikam.com');
  const finding = theFinding([anna, shadow], matching({ by: 'mail' }));
  expect(finding).toMatchObject({ rule: 'JoinedDuplicate', severity: 'information', object: { name: 'Anna' } });
  expect(holderNames(finding)).toEqual(['Anna', '(Anna (contact): joined to Anna)']);
  expect(theFinding([anna, shadow])).toMatchObject({ rule: 'DuplicateAddress', severity: 'error' });
});

test('contacts join by mail whatever the option is', () => {
  const contacts = ['contoso.com', 'fabrikam.com'].map((forest) =>
    make('contact', { displayName: forest, mail: 'c@partner.example' }, forest),
  );
  expect(theFinding(contacts).rule).toBe('JoinedDuplicate');
});

test('within one forest nothing is joined by an option', () => {
  const pair = [user('Anna', { mail: 'a@contoso.com' }), user('Bert', { mail: 'a@contoso.com' })];
  expect(theFinding(pair, matching({ by: 'mail' })).rule).toBe('DuplicateAddress');
});

test('two of one forest and one of another: the third joins the first, the second is in conflict', () => {
  const finding = theFinding(
    [
      user('Anna', { mail: 'a@contoso.com' }, 'contoso.com'),
      user('Bert', { mail: 'a@contoso.com' }, 'contoso.com'),
      user('Carl', { mail: 'a@contoso.com' }, 'fabrikam.com'),
    ],
    matching({ by: 'mail' }),
  );
  expect(holderNames(finding)).toEqual(['Anna', 'Bert', '(Carl: joined to Anna)']);
});

test('a file does not say its forest: nothing is taken for joined', () => {
  const { origin: _, ...anna } = user('Anna', { mail: 'a@contoso.com' });
  const { origin: __, ...bert } = user('Bert', { mail: 'a@contoso.com' });
  expect(theFinding([anna, bert], matching({ by: 'mail' })).rule).toBe('DuplicateAddress');
});

test('an account and its linked mailbox', () => {
  const account = user('Anna', { mail: 'a@contoso.com', objectSid: 'S-1-5-21-1-1-1-1001' }, 'contoso.com');
  const mailbox = user(
    'Anna (mailbox)',
    {
      mail: 'a@contoso.com',
      objectSid: 'S-1-5-21-2-2-2-1001',
      msExchMasterAccountSid: 'S-1-5-21-1-1-1-1001',
      msExchRecipientTypeDetails: '2',
    },
    'resources.contoso.com',
  );
  const finding = theFinding([account, mailbox], matching({ by: 'objectSid-msExchMasterAccountSid' }));
  expect(finding.rule).toBe('JoinedDuplicate');
  const stranger = user('Bert', { mail: 'a@contoso.com', objectSid: 'S-1-5-21-3-3-3-1001' }, 'fabrikam.com');
  expect(theFinding([account, stranger], matching({ by: 'objectSid-msExchMasterAccountSid' })).rule).toBe(
    'DuplicateAddress',
  );
});

test('the account name of one is the alias of the other', () => {
  const account = user('Anna', { mail: 'a@contoso.com', sAMAccountName: 'ABerg' }, 'contoso.com');
  const mailbox = user('Anna (mailbox)', { mail: 'a@contoso.com', mailNickname: 'aberg' }, 'fabrikam.com');
  expect(theFinding([account, mailbox], matching({ by: 'sAMAccountName-mailNickname' })).rule).toBe('JoinedDuplicate');
});

test.each([
  ['employeeID', { employeeID: '4711' }, { employeeID: '4711' }, 'JoinedDuplicate'],
  ['employeeID', { employeeID: '4711' }, { employeeID: '4712' }, 'DuplicateAddress'],
  [
    'extensionAttribute5',
    { others: { extensionAttribute5: ['X'] } },
    { others: { extensionAttribute5: ['x'] } },
    'JoinedDuplicate',
  ],
])('an attribute of choice: %s', (attribute, one, other, rule) => {
  const pair = [
    user('Anna', { mail: 'a@contoso.com', ...one }, 'contoso.com'),
    user('Anna', { mail: 'a@contoso.com', ...other }, 'fabrikam.com'),
  ];
  expect(theFinding(pair, matching({ by: 'attribute', attribute })).rule).toBe(rule);
});

test('the lineage of the engine says more than any option', () => {
  const [one, other] = [user('Anna', { mail: 'a@contoso.com' }), user('Anna 2', { mail: 'a@contoso.com' })];
  const joined = (of: string) => (of === anchor(one) || of === anchor(other) ? 'metaverse object 1' : null);
  expect(theFinding([one, other], { knowledge: { joined } }).rule).toBe('JoinedDuplicate');
});

test('the lineage is asked about members of duplicates alone', () => {
  const asked: string[] = [];
  const joined = (of: string) => {
    asked.push(of);
    return null;
  };
  const [anna, bert, carl] = [
    user('Anna', { mail: 'a@contoso.com' }),
    user('Bert', { mail: 'b@contoso.com' }),
    user('Carl', { mail: 'a@contoso.com' }),
  ];
  audit([anna, bert, carl], { knowledge: { joined } });
  expect(asked.sort()).toEqual([anchor(anna), anchor(carl)].sort());
});

test('a written-back group beside the cloud group that it stands for is information', () => {
  const finding = theFinding([
    make('group', { displayName: 'Team', mail: 't@contoso.com', adminDescription: 'Group_1f0c' }),
    cloud('Team', { mail: 't@contoso.com' }, {}, 'group'),
  ]);
  expect(finding.rule).toBe('JoinedDuplicate');
  expect(holderNames(finding)).toEqual([
    'Team',
    '(Team: out of scope: it is written back from Entra (adminDescription Group_1f0c))',
  ]);
});

test('an object out of scope stays visible in the conflict of others', () => {
  const finding = theFinding(
    [
      user('Anna', { mail: 'a@contoso.com', distinguishedName: 'CN=Anna,OU=People,DC=contoso,DC=com' }),
      user('Bert', { mail: 'a@contoso.com', distinguishedName: 'CN=Bert,OU=People,DC=contoso,DC=com' }),
      user('Test', { mail: 'a@contoso.com', distinguishedName: 'CN=Test,OU=Lab,DC=contoso,DC=com' }),
    ],
    { settings: { scope: ['ou=people, dc=contoso,dc=com'] } },
  );
  expect(holderNames(finding)).toEqual([
    'Anna',
    'Bert',
    '(Test: out of scope: it lies outside the synchronised subtrees)',
  ]);
});

function permutation<T>(values: readonly T[], order: number): T[] {
  const rest = [...values];
  const answer: T[] = [];
  let left = order;
  while (rest.length > 0) {
    answer.push(...rest.splice(left % rest.length, 1));
    left = Math.floor(left / (rest.length + 1));
  }
  return answer;
}
