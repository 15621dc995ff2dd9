import { describe, expect, it } from 'vitest';
import type { Complaint } from '../../../src/cli/audit/complaint.ts';
import type { InputRecord } from '../../../src/cli/audit/input.ts';
import { readLdif } from '../../../src/cli/audit/read-ldif.ts';

interface Read {
  readonly records: readonly InputRecord['record'][];
  readonly lines: readonly number[];
  readonly complaints: readonly Complaint[];
}

/** @param chunk octets in a chunk: a value may be cut anywhere */
async function read(text: string | Buffer, chunk = 7): Promise<Read> {
  const complaints: Complaint[] = [];
  const found: InputRecord[] = [];
  const octets = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < octets.length; at += chunk) yield octets.subarray(at, at + chunk);
  }
  for await (const batch of readLdif(chunks(), (complaint) => complaints.push(complaint))) found.push(...batch);
  return { records: found.map(({ record }) => record), lines: found.map(({ line }) => line), complaints };
}

const ada = 'dn: CN=Ada,DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\nmail: ada@contoso.com\n';

describe('LDIF', () => {
  it('is read as ldifde writes it: version, changetype: add, lines that go on, CRLF', async () => {
    const text = [
      'version: 1',
      '',
      '# exported yesterday',
      '# and this comment',
      '  goes on',
      'dn: CN=Ada,OU=People of the north,DC=con',
      ' toso,DC=com',
      'changetype: add',
      'objectClass: user',
      'mail:ada@contoso.com',
      'description:   three spaces before',
      '',
      '',
      'DN: CN=Bob,DC=contoso,DC=com',
      'objectclass: user',
      '',
    ].join('\r\n');
    expect(await read(text)).toEqual({
      records: [
        {
          dn: ['CN=Ada,OU=People of the north,DC=contoso,DC=com'],
          objectClass: ['user'],
          mail: ['ada@contoso.com'],
          description: ['three spaces before'],
        },
        { dn: ['CN=Bob,DC=contoso,DC=com'], objectclass: ['user'] },
      ],
      lines: [6, 14],
      complaints: [],
    });
  });

  it('gives a Base64 value as octets, whatever they are', async () => {
    const { records, complaints } = await read(`${ada}objectGUID:: QUJDREVGR0hJSktMTU5PUA==\ncn:: QWRh\n`);
    expect(records[0]).toMatchObject({ objectGUID: [Buffer.from('ABCDEFGHIJKLMNOP')], cn: [Buffer.from('Ada')] });
    expect(complaints).toEqual([]);
  });

  it('gives what is not valid UTF-8 as octets', async () => {
    const { records } = await read(
      Buffer.concat([Buffer.from(`${ada}sn: L`), Buffer.from([0xf6]), Buffer.from('we\n')]),
    );
    expect(records[0]).toMatchObject({ sn: [Buffer.from([0x4c, 0xf6, 0x77, 0x65])] });
  });

  it('counts the members of a group and does not hold them', async () => {
    const members = Array.from({ length: 2_000 }, (_, number) => `member: CN=${number},DC=contoso,DC=com\n`);
    const { records } = await read(`dn: CN=All,DC=contoso,DC=com\nobjectClass: group\n${members.join('')}`, 4_096);
    expect(records[0]?.['member']).toEqual(Array.from({ length: 2_000 }, () => ''));
  });

  it('passes over what ldapsearch says beside the entries', async () => {
    const { records, complaints } = await read(
      `${ada}\n# search result\nsearch: 2\nresult: 0 Success\n\n# numEntries: 1\n`,
    );
    expect(records).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});

describe('of bad LDIF the rest is read', () => {
  it('a second name begins an entry of its own, where two files were joined', async () => {
    const { records, complaints } = await read(`${ada}${ada.replace('Ada', 'Bob')}`);
    expect(records.map(({ dn }) => dn)).toEqual([['CN=Ada,DC=contoso,DC=com'], ['CN=Bob,DC=contoso,DC=com']]);
    expect(complaints).toEqual([
      { grade: 'notice', line: 5, message: expect.stringContaining('an entry begins without a blank line before it') },
    ]);
  });

  it.each<[string, string, Partial<Complaint>]>([
    [
      'a URL for a value is not fetched',
      `${ada}thumbnailPhoto:< file:///etc/passwd\n`,
      { line: 5, field: 'thumbnailPhoto', message: 'refers to a URL; it is not fetched.' },
    ],
    ['Base64 that is none', `${ada}cn:: QWR*\n`, { line: 5, field: 'cn', message: 'is not Base64.' }],
    [
      'a line that is no attribute',
      `${ada}this is no attribute\n`,
      { line: 5, message: 'is neither an attribute with a value nor a comment.' },
    ],
    [
      'a change',
      `dn: CN=Old,DC=contoso,DC=com\nchangetype: modify\nreplace: mail\nmail: x@contoso.com\n-\n\n${ada}`,
      {
        line: 2,
        message: "'changetype: modify' tells of a change, not of an object, and is left out; export the objects.",
      },
    ],
    [
      'an entry without a name',
      `mail: x@contoso.com\n\n${ada}`,
      { line: 1, message: 'this entry has no dn: and is left out.' },
    ],
  ])('%s', async (_, text, complaint) => {
    const { records, complaints } = await read(text);
    expect(complaints).toEqual([{ grade: 'lost', ...complaint }]);
    expect(records).toEqual([
      {
        dn: ['CN=Ada,DC=contoso,DC=com'],
        objectClass: ['top', 'user'],
        mail: ['ada@contoso.com'],
        ...(complaint.field === undefined ? {} : { unreadable: [complaint.field] }),
      },
    ]);
  });

  it('that ends in the middle of a line: the value may be incomplete, and that is said', async () => {
    const { records, complaints } = await read(`${ada}sn: Love`);
    expect(records[0]).toMatchObject({ sn: ['Love'] });
    expect(complaints).toEqual([
      {
        grade: 'notice',
        line: 5,
        message: 'the input ends without an end of line; if it was cut, the last value may be incomplete.',
      },
    ]);
  });

  it('that is no LDIF at all: it says so', async () => {
    const { records, complaints } = await read('hello\nworld\n');
    expect(records).toEqual([]);
    expect(complaints.at(-1)).toEqual({ grade: 'fatal', message: 'holds no LDIF entry: none begins with dn:.' });
  });

  it('with a line of more than 16 MiB: the line is left out and not held', async () => {
    const text = Buffer.concat([
      Buffer.from('dn: CN=Big,DC=contoso,DC=com\nobjectClass: user\ndescription: '),
      Buffer.alloc(17 * 2 ** 20, 'x'),
      Buffer.from(`\nmail: big@contoso.com\n\n${ada}`),
    ]);
    const { records, complaints } = await read(text, 65_536);
    expect(complaints).toEqual([{ grade: 'lost', line: 3, message: 'is longer than 16 MiB and is left out.' }]);
    expect(records.map(({ mail }) => mail)).toEqual([['big@contoso.com'], ['ada@contoso.com']]);
  });
});
