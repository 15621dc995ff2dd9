import { describe, expect, test } from 'vitest';
import { entraRules } from '../../../src/audit/index.ts';
import { immutableIdOf } from '../../../src/domain/immutable-id.ts';
import { cloud, contoso, make, user } from '../organisation.ts';
import { found, joiner, mover, tell, tellOne } from './ground.ts';

const names = { givenName: 'Anna', sn: 'Berg', displayName: 'Anna Berg' };
const anna = joiner({
  ...names,
  sAMAccountName: 'anna',
  userPrincipalName: 'anna@contoso.com',
  mail: 'anna@contoso.com',
  proxyAddresses: ['SMTP:anna@contoso.com'],
});
const noAnswer = { what: 'holders in Entra', because: 'HTTP 403', remedy: 'Grant User.Read.All.' };

describe('a joiner', () => {
  test('whose values are free is clear', () => {
    expect(tellOne(anna, { there: [user('Bo', { mail: 'bo@contoso.com' })] })).toEqual({
      key: 'joiner',
      verdict: 'clear',
      problems: [],
      unknowns: [],
    });
  });

  test.each([
    ['a user of Active Directory', user('Old', { mail: 'anna@contoso.com' }), 'Old (user in contoso.com)', 'error'],
    ['a guest', cloud('Old', { mail: 'anna@contoso.com' }, { kind: 'guest' }), 'Old (guest in Entra)', 'error'],
    [
      'a synchronised user of a forest that the relay does not see',
      cloud('Old', { mail: 'anna@contoso.com' }, { kind: 'synchronised', onPremisesImmutableId: 'AAAA' }),
      'Old (synchronised user in Entra)',
      'error',
    ],
    [
      'a deleted user',
      cloud('Old', { proxyAddresses: ['smtp:anna@contoso.com'] }, { kind: 'soft-deleted' }),
      'Old (soft-deleted in Entra), which is deleted: it is not known whether Entra still counts it',
      'warning',
    ],
  ])('is told that %s has the address, and which one is free', (_, holder, words, severity) => {
    const { verdict, problems } = tellOne(anna, { there: [holder] });
    expect(verdict).toBe('problems');
    expect(problems).toMatchObject([
      {
        rule: 'DuplicateAddress',
        severity,
        attribute: 'userPrincipalName',
        value: 'anna@contoso.com',
        message: `anna@contoso.com is held by ${words}.`,
        proposal: 'anna.berg@contoso.com',
        inputs: [
          { attribute: 'userPrincipalName', value: 'anna@contoso.com', proposal: 'anna.berg@contoso.com' },
          { attribute: 'mail', value: 'anna@contoso.com', proposal: 'anna.berg@contoso.com' },
          { attribute: 'proxyAddresses', value: 'SMTP:anna@contoso.com', proposal: 'SMTP:anna.berg@contoso.com' },
        ],
        holders: [{ name: 'Old' }],
      },
    ]);
  });

  test('gets the next name when the first is taken on either side', () => {
    const there = [
      user('Old', { mail: 'anna@contoso.com' }),
      user('Older', { proxyAddresses: ['smtp:Anna.Berg@contoso.com'] }),
      cloud('Guest', { mail: 'anna2@contoso.com' }, { kind: 'guest' }),
    ];
    expect(tellOne(anna, { there }).problems[0]?.proposal).toBe('anna3@contoso.com');
  });

  test('is told that she would take over the cloud-only user with her address, with the consequence', () => {
    const old = cloud('', { ...names, displayName: 'Anna B', proxyAddresses: ['SMTP:anna@contoso.com'] });
    const { problems } = tellOne(anna, { there: [old] });
    expect(problems).toMatchObject([
      {
        rule: 'WouldSoftMatch',
        severity: 'warning',
        message: expect.stringContaining('takes that object over, with all its values and its password'),
        proposal: 'anna.berg@contoso.com',
        wouldSoftMatch: { name: 'Anna B' },
        holders: [{ name: 'Anna B', kind: 'cloud-only' }],
      },
    ]);
  });

  test('is told that the account with her address belongs to another person', () => {
    const old = cloud('Anne', { givenName: 'Anne', sn: 'Bach', proxyAddresses: ['SMTP:anna@contoso.com'] });
    expect(tellOne(anna, { there: [old] }).problems).toMatchObject([
      { rule: 'WouldSoftMatch', severity: 'error', message: expect.stringContaining('Anna Berg and Anne Bach') },
    ]);
  });

  test('is told that the account holds a directory role, or that it is not known', () => {
    const old = cloud('Anna B', { ...names, proxyAddresses: ['SMTP:anna@contoso.com'] });
    const id = old.origin?.side === 'entra' ? old.origin.id : '';
    expect(tellOne(anna, { there: [old], privileged: { [id]: true } }).problems).toMatchObject([
      { rule: 'WouldSoftMatch', severity: 'error', message: expect.stringContaining('holds a directory role') },
    ]);
    expect(tellOne(anna, { there: [old], privileged: { [id]: noAnswer } }).unknowns).toEqual([noAnswer]);
  });

  test('who is to be created in Entra takes nobody over: the value is simply taken', () => {
    const { createIn: _, ...asked } = anna;
    const old = cloud('Anna B', { proxyAddresses: ['SMTP:anna@contoso.com'] });
    expect(tellOne({ ...asked, createIn: 'entra' }, { there: [old] }).problems).toMatchObject([
      { rule: 'DuplicateAddress', severity: 'error' },
    ]);
  });

  test('is not taken for a synchronised object of the same name and type', () => {
    const sales = joiner({ displayName: 'Sales', mail: 'sales@contoso.com' }, { objectType: 'group' });
    const old = cloud('Sales', { mail: 'sales@contoso.com' }, { kind: 'synchronised' }, 'group');
    expect(tellOne(sales, { there: [old] }).problems).toMatchObject([{ rule: 'DuplicateAddress', severity: 'error' }]);
  });

  test('whose values break rules is told so, with values that pass and are free', () => {
    const wanted = joiner({
      ...names,
      userPrincipalName: 'anna berg@contoso.com',
      displayName: 'x'.repeat(300),
      sAMAccountName: 'anna',
    });
    const { problems } = tellOne(wanted, { there: [user('Old', { mail: 'annaberg@contoso.com' })] });
    expect(problems).toMatchObject([
      { rule: 'UserPrincipalNameCharacters', attribute: 'userPrincipalName', proposal: 'annaberg2@contoso.com' },
      { attribute: 'displayName', severity: 'error' },
    ]);
  });

  test('is told that the account name is taken in the domain, and not of that in another domain', () => {
    const inContoso = { distinguishedName: 'CN=Anna Berg,OU=People,DC=contoso,DC=com' };
    const wanted = joiner({ ...names, ...inContoso, userPrincipalName: 'a.berg@contoso.com', sAMAccountName: 'anna' });
    const holder = (domain: string) =>
      user('Old', { sAMAccountName: 'ANNA', distinguishedName: `CN=Old,CN=Users,DC=${domain},DC=com` });
    expect(tellOne(wanted, { there: [holder('contoso')] }).problems).toMatchObject([
      { rule: 'DuplicateSamAccountName', severity: 'error', attribute: 'sAMAccountName', proposal: 'anna.berg' },
    ]);
    expect(tellOne(wanted, { there: [holder('fabrikam')] }).verdict).toBe('clear');
    const anywhere = joiner({ ...names, userPrincipalName: 'a.berg@contoso.com', sAMAccountName: 'anna' });
    expect(tellOne(anywhere, { there: [holder('contoso')] }).problems).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('distinguished name') },
    ]);
  });

  test('whose distinguished name is taken is told so', () => {
    const occupant = user('Anna Berg', { distinguishedName: 'CN=Anna Berg,DC=contoso,DC=com' });
    const { problems } = tellOne(anna, { selves: [{ state: 'new', occupant }] });
    expect(problems).toMatchObject([
      { rule: 'DistinguishedNameTaken', severity: 'error', holders: [{ name: 'Anna Berg' }] },
    ]);
  });

  test('who never gets to Entra collides with nobody there: that is information', () => {
    const wanted = joiner({
      displayName: 'SystemMailbox',
      sAMAccountName: 'cas_{1}',
      mailNickname: 'SystemMailbox{1}',
      mail: 'a@contoso.com',
    });
    const { verdict, problems } = tellOne(wanted, { there: [user('Old', { mail: 'a@contoso.com' })] });
    expect(problems.filter(({ rule }) => rule === 'JoinedDuplicate')).toMatchObject([{ severity: 'information' }]);
    expect(problems.some(({ rule }) => rule === 'DuplicateAddress')).toBe(false);
    expect(verdict).not.toBe('unknown');
  });
});

