import { describe, expect, it } from 'vitest';
import type { Complaint } from '../../../src/cli/audit/complaint.ts';
import { valuesOfCell } from '../../../src/cli/audit/csv-cells.ts';
import type { InputRecord } from '../../../src/cli/audit/input.ts';
import { readCsv } from '../../../src/cli/audit/read-csv.ts';

async function read(text: string | Buffer, chunk = 7) {
  const complaints: Complaint[] = [];
  const found: InputRecord[] = [];
  const octets = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < octets.length; at += chunk) yield octets.subarray(at, at + chunk);
  }
  for await (const batch of readCsv(chunks(), (complaint) => complaints.push(complaint))) found.push(...batch);
  return { records: found.map(({ record }) => record), lines: found.map(({ line }) => line), complaints };
}

/** All columns that are missed when they are not there. */
const columns = 'DistinguishedName,ObjectClass,ObjectGUID,UserPrincipalName,mail,proxyAddresses,SamAccountName';
const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
const ada = `"CN=Ada,DC=contoso,DC=com",user,${guid},ada@contoso.com,ada@contoso.com,SMTP:ada@contoso.com;smtp:a@contoso.com,ada`;
const adaRecord = {
  DistinguishedName: ['CN=Ada,DC=contoso,DC=com'],
  ObjectClass: ['user'],
  ObjectGUID: [guid],
  UserPrincipalName: ['ada@contoso.com'],
  mail: ['ada@contoso.com'],
  proxyAddresses: ['SMTP:ada@contoso.com', 'smtp:a@contoso.com'],
  SamAccountName: ['ada'],
};

describe('CSV', () => {
  it('is read as Export-Csv writes it, with the line #TYPE of Windows PowerShell', async () => {
    const text = `#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n${columns}\r\n${ada}\r\n`;
    expect(await read(text)).toEqual({ records: [adaRecord], lines: [3], complaints: [] });
  });

  it.each([
    ['a semicolon', ';'],
    ['a tab', '\t'],
    ['a bar', '|'],
  ])('finds out that the delimiter is %s', async (_, delimiter) => {
    const text = `${columns.replaceAll(',', delimiter)}\n${ada.replaceAll(/,(?!DC)/g, delimiter).replace(/SMTP\S+com(?=.ada)/, '"$&"')}\n`;
    expect(await read(text)).toEqual({ records: [adaRecord], lines: [2], complaints: [] });
  });

  it("takes Excel's word for the delimiter", async () => {
    const { records } = await read('sep=;\nmail\nada@contoso.com;\n');
    expect(records).toEqual([{ mail: ['ada@contoso.com'] }]);
  });

  it('takes an empty cell for an absent attribute, and passes over empty rows', async () => {
    const { records, lines } = await read(`${columns}\n,user,,,,,x\n\n,,,,,,\n,user,,,,,y\n`);
    expect(records).toEqual([
      { ObjectClass: ['user'], SamAccountName: ['x'] },
      { ObjectClass: ['user'], SamAccountName: ['y'] },
    ]);
    expect(lines).toEqual([2, 5]);
  });

  it("gives cells beyond ASCII, and those that csvde writes as X'…', as octets", async () => {
    const { records } = await read(`objectClass,sn,objectGUID\nuser,Löwe,X'4142'\n`);
    expect(records).toEqual([{ objectClass: ['user'], sn: [Buffer.from('Löwe')], objectGUID: [Buffer.from('AB')] }]);
  });

  it('says which line a row begins on, also after cells of several lines', async () => {
    const { lines } = await read(`${columns},description\n,user,,,,,x,"one\ntwo\nthree"\n,user,,,,,y,z\n`);
    expect(lines).toEqual([2, 5]);
  });
});

describe('a cell with several values', () => {
  it.each<[string, string, string, string[]]>([
    ['joined with ;', 'proxyAddresses', 'SMTP:a@b.c;smtp:d@e.f', ['SMTP:a@b.c', 'smtp:d@e.f']],
    ["joined with '; '", 'proxyAddresses', 'SMTP:a@b.c; smtp:d@e.f', ['SMTP:a@b.c', 'smtp:d@e.f']],
    ['with spaces of its own', 'proxyAddresses', 'SMTP:a@b.c;  sip:d@e.f', ['SMTP:a@b.c', '  sip:d@e.f']],
    ['without prefixes', 'proxyAddresses', 'a@b.c;d@e.f', ['a@b.c', 'd@e.f']],
    [
      'an X.400 address has semicolons of its own',
      'proxyAddresses',
      'smtp:d@e.f;X400:c=US;a= ;p=Contoso;o=Exchange;s=Lovelace;g=Ada;;SMTP:a@b.c',
      ['smtp:d@e.f', 'X400:c=US;a= ;p=Contoso;o=Exchange;s=Lovelace;g=Ada;', 'SMTP:a@b.c'],
    ],
    [
      'csvde escapes them',
      'proxyAddresses',
      'X400:c=US\\;a= \\;p=Contoso\\;;SMTP:a@b.c',
      ['X400:c=US;a= ;p=Contoso;', 'SMTP:a@b.c'],
    ],
    [
      'classes',
      'objectClass',
      'top;person;organizationalPerson;user',
      ['top', 'person', 'organizationalPerson', 'user'],
    ],
    ['one value with a semicolon', 'displayName', 'Ada; Countess', ['Ada; Countess']],
  ])('%s', (_, column, cell, values) => {
    expect(valuesOfCell(column, cell)).toEqual(values);
  });
});

