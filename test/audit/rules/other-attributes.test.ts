import { describe, expect, test } from 'vitest';
import { anna, codesOf, contact, group, theFinding } from './finding.ts';

const long = (count: number) => 'x'.repeat(count);

describe('targetAddress', () => {
  const sent = (targetAddress: string) => ({ ...contact, targetAddress });

  test.each(["smtp:o'neil@partner.inc", 'carl@xn--mller-kva.de', "X400:c=DE;a= ;s=O'Neil", 'X500:/o=Contoso (x)/cn=y'])(
    '%s passes',
    (address) => {
      expect(codesOf(sent(address))).toEqual([]);
    },
  );

  test.each([
    ['TargetAddressCharacters', 'SMTP:ca rl@partner.net', 'space', 'SMTP:carl@partner.net'],
    ['TargetAddressCharacters', 'SMTP:ca\\rl@partner.net', '"\\" (U+005C)', 'SMTP:carl@partner.net'],
    ['TargetAddressCharacters', 'SMTP:jörg@partner.net', '"ö" (U+00F6)', 'SMTP:jorg@partner.net'],
    ['TargetAddressFormat', 'SMTP:carl', 'it has no @', undefined],
    ['TargetAddressFormat', 'SMTP:c:arl@partner.net', 'a second colon', 'SMTP:carl@partner.net'],
    ['TargetAddressFormat', 'SMTP:smtp:carl@partner.net', 'a second colon', 'SMTP:carl@partner.net'],
    ['TargetAddressLength', `SMTP:carl@${'x.'.repeat(120)}partner.net`, '256', undefined],
  ])('%s: %s', (code, address, reason, proposal) => {
    const found = theFinding(code, sent(address));
    expect(found.message).toContain(reason);
    expect(found.proposals).toEqual(proposal === undefined ? [] : [proposal]);
  });
});

describe('mailNickname', () => {
  const called = (mailNickname: string) => ({ ...anna, mailNickname });

  test.each(["o'neil", 'a.b-c_d', long(64)])('%s passes', (alias) => {
    expect(codesOf(called(alias))).toEqual([]);
  });

  test.each([
    ['MailNicknameLength', long(65), '65 characters; the most is 64', long(62)],
    ['MailNicknamePeriods', '.anna', 'starts or ends with a full stop', 'anna'],
    ['MailNicknamePeriods', 'anna.', 'starts or ends with a full stop', 'anna'],
    ['MailNicknamePeriods', '...', 'starts or ends with a full stop', 'anna.berg'],
    ['MailNicknameCharacters', 'anna@contoso', '"@" (U+0040)', 'annacontoso'],
    ['MailNicknameCharacters', 'jörg', '"ö" (U+00F6)', 'jorg'],
    ['MailNicknameBlank', ' ', 'no letter', 'anna.berg'],
  ])('%s: %s', (code, alias, reason, proposal) => {
    const found = theFinding(code, called(alias));
    expect(found.message).toContain(reason);
    expect(found.proposals[0]).toBe(proposal);
    expect(codesOf(called(alias))).toEqual([code]);
  });
});

describe('sAMAccountName', () => {
  const { userPrincipalName: _name, ...nameless } = anna;
  const account = (sAMAccountName: string) => ({ ...nameless, sAMAccountName });

  test('is not used, and so passes, while the UPN is good', () => {
    expect(codesOf({ ...anna, sAMAccountName: `${long(30)}*'` })).toEqual([]);
  });

  test.each([
    ['SamAccountNameLength', long(21), 'the most is 20', long(19)],
    ['SamAccountNameCharacters', "o'neil", '"\'" (U+0027)', 'oneil'],
    ['SamAccountNameCharacters', 'a*b', '"*" (U+002A)', 'ab'],
    ['SamAccountNameCharacters', '???', '"?" (U+003F)', 'anna.berg'],
  ])('%s: %s', (code, name, reason, proposal) => {
    const found = theFinding(code, account(name));
    expect(found.message).toContain(reason);
    expect(found.proposals[0]).toBe(proposal);
  });

  test('of a group may be longer', () => {
    expect(codesOf({ ...group, sAMAccountName: long(64) })).toEqual([]);
  });
});

describe('Names of people', () => {
  test('an absent display name passes: cn takes its place', () => {
    const { displayName: _display, ...bare } = anna;
    expect(codesOf(bare)).toEqual([]);
  });

  test.each([
    ['DisplayNameBlank', { displayName: '' }, 'Anna Berg'],
    ['DisplayNameBlank', { displayName: ' \u00a0' }, 'Anna Berg'],
    ['DisplayNameLength', { displayName: long(257) }, long(256)],
    ['DisplayNameLength', { displayName: `${long(255)}😀` }, long(255)],
    ['GivenNameLength', { givenName: long(65) }, long(64)],
    ['SurnameLength', { sn: long(65) }, long(64)],
  ])('%s: %j', (code, change, proposal) => {
    expect(theFinding(code, { ...anna, ...change }).proposals[0]).toBe(proposal);
  });

  test('as many characters as Microsoft names pass; IdFix stops one before', () => {
    expect(codesOf({ ...anna, displayName: long(256), givenName: long(64), sn: long(64) })).toEqual([]);
  });
});