test('a free name that the object has elsewhere is proposed, but not beside itself', () => {
  const there = [user('Old', { mail: 'info@contoso.com' })];
  const wanted = joiner({
    ...names,
    sAMAccountName: 'anna',
    userPrincipalName: 'anna.berg@contoso.com',
    mail: 'info@contoso.com',
    proxyAddresses: ['SMTP:anna.berg@contoso.com', 'smtp:info@contoso.com'],
  });
  const [problem] = tellOne(wanted, { there }).problems;
  expect(problem?.inputs?.map(({ proposal }) => proposal)).toEqual(['info2@contoso.com', 'smtp:info2@contoso.com']);
  const withoutAliases = joiner({
    ...names,
    sAMAccountName: 'anna',
    userPrincipalName: 'anna.berg@contoso.com',
    mail: 'info@contoso.com',
  });
  expect(tellOne(withoutAliases, { there }).problems[0]?.proposal).toBe('anna.berg@contoso.com');
});

describe('what could not be asked', () => {
  test('makes the answer unknown, and takes proposals away that it could spoil', () => {
    const answer = tellOne(anna, { unanswered: () => [noAnswer] });
    expect(answer).toEqual({ key: 'joiner', verdict: 'unknown', problems: [], unknowns: [noAnswer] });

    const broken = joiner({
      userPrincipalName: 'anna berg@contoso.com',
      displayName: 'x'.repeat(300),
      sAMAccountName: 'anna',
    });
    const told = tellOne(broken, { unanswered: () => [noAnswer] });
    expect(told.verdict).toBe('problems');
    expect(told.unknowns).toEqual([noAnswer]);
    expect(told.problems.find(({ attribute }) => attribute === 'userPrincipalName')?.proposal).toBeUndefined();
  });

  test('of a free candidate alone leaves the problem without a proposal', () => {
    const { problems } = tellOne(anna, {
      there: [user('Old', { mail: 'anna@contoso.com' })],
      unanswered: ({ text }) => (text === 'anna.berg@contoso.com' ? [noAnswer] : []),
    });
    expect(problems).toMatchObject([{ rule: 'DuplicateAddress' }]);
    expect(problems[0]).not.toHaveProperty('proposal');
  });

  test('of the domains of the tenant: nothing in a domain is proposed', () => {
    const domains = { what: 'verified domains', because: 'HTTP 403', remedy: 'Grant Domain.Read.All.' };
    const { problems, unknowns } = tellOne(anna, {
      there: [user('Old', { mail: 'anna@contoso.com' })],
      domains,
      settings: { verifiedDomains: null, initialDomain: null },
    });
    expect(unknowns).toEqual([domains]);
    expect(problems[0]).not.toHaveProperty('proposal');
  });
});

