import { describe, expect, it } from 'vitest';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import { readAuditObject } from '../../src/audit/read-object.ts';

const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
const guidOctets = Uint8Array.from('ff19966f868b11d0b42d00c04fc964ff'.match(/../g) ?? [], (digits) =>
  Number.parseInt(digits, 16),
);
const sidOctets = Uint8Array.from([1, 2, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0xe9, 3, 0, 0]);

const objectOf = (record: Record<string, unknown>) => readAuditObject(record).object;
const problemsOf = (record: Record<string, unknown>) => readAuditObject(record).problems;

describe('a record read for the audit', () => {
  it('may spell names in any casing and have one objectClass as text', () => {
    const { object, problems } = readAuditObject({
      objectClass: 'user',
      CN: 'Ada',
      mailNickName: 'ada',
      PROXYADDRESSES: ['SMTP:ada@contoso.com'],
      groupType: '-2147483646',
    });
    expect(problems).toEqual([]);
    expect(object).toEqual({
      objectClass: ['user'],
      cn: 'Ada',
      mailNickname: 'ada',
      proxyAddresses: ['SMTP:ada@contoso.com'],
      groupType: -2147483646,
    });
  });

  it('that was written from an audit object is read back as it was', () => {
    const object: AuditObject = {
      origin: { side: 'active-directory', forest: 'contoso.com', domainController: 'dc1.contoso.com' },
      distinguishedName: 'CN=Ada,DC=contoso,DC=com',
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      cn: 'Ada',
      displayName: '',
      proxyAddresses: ['SMTP:ada@contoso.com', 'sip:ada@contoso.com'],
      objectGUID: guid,
      'mS-DS-ConsistencyGuid': '/xmWb4aLEdC0LQDAT8lk/w==',
      objectSid: 'S-1-5-21-1001',
      userAccountControl: 512,
      isCriticalSystemObject: false,
      msExchRecipientTypeDetails: '2147483648',
      lastLogonTimestamp: '2026-11-22T08:15:00.000Z',
      valueCounts: { member: 2000 },
      octetCounts: { thumbnailPhoto: 90_000 },
      others: { description: ['First programmer'] },
    };
    expect(readAuditObject(JSON.parse(JSON.stringify(object)))).toEqual({ object, problems: [] });
  });

  it('keeps a blank value apart from an absent one', () => {
    expect(objectOf({ objectClass: 'user', displayName: '', mail: null, sn: [] })).toEqual({
      objectClass: ['user'],
      displayName: '',
      proxyAddresses: [],
    });
  });

  it('keeps a U+FEFF at the beginning of a value', () => {
    const octets = new TextEncoder().encode('\uFEFFAda');
    expect(objectOf({ objectClass: 'user', displayName: octets }).displayName).toBe('\uFEFFAda');
  });

  it.each([
    ['dashed, in upper case and braces', `{${guid.toUpperCase()}}`, guid],
    ['octets as Active Directory stores them', guidOctets, guid],
    ['the same in Base64', '/xmWb4aLEdC0LQDAT8lk/w==', guid],
    ["PowerShell's array of numbers", [...guidOctets], guid],
  ])('reads a GUID: %s', (_, given, expected) => {
    expect(objectOf({ objectClass: 'user', objectGUID: given }).objectGUID).toBe(expected);
  });

  it.each([
    ['Base64', '/xmWb4aLEdC0LQDAT8lk/w=='],
    ['octets', guidOctets],
    ['dashed', guid],
  ])('gives mS-DS-ConsistencyGuid as Base64: %s', (_, given) => {
    expect(objectOf({ objectClass: 'user', 'ms-ds-consistencyguid': given })['mS-DS-ConsistencyGuid']).toBe(
      '/xmWb4aLEdC0LQDAT8lk/w==',
    );
  });

  it.each([
    ['text', 's-1-5-21-1001'],
    ['octets', sidOctets],
    ['as ConvertTo-Json writes it', { BinaryLength: 16, AccountDomainSid: null, Value: 'S-1-5-21-1001' }],
    ['Base64', btoa(String.fromCharCode(...sidOctets))],
  ])('reads a SID: %s', (_, given) => {
    expect(objectOf({ objectClass: 'user', SID: given }).objectSid).toBe('S-1-5-21-1001');
  });

  it.each([
    ['generalized time', '20261122081500.0Z'],
    ['FILETIME', '134398089000000000'],
    ['ISO 8601', '2026-11-22T09:15:00+01:00'],
    ['of Windows PowerShell', `/Date(${Date.UTC(2026, 10, 22, 8, 15)})/`],
  ])('reads a time: %s', (_, given) => {
    expect(objectOf({ objectClass: 'user', whenCreated: given }).whenCreated).toBe('2026-11-22T08:15:00.000Z');
  });

  it.each(['0', 0, '9223372036854775807', 2 ** 63])('takes the FILETIME %s for never', (given) => {
    expect(readAuditObject({ objectClass: 'user', lastLogonTimestamp: given })).toEqual({
      object: { objectClass: ['user'], proxyAddresses: [] },
      problems: [],
    });
  });

  it('takes the names of Get-ADUser, and its own where a record has both', () => {
    expect(
      objectOf({ objectClass: 'user', Name: 'Ada', Surname: 'Lovelace', EmailAddress: 'ada@contoso.com' }),
    ).toEqual({
      objectClass: ['user'],
      cn: 'Ada',
      sn: 'Lovelace',
      mail: 'ada@contoso.com',
      proxyAddresses: [],
    });
    expect(readAuditObject({ objectClass: 'user', name: 'Ada L.', cn: 'Ada' })).toEqual({
      object: { objectClass: ['user'], cn: 'Ada', proxyAddresses: [] },
      problems: [],
    });
  });

  it('keeps of certificates and photos only how many and how big', () => {
    const { valueCounts, octetCounts } = objectOf({
      objectClass: 'user',
      'userCertificate;binary': [guidOctets, guidOctets],
      thumbnailPhoto: btoa('four'),
    });
    expect({ valueCounts, octetCounts }).toEqual({
      valueCounts: { userCertificate: 2 },
      octetCounts: { thumbnailPhoto: 4 },
    });
  });

  it('adds up the ranges of a group of 2,000', () => {
    const members = Array.from({ length: 1500 }, (_, number) => `CN=${number},DC=contoso,DC=com`);
    const record = {
      objectClass: 'group',
      'member;range=0-1499': members,
      'member;range=1500-*': members.slice(0, 500),
    };
    expect(readAuditObject(record)).toEqual({
      object: { objectClass: ['group'], proxyAddresses: [], valueCounts: { member: 2000 } },
      problems: [],
    });
  });

  it('says when the last range is missing', () => {
    expect(problemsOf({ objectClass: 'group', 'member;range=0-1499': ['CN=a', 'CN=b'] })).toEqual([
      {
        field: 'member;range=0-1499',
        message: 'stops after 2 values; how many there are is not in the input',
      },
    ]);
  });

  it('keeps the attribute that objects are matched by, and no unknown one', () => {
    const record = { objectClass: 'user', contosoPersonId: '4711', favouriteColour: 'blue', description: 'x' };
    expect(readAuditObject(record, ['contosoPersonID']).object.others).toEqual({
      contosoPersonID: ['4711'],
      description: ['x'],
    });
  });

  it('that names inetOrgPerson alone is a user', () => {
    expect(objectOf({ objectClass: 'inetOrgPerson' }).objectClass).toEqual(['user', 'inetOrgPerson']);
  });

  it('without objectClass is what its attributes tell', () => {
    expect(objectOf({ groupType: 2 }).objectClass).toEqual(['group']);
    expect(objectOf({ userPrincipalName: 'ada@contoso.com' }).objectClass).toEqual(['user']);
    expect(readAuditObject({ mail: 'ada@contoso.com' })).toMatchObject({
      object: { objectClass: [] },
      problems: [{ field: 'objectClass', message: 'is missing, so it is not known what the object is' }],
    });
  });
});

