import { expect, test } from 'vitest';
import { entraRules } from '../../src/audit/index.ts';
import { audit, cloud, holderNames, make, theFinding, user } from './organisation.ts';

test('one address as UPN of a user, mail of a contact and alias of a group is one finding with all three', () => {
  const finding = theFinding([
    user('Anna', { userPrincipalName: 'Info@contoso.com' }),
    make('contact', { displayName: 'Carl', mail: 'info@contoso.com', targetAddress: 'SMTP:carl@partner.example' }),
    make('group', { displayName: 'Sales', proxyAddresses: ['SMTP:sales@contoso.com', 'smtp:INFO@contoso.com '] }),
  ]);
  expect(finding).toMatchObject({
    rule: 'DuplicateAddress',
    severity: 'error',
    object: { name: 'Anna' },
    attribute: 'userPrincipalName',
    value: 'Info@contoso.com',
    message: 'The address info@contoso.com belongs to Anna, Carl and Sales.',
  });
  expect(finding.holders?.map(({ inputs }) => inputs)).toEqual([
    [{ attribute: 'userPrincipalName', value: 'Info@contoso.com' }],
    [{ attribute: 'mail', value: 'info@contoso.com' }],
    [{ attribute: 'proxyAddresses', value: 'smtp:INFO@contoso.com ' }],
  ]);
});

test('every input of a holder is named: removing one alone releases nothing', () => {
  const finding = theFinding([
    user('Anna', {
      userPrincipalName: 'a@contoso.com',
      mail: 'a@contoso.com',
      proxyAddresses: ['SMTP:a@contoso.com'],
      targetAddress: 'SMTP:a@contoso.com',
    }),
    user('Bert', { proxyAddresses: ['smtp:a@contoso.com'] }),
  ]);
  expect(finding.holders?.[0]?.inputs.map(({ attribute }) => attribute)).toEqual([
    'userPrincipalName',
    'mail',
    'proxyAddresses',
    'targetAddress',
  ]);
});

test('what one object claims several times is no duplicate', () => {
  const one = user('Anna', {
    userPrincipalName: 'a@contoso.com',
    mail: 'A@contoso.com',
    proxyAddresses: ['SMTP:a@contoso.com', 'smtp:A@CONTOSO.COM'],
  });
  expect(audit([one, user('Bert', { mail: 'b@contoso.com' })])).toEqual([]);
});

test('forests and domains do not matter to an address', () => {
  const finding = theFinding([
    user('Anna', { mail: 'info@contoso.com' }, 'contoso.com'),
    user('Bert', { mail: 'info@contoso.com' }, 'fabrikam.com'),
  ]);
  expect(finding.rule).toBe('DuplicateAddress');
});

test('a SIP address is compared with SIP addresses only', () => {
  const anna = user('Anna', { proxyAddresses: ['sip:a@contoso.com'] });
  expect(audit([anna, user('Bert', { proxyAddresses: ['smtp:a@contoso.com'] })])).toEqual([]);
  const sip = { 'msRTCSIP-PrimaryUserAddress': ['sip:A@contoso.com'] };
  expect(theFinding([anna, user('Carl', { others: sip })])).toMatchObject({
    rule: 'DuplicateSipAddress',
    message: 'The SIP address a@contoso.com belongs to Anna and Carl.',
  });
});

test('of an X500 address the whole value counts', () => {
  const anna = user('Anna', { proxyAddresses: ['X500:/o=Contoso/cn=anna'] });
  expect(audit([anna, user('Bert', { proxyAddresses: ['x400:/o=Contoso/cn=anna'] })])).toEqual([]);
  expect(theFinding([anna, user('Carl', { proxyAddresses: ['x500:/O=contoso/cn=Anna'] })]).rule).toBe(
    'DuplicateAddress',
  );
});

test('an alias that several objects have is a warning', () => {
  expect(theFinding([user('Anna', { mailNickname: 'info' }), user('Bert', { mailNickname: 'INFO' })])).toMatchObject({
    rule: 'DuplicateMailNickname',
    severity: 'warning',
    attribute: 'mailNickname',
    value: 'info',
  });
});