describe('a mover', () => {
  const now = user('Anna Berg', {
    userPrincipalName: 'anna@contoso.com',
    mail: 'anna@contoso.com',
    proxyAddresses: ['SMTP:anna@contoso.com'],
  });
  const twin = cloud(
    'Anna Berg',
    { mail: 'anna@contoso.com', proxyAddresses: ['SMTP:anna@contoso.com', 'smtp:anna@contoso.onmicrosoft.com'] },
    { kind: 'synchronised', onPremisesImmutableId: immutableIdOf(now.objectGUID ?? '') ?? '' },
  );
  const self = found(now, { others: [twin] });

  test('is asked about new values alone, and never collides with herself or her twin', () => {
    const wanted = mover({
      mail: 'anna.berg@contoso.com',
      proxyAddresses: ['SMTP:anna.berg@contoso.com', 'smtp:anna@contoso.com', 'smtp:anna@contoso.onmicrosoft.com'],
    });
    const { answers, asked } = tell([wanted], { there: [now, twin], selves: [self] });
    expect(answers).toMatchObject([{ verdict: 'clear', problems: [] }]);
    expect(asked).toEqual(['0 anna.berg@contoso.com']);
  });

  test('collides with the one who has the new value', () => {
    const there = [now, twin, user('Bo', { mail: 'anna.berg@contoso.com' })];
    expect(tellOne(mover({ mail: 'anna.berg@contoso.com' }), { there, selves: [self] }).problems).toMatchObject([
      { attribute: 'mail', value: 'anna.berg@contoso.com', holders: [{ name: 'Bo' }] },
    ]);
  });

  test('who is synchronised takes nobody over; who is not yet does', () => {
    const there = [cloud('Anna B', { proxyAddresses: ['SMTP:new@contoso.com'] })];
    const wanted = mover({ proxyAddresses: ['SMTP:new@contoso.com'] });
    expect(tellOne(wanted, { there, selves: [self] }).problems).toMatchObject([{ rule: 'DuplicateAddress' }]);
    const notYet = found(now, { synchronised: false });
    expect(tellOne(wanted, { there, selves: [notYet] }).problems).toMatchObject([{ rule: 'WouldSoftMatch' }]);
  });

  test('is held against the rules with what changes only', () => {
    const odd = { ...now, displayName: 'x'.repeat(300) };
    expect(tellOne(mover({ sn: 'Bach' }), { selves: [found(odd)] }).verdict).toBe('clear');
    expect(tellOne(mover({ userPrincipalName: null }), { selves: [found(now)] }).problems).toMatchObject([
      { rule: 'AccountNameAbsent', value: null },
    ]);
  });

  test('of Entra alone is held against the rules and the others as well', () => {
    const cloudOnly = cloud('Anna Berg', { userPrincipalName: 'anna@contoso.com' });
    const there = [cloudOnly, cloud('Bo', { userPrincipalName: 'bo@contoso.com' })];
    const change = mover({ userPrincipalName: 'bo@contoso.com' });
    expect(tellOne(change, { there, selves: [found(cloudOnly)] }).problems).toMatchObject([
      { rule: 'DuplicateAddress', severity: 'error', holders: [{ name: 'Bo' }] },
    ]);
    const spaced = mover({ userPrincipalName: 'an na@contoso.com' });
    expect(tellOne(spaced, { there, selves: [found(cloudOnly)] }).problems).toMatchObject([
      { rule: 'UserPrincipalNameCharacters', proposal: expect.stringContaining('@contoso.com') },
    ]);
  });

  test('who is not there, or not one, is a problem of its own and nothing else', () => {
    const message = 'There is no object with this objectGUID.';
    expect(
      tellOne(mover({ mail: 'x y@contoso.com' }), { selves: [{ state: 'not one', message }] }).problems,
    ).toMatchObject([{ rule: 'ObjectNotFound', message }]);
  });

  test('who could not be looked for is unknown, with the remedy', () => {
    const told = tellOne(mover({ mail: 'x y@contoso.com' }), {
      selves: [{ state: 'unread' }],
      selfUnknowns: [noAnswer],
    });
    expect(told).toMatchObject({ verdict: 'unknown', problems: [], unknowns: [noAnswer] });
  });

  test('who leaves is told what the account still holds, which is no obstacle', () => {
    const { verdict, problems } = tellOne(mover({ userAccountControl: 514 }), { selves: [self] });
    expect(verdict).toBe('clear');
    expect(problems).toMatchObject([{ rule: 'DisabledAccountWithAddresses', severity: 'information' }]);
  });
});