describe('Sizes', () => {
  test.each([
    ['CertificateCount', 'userCertificate', 15],
    ['CertificateCount', 'userSMIMECertificate', 15],
    ['GroupMembers', 'member', 250_000],
    ['LargeGroup', 'member', 50_000],
  ])('%s: %s, at most %i', (code, attribute, most) => {
    const holding = (count: number) => ({ ...group, valueCounts: { [attribute]: count } });
    expect(codesOf(holding(most))).not.toContain(code);
    const found = theFinding(code, holding(most + 1));
    expect([found.attribute, found.value, found.proposals]).toEqual([attribute, String(most + 1), []]);
  });

  test('a group is too large once, not twice', () => {
    expect(codesOf({ ...group, valueCounts: { member: 250_001 } })).toEqual(['GroupMembers']);
  });

  test('ThumbnailPhotoSize: at most 100 KB', () => {
    const photo = (thumbnailPhoto: number) => ({ ...anna, octetCounts: { thumbnailPhoto } });
    expect(codesOf(photo(102_400))).toEqual([]);
    expect(codesOf(photo(102_401))).toEqual(['ThumbnailPhotoSize']);
  });

  test.each([
    ['extensionAttribute15', 1024, 'error'],
    ['streetAddress', 1024, 'error'],
    ['department', 64, 'error'],
    ['description', 448, 'warning'],
  ])('TextLength: %s, at most %i', (attribute, most, severity) => {
    const described = (text: string) => ({ ...anna, others: { [attribute]: [text] } });
    expect(codesOf(described(long(most)))).toEqual([]);
    const found = theFinding('TextLength', described(long(most + 1)));
    expect([found.attribute, found.severity, found.proposals]).toEqual([attribute, severity, [long(most)]]);
  });

  test('TextLength: employeeID, at most 16', () => {
    expect(codesOf({ ...anna, employeeID: long(16) })).toEqual([]);
    expect(codesOf({ ...anna, employeeID: long(17) })).toEqual(['TextLength']);
  });
});

describe('Source anchors', () => {
  const { objectGUID: _guid, ...anchorless } = anna;
  const anchor = 'MyIRAFVEd2aImaq7zN3u/w==';

  test('SourceAnchorAbsent: neither GUID', () => {
    const found = theFinding('SourceAnchorAbsent', anchorless);
    expect([found.attribute, found.value, found.proposals]).toEqual(['objectGUID', null, []]);
    expect(codesOf({ ...anchorless, 'mS-DS-ConsistencyGuid': anchor })).toEqual([]);
  });

  test('SourceAnchorMalformed: not 16 octets, or not a GUID', () => {
    expect(codesOf({ ...anna, 'mS-DS-ConsistencyGuid': anchor })).toEqual([]);
    expect(codesOf({ ...anna, 'mS-DS-ConsistencyGuid': 'QUJD' })).toEqual(['SourceAnchorMalformed']);
    expect(codesOf({ ...anna, objectGUID: 'QUJD' })).toEqual(['SourceAnchorMalformed']);
  });

  test('mS-DS-ConsistencyGuid of a group is no anchor', () => {
    expect(codesOf({ ...group, 'mS-DS-ConsistencyGuid': 'QUJD' })).toEqual([]);
  });
});

describe('Leavers', () => {
  const disabled = { ...anna, userAccountControl: 514 };
  const silent = { ...anna, lastLogonTimestamp: '2026-08-01T00:00:00Z' };
  const bare = { mail: '', mailNickname: 'anna', proxyAddresses: [] };

  test('DisabledAccountWithAddresses: what it holds is said', () => {
    const found = theFinding('DisabledAccountWithAddresses', disabled);
    expect([found.severity, found.value]).toEqual(['information', '514']);
    expect(found.message).toContain('still has 2 addresses');
  });

  test('InactiveAccountWithAddresses: longer than the settings say', () => {
    expect(theFinding('InactiveAccountWithAddresses', silent).message).toContain('2026-08-01');
    expect(codesOf({ ...anna, lastLogonTimestamp: '2026-08-25T00:00:00Z' })).toEqual([]);
    expect(codesOf({ ...anna, lastLogonTimestamp: 'no time' })).toEqual([]);
  });

  test('a disabled account is not called inactive as well', () => {
    expect(codesOf({ ...silent, userAccountControl: 514 })).toEqual(['DisabledAccountWithAddresses']);
  });

  test.each(['2', '4', '16', '32', '8589934592', '17179869184', '34359738368'])(
    'nobody signs in to a recipient of type %s',
    (msExchRecipientTypeDetails) => {
      expect(codesOf({ ...disabled, msExchRecipientTypeDetails })).toEqual([]);
      expect(codesOf({ ...silent, msExchRecipientTypeDetails })).toEqual([]);
    },
  );

  test('an account without addresses is nobody’s concern', () => {
    const { mail: _mail, ...without } = { ...disabled, ...bare };
    expect(codesOf(without)).toEqual([]);
  });

  test('InactiveAccountWithLicence: in Entra a licence counts, and addresses only where they are mastered', () => {
    const entra = (kind: 'cloud-only' | 'synchronised' | 'soft-deleted', licensed: boolean) =>
      ({ side: 'entra', id: 'x', kind, licensed, lastSignIn: '2026-01-01T00:00:00Z' }) as const;
    const say = (kind: Parameters<typeof entra>[0], licensed: boolean) =>
      codesOf({ ...anna, origin: entra(kind, licensed) });
    expect(say('synchronised', true)).toEqual(['InactiveAccountWithLicence']);
    expect(say('synchronised', false)).toEqual([]);
    expect(say('cloud-only', false)).toEqual(['InactiveAccountWithLicence']);
    expect(say('soft-deleted', true)).toEqual([]);
  });
});