test('an account name counts only without a UPN, and within one domain', () => {
  const at = (domain: string) => ({ sAMAccountName: 'anna', distinguishedName: `CN=Anna,OU=People,${domain}` });
  const one = user('Anna', at('DC=contoso,DC=com'));
  expect(audit([one, user('Bert', at('DC=eu,DC=contoso,DC=com'))])).toEqual([]);
  expect(audit([one, user('Bert', { ...at('DC=contoso,DC=com'), userPrincipalName: 'b@contoso.com' })])).toEqual([]);
  expect(theFinding([one, user('Bert', at('dc=contoso,dc=com'))])).toMatchObject({
    rule: 'DuplicateSamAccountName',
    attribute: 'sAMAccountName',
    value: 'anna',
  });
});

test('one source anchor twice in a forest, in whatever form it is stored', () => {
  const anna = user('Anna', { objectGUID: '897485c7-81a7-42eb-97c6-37ed73077b1f' });
  const copied = user('Anna (copy)', { 'mS-DS-ConsistencyGuid': 'x4V0iaeB60KXxjftcwd7Hw==' });
  expect(theFinding([anna, copied])).toMatchObject({
    rule: 'DuplicateSourceAnchor',
    severity: 'error',
    message: 'The source anchor x4V0iaeB60KXxjftcwd7Hw== belongs to Anna and Anna (copy).',
    holders: [
      { inputs: [{ attribute: 'objectGUID' }] },
      { inputs: [{ attribute: 'mS-DS-ConsistencyGuid', value: 'x4V0iaeB60KXxjftcwd7Hw==' }] },
    ],
  });
});

test('an account made anew has the SID of a cloud object with another anchor', () => {
  const anna = user('Anna', { objectSid: 'S-1-5-21-1-2-3-1001' });
  const old = cloud(
    'Anna',
    { objectSid: 'S-1-5-21-1-2-3-1001' },
    { kind: 'synchronised', onPremisesImmutableId: 'x4V0iaeB60KXxjftcwd7Hw==' },
  );
  expect(theFinding([anna, old])).toMatchObject({ rule: 'DuplicateSecurityIdentifier', severity: 'error' });
  expect(theFinding([old, anna])).toMatchObject({
    rule: 'DuplicateSecurityIdentifier',
    object: { origin: anna.origin },
  });
});

test('an alias that a cloud-only user holds too', () => {
  const finding = theFinding([
    user('Anna', { proxyAddresses: ['SMTP:a@contoso.com', 'smtp:info@contoso.com'] }),
    cloud('Bert', {
      userPrincipalName: 'b@contoso.com',
      proxyAddresses: ['SMTP:b@contoso.com', 'smtp:info@contoso.com'],
    }),
  ]);
  expect(finding).toMatchObject({ rule: 'DuplicateAddress', severity: 'error' });
  expect(holderNames(finding)).toEqual(['Anna', 'Bert']);
});

test('a contact takes the address from a guest, who loses it silently', () => {
  expect(
    theFinding([
      make('contact', {
        displayName: 'Gina',
        mail: 'gina@partner.example',
        proxyAddresses: ['SMTP:gina@partner.example'],
      }),
      cloud('Gina', { mail: 'gina@partner.example' }, { kind: 'guest' }),
    ]),
  ).toMatchObject({
    rule: 'DuplicateAddress',
    severity: 'warning',
    message: expect.stringContaining('Entra takes it from the guest'),
    remedy: expect.stringContaining('neither rename nor delete the guest'),
  });
});

test('a guest against a user is an error as any other', () => {
  const finding = theFinding([
    user('Gina', { mail: 'gina@contoso.com' }),
    cloud('Gina', { mail: 'gina@contoso.com' }, { kind: 'guest' }),
  ]);
  expect(finding).toMatchObject({ severity: 'error' });
});

test('the addresses of a soft-deleted user may count or not, and the finding says so', () => {
  const deleted = cloud(
    'Old Anna',
    { userPrincipalName: '99999999000000000000000000000000a@contoso.com', proxyAddresses: ['SMTP:a@contoso.com'] },
    { kind: 'soft-deleted' },
  );
  const finding = theFinding([user('Anna', { mail: 'a@contoso.com' }), deleted]);
  expect(finding).toMatchObject({
    rule: 'DuplicateAddress',
    severity: 'warning',
    message: expect.stringContaining('it is not known whether the deleted one still counts'),
  });
  expect(holderNames(finding)).toEqual([
    'Anna',
    '(Old Anna: soft-deleted: whether Entra still counts its values is not known)',
  ]);
});