describe('objects of one request', () => {
  const second = { ...anna, key: 'second' };

  test('collide with each other, and are promised different values', () => {
    const { answers } = tell([anna, second]);
    expect(answers.map(({ problems }) => problems[0])).toMatchObject([
      { message: expect.stringContaining('(second of this request)'), proposal: 'anna.berg@contoso.com' },
      { message: expect.stringContaining('(joiner of this request)'), proposal: 'anna2@contoso.com' },
    ]);
  });

  test('that are judged in another part count too, with what they were promised', () => {
    const { answers } = tell([anna, second], { places: [1], promised: new Map([['0 anna.berg@contoso.com', 0]]) });
    expect(answers[0]?.problems[0]).toMatchObject({
      holders: [{ side: 'this request', id: 'joiner' }],
      proposal: 'anna2@contoso.com',
    });
  });

  test('may pass a value on, but not at once', () => {
    const now = user('Bo', { mail: 'anna@contoso.com' });
    const { answers } = tell([anna, mover({ mail: 'bo@contoso.com' })], {
      there: [now],
      selves: [{ state: 'new', occupant: null }, found(now)],
    });
    expect(answers[0]?.problems).toMatchObject([
      { rule: 'ReleasedInSameRequest', severity: 'warning', message: expect.stringContaining('until its own change') },
      ...(answers[0]?.problems.slice(1) ?? []),
    ]);
    expect(answers[1]?.verdict).toBe('clear');
  });
});