describe('of bad CSV the rest is read', () => {
  it('columns that are missing are named once', async () => {
    const { records, complaints } = await read('name,mail\nada,ada@contoso.com\nbob,bob@contoso.com\n');
    expect(records).toHaveLength(2);
    expect(complaints).toEqual([
      {
        grade: 'notice',
        line: 1,
        message:
          'there is no column distinguishedName, objectClass, objectGUID or mS-DS-ConsistencyGuid, userPrincipalName, proxyAddresses, sAMAccountName; what they hold cannot be audited.',
      },
    ]);
  });

  it('of two columns with one name the first is read, and the name is said once', async () => {
    const { records, complaints } = await read(`${columns},mail,Note,note\n${ada},other@contoso.com,x,y\n${ada},,,\n`);
    expect(records).toEqual([expect.objectContaining(adaRecord), adaRecord]);
    expect(complaints).toEqual([
      { grade: 'lost', line: 1, field: 'mail', message: 'is the name of two columns; the first is read.' },
    ]);
  });

  it('a row with too many cells is left out, one with too few is read as far as it goes', async () => {
    const { records, complaints } = await read(`${columns}\n${ada},more\n"CN=Bob,DC=contoso,DC=com",user\n${ada}\n`);
    expect(records).toEqual([{ DistinguishedName: ['CN=Bob,DC=contoso,DC=com'], ObjectClass: ['user'] }, adaRecord]);
    expect(complaints).toEqual([
      { grade: 'lost', line: 2, message: expect.stringContaining('8 cells under 7 names') },
      { grade: 'lost', line: 3, message: 'the row ends after 2 of 7 cells; what is there is audited.' },
    ]);
  });

  it('an input without an end of line may have been cut in its last value, and that is said', async () => {
    const { records, complaints } = await read(`${columns}\n${ada}\n${ada}`);
    expect(records).toEqual([adaRecord, adaRecord]);
    expect(complaints).toEqual([
      { grade: 'notice', line: 3, message: expect.stringContaining('the input ends without an end of line') },
    ]);
  });

  it('a quote that is not closed takes the rest of the file, and that is said', async () => {
    const { records, complaints } = await read(`${columns}\n${ada}\n"CN=Bob,user\n${ada.replaceAll('"', '')}\n`);
    expect(records).toEqual([adaRecord]);
    expect(complaints).toEqual([
      {
        grade: 'lost',
        line: 3,
        message: 'a quote opens in this row and is not closed; the row and what follows is lost.',
      },
    ]);
  });

  it('a row of more than 16 MiB ends the reading', async () => {
    const text = `${columns}\n${ada}\n${'x'.repeat(17 * 2 ** 20)}\n`;
    const { records, complaints } = await read(text, 65_536);
    expect(records).toEqual([adaRecord]);
    expect(complaints).toEqual([
      { grade: 'lost', line: 3, message: 'the row is longer than 16 MiB; it and what follows is not read.' },
    ]);
  });

  it("IdFix's own export is no list of objects", async () => {
    const { complaints } = await read(
      'DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,ACTION\nx,x,x,x,x,x,x,x\n',
    );
    expect(complaints).toEqual([
      {
        grade: 'fatal',
        line: 1,
        message: 'this is the export of IdFix: findings, not objects. Give it with --idfix beside the objects.',
      },
    ]);
  });

  it('a table of something else is refused', async () => {
    expect((await read('colour,size\nred,3\n')).complaints).toEqual([
      { grade: 'fatal', line: 1, message: "none of the columns is an attribute that is audited ('colour', 'size')." },
    ]);
  });

  it('nothing but blank lines is refused', async () => {
    expect((await read('\n\n')).complaints).toEqual([
      { grade: 'fatal', line: 3, message: 'the names of the columns were expected, and there is nothing.' },
    ]);
  });

  it('one huge line is refused without being held', async () => {
    expect((await read('x'.repeat(17 * 2 ** 20), 65_536)).complaints).toEqual([
      { grade: 'fatal', line: 1, message: 'has no end within 16 MiB; the names of the columns were expected.' },
    ]);
  });
});