test('the UPN of a soft-deleted user is free', () => {
  const deleted = cloud('Old Anna', { userPrincipalName: 'a@contoso.com' }, { kind: 'soft-deleted' });
  expect(audit([user('Anna', { userPrincipalName: 'a@contoso.com' }), deleted])).toEqual([]);
});

test('beside an alternate login id the UPN of Active Directory does not reach Entra', () => {
  const twins = [
    user('Anna', { userPrincipalName: 'a@contoso.local' }),
    user('Bert', { userPrincipalName: 'a@contoso.local' }, 'fabrikam.com'),
  ];
  expect(audit(twins, { settings: { userNameAttribute: 'mail' } })).toEqual([]);
  expect(theFinding(twins).rule).toBe('DuplicateAddress');
});

test('two objects that Entra has already are a warning', () => {
  expect(
    theFinding([cloud('Anna', { mail: 'a@contoso.com' }), cloud('Bert', { mail: 'a@contoso.com' }, { kind: 'guest' })]),
  ).toMatchObject({ severity: 'warning', message: expect.stringContaining('side by side') });
});

test('2,000 holders are one finding whose message names five', () => {
  const many = Array.from({ length: 2_000 }, (_, number) =>
    user(`User ${String(number).padStart(4, '0')}`, { mail: 'all@contoso.com' }),
  );
  const finding = theFinding(many);
  expect(finding.holders).toHaveLength(2_000);
  expect(finding.message).toBe(
    'The address all@contoso.com belongs to User 0000, User 0001, User 0002, User 0003, User 0004 and 1995 more.',
  );
});

test('an object without objectGUID that was read twice is known by its name, and is reported once', () => {
  const anna = {
    objectClass: ['user'],
    distinguishedName: 'CN=Anna, DC=contoso, DC=com',
    displayName: 'Anna',
    userPrincipalName: 'an&na@contoso.com',
    mail: 'anna@contoso.com',
    proxyAddresses: [],
  };
  const rules = { rules: entraRules };
  const findings = audit([anna, { ...anna, distinguishedName: 'cn=Anna,dc=contoso,dc=com' }], rules);
  expect(findings.map(({ rule }) => rule)).toEqual(['UserPrincipalNameCharacters', 'SourceAnchorAbsent']);
  const elsewhere = { origin: { side: 'active-directory', forest: 'other' } as const };
  expect(audit([anna, { ...anna, ...elsewhere }]).map(({ rule }) => rule)).toContain('DuplicateAddress');
});

test('a linked mailbox, which has no anchor, and an object of Entra are reported once as well', () => {
  const linked = user('Bert', {
    msExchRecipientTypeDetails: '2',
    userPrincipalName: 'bert@contoso.com',
    mail: 'bert @contoso.com',
  });
  expect(audit([linked, linked], { rules: entraRules }).map(({ rule }) => rule)).toEqual(['MailCharacters']);
  const gone = cloud('Carl', { mail: 'carl@contoso.com', userAccountControl: 2 });
  expect(audit([gone, gone], { rules: entraRules }).map(({ rule }) => rule)).toEqual(['DisabledAccountWithAddresses']);
});

test('an object that was read twice is one object, and is reported once', () => {
  const anna = user('Anna', { mail: 'a@contoso.com', proxyAddresses: ['SMTP:a@contoso.com'] });
  expect(audit([anna, anna])).toEqual([]);
  const bert = user('Bert', { mail: 'a@contoso.com' });
  expect(holderNames(theFinding([anna, bert, anna]))).toEqual(['Anna', 'Bert']);
});

test('blank values and values of nothing claim nothing', () => {
  const blank = { mail: '', userPrincipalName: '', targetAddress: '', mailNickname: '', proxyAddresses: ['smtp:', ''] };
  expect(audit([user('Anna', blank), user('Bert', blank)])).toEqual([]);
});

test('an object is read again only when it needs to be', () => {
  expect(audit([user('Anna', { mail: 'a@contoso.com' })])).toEqual([]);
});

test('an object whose display name is blank goes by its cn', () => {
  const finding = theFinding([
    user(' ', { cn: 'Anna', userPrincipalName: 'anna@contoso.com', mail: 'info@contoso.com' }),
    user('Bert', { userPrincipalName: 'bert@contoso.com', mail: 'info@contoso.com' }),
  ]);
  expect(finding.holders?.map(({ object }) => object.name)).toEqual(['Anna', 'Bert']);
});