test('addresses of other kinds collide among themselves', () => {
  const wanted = joiner({
    displayName: 'A',
    sAMAccountName: 'a',
    userPrincipalName: 'a@contoso.com',
    proxyAddresses: ['sip:anna@contoso.com', 'X500:/o=Ex/cn=anna'],
  });
  const there = [
    make('user', { displayName: 'Sip', proxyAddresses: ['SIP:anna@contoso.com'] }),
    make('user', { displayName: 'X', proxyAddresses: ['x500:/o=ex/cn=ANNA'] }),
    make('user', { displayName: 'Mail', mail: 'anna@contoso.com' }),
  ];
  const { problems } = tellOne(wanted, { there });
  expect(problems.map(({ rule, value, holders = [] }) => [rule, value, holders.map(({ name }) => name)])).toEqual([
    ['DuplicateSipAddress', 'sip:anna@contoso.com', ['Sip']],
    ['DuplicateAddress', 'X500:/o=Ex/cn=anna', ['X']],
  ]);
  expect(problems[0]?.proposal).toBe('sip:a@contoso.com');
});

test('every proposal passes the rules of its attribute', () => {
  const there = [user('Old', { mail: 'anna@contoso.com', mailNickname: 'anna', sAMAccountName: 'anna' })];
  const wanted = joiner({
    ...names,
    sAMAccountName: 'anna',
    mailNickname: 'anna',
    userPrincipalName: 'anna@contoso.com',
    proxyAddresses: ['SMTP:anna@contoso.com'],
  });
  const inputs = tellOne(wanted, { there }).problems.flatMap(({ inputs = [] }) => inputs);
  expect(inputs.map(({ attribute }) => attribute).sort()).toEqual([
    'mailNickname',
    'proxyAddresses',
    'sAMAccountName',
    'userPrincipalName',
  ]);
  for (const { attribute, proposal = '' } of inputs) {
    const object = { ...wanted.values, [attribute]: attribute === 'proxyAddresses' ? [proposal] : proposal };
    const broken = entraRules.filter(
      (rule) => rule.meta.attribute === attribute && rule.check(proposal, object, contoso),
    );
    expect([attribute, proposal, broken.map(({ meta }) => meta.code)]).toEqual([
      attribute,
      expect.stringMatching(/.+/),
      [],
    ]);
  }
});