describe('a value that cannot be read costs the value, not the object', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['octets that are no UTF-8', { displayName: Uint8Array.from([0x41, 0xe4]) }, 'is not valid UTF-8'],
    ['a GUID that is none', { objectGUID: 'none' }, "'none' is not a GUID"],
    ['a GUID cut short', { objectGUID: guidOctets.slice(0, 7) }, 'has 7 octets; a GUID has 16'],
    ['a SID that is none', { objectSid: Uint8Array.from([1, 2, 3]) }, 'has 3 octets that are no SID'],
    ['a time of one country', { whenCreated: '11/22/2026 8:15 AM' }, "'11/22/2026 8:15 AM' is not a time"],
    ['a number that is none', { groupType: 'universal' }, "'universal' is not a whole number"],
    ['a truth that is none', { isCriticalSystemObject: 'perhaps' }, "'perhaps' is not TRUE or FALSE"],
    ['an object for text', { mail: { address: 'x' } }, 'is no text'],
    ['a list for an origin', { origin: [] }, 'is no object'],
    ['an origin of nowhere', { origin: { side: 'mars' } }, 'lacks a side (active-directory, entra)'],
    ['an origin without its forest', { origin: { side: 'active-directory' } }, 'lacks a forest'],
    ['an origin without its id', { origin: { side: 'entra', kind: 'guest' } }, 'lacks an id'],
    ['an origin of no kind', { origin: { side: 'entra', id: '1', kind: 'alien' } }, 'lacks a kind (cloud-only, guest'],
    [
      'an origin whose quarantine is no list',
      { origin: { side: 'entra', id: '1', kind: 'synchronised', quarantined: 'mail' } },
      'lacks quarantined values as a list',
    ],
  ])('%s', (_, field, message) => {
    const { object, problems } = readAuditObject({ objectClass: 'user', cn: 'Ada', ...field });
    const [name = ''] = Object.keys(field);
    const unreadable = name === 'origin' ? {} : { unreadable: [name] };
    expect(object).toEqual({ objectClass: ['user'], cn: 'Ada', proxyAddresses: [], ...unreadable });
    expect(problems).toEqual([{ field: name, message: expect.stringContaining(message) }]);
    expect(readAuditObject(JSON.parse(JSON.stringify(object)))).toEqual({ object, problems: [] });
  });

  it('takes a value from another field of the attribute', () => {
    const { object } = readAuditObject({ objectClass: 'user', MAIL: Uint8Array.from([0xff]), mail: 'a@contoso.com' });
    expect(object).toEqual({ objectClass: ['user'], mail: 'a@contoso.com', proxyAddresses: [] });
  });

  it('keeps an anchor of another length than that of a GUID: a rule says what is wrong with it', () => {
    const anchor = { 'mS-DS-ConsistencyGuid': 'AQIDBA==' };
    const expected = { object: { objectClass: ['user'], proxyAddresses: [], ...anchor }, problems: [] };
    expect(readAuditObject({ objectClass: 'user', ...anchor })).toEqual(expected);
    const octets = Uint8Array.from([1, 2, 3, 4]);
    expect(readAuditObject({ objectClass: 'user', 'mS-DS-ConsistencyGuid': octets })).toEqual(expected);
  });

  it('says that Export-Csv wrote the name of a type', () => {
    const given = 'Microsoft.ActiveDirectory.Management.ADPropertyValueCollection';
    expect(readAuditObject({ objectClass: 'user', proxyAddresses: given })).toEqual({
      object: { objectClass: ['user'], proxyAddresses: [], unreadable: ['proxyAddresses'] },
      problems: [
        {
          field: 'proxyAddresses',
          message: `holds '${given}', the name of a PowerShell type, not the values; export them joined with ';'`,
        },
      ],
    });
  });

  it('keeps the good ones of several values', () => {
    const { object, problems } = readAuditObject({
      objectClass: 'user',
      proxyAddresses: ['SMTP:ada@contoso.com', Uint8Array.from([0xff])],
    });
    expect(object.proxyAddresses).toEqual(['SMTP:ada@contoso.com']);
    expect(problems).toEqual([{ field: 'proxyAddresses', message: 'is not valid UTF-8' }]);
  });

  it('reads the first of several values where one is possible, and says so', () => {
    const { object, problems } = readAuditObject({ objectClass: 'user', mail: ['a@contoso.com', 'b@contoso.com'] });
    expect(object.mail).toBe('a@contoso.com');
    expect(problems).toEqual([{ field: 'mail', message: 'has 2 values where one is possible; the first is read' }]);
  });

  it('reads the first of one name in two spellings, and says so', () => {
    const { object, problems } = readAuditObject({ objectClass: 'user', mail: 'a@contoso.com', Mail: 'b@contoso.com' });
    expect(object.mail).toBe('a@contoso.com');
    expect(problems).toEqual([{ field: 'Mail', message: 'is given twice; the first is read' }]);
  });
});
