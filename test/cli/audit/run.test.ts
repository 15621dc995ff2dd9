import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditGround, type Ground } from './ground.ts';

interface Vectors {
  readonly groups: readonly {
    readonly group: string;
    readonly objects: readonly unknown[];
    readonly expected: Readonly<Record<'MT' | 'D', { readonly rows: readonly unknown[] }>>;
  }[];
  readonly edgeCases: readonly {
    readonly name: string;
    readonly mode: 'MT' | 'D';
    readonly input: unknown;
    readonly expected: readonly unknown[];
  }[];
}

const vectors = JSON.parse(
  await readFile(new URL('../../audit/idfix/idfix-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

let ground: Ground;
beforeAll(async () => {
  ground = await auditGround();
});
afterAll(() => ground.remove());

const guid = (last: number): string => `6f9619ff-8b86-d011-b42d-00c04fc9640${last}`;
const good = {
  distinguishedName: 'CN=Ada,DC=contoso,DC=com',
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  cn: 'Ada',
  displayName: 'Ada Lovelace',
  sAMAccountName: 'ada',
  userPrincipalName: 'ada@contoso.com',
  mail: 'ada@contoso.com',
  mailNickname: 'ada',
  proxyAddresses: ['SMTP:ada@contoso.com'],
  objectGUID: guid(1),
};
const bad = {
  ...good,
  distinguishedName: 'CN=Bob,DC=contoso,DC=com',
  cn: 'Bob',
  displayName: 'Bob',
  sAMAccountName: 'bob',
  userPrincipalName: 'b&b@contoso.com',
  mail: 'bob@contoso.com',
  mailNickname: 'bob',
  proxyAddresses: ['SMTP:bob@contoso.com'],
  objectGUID: guid(2),
};
const domains = ['--verified-domains', 'contoso.com,contoso.onmicrosoft.com'];
const lines = (...objects: readonly unknown[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');

it('lets no control character of a file name reach the terminal', async () => {
  const { code, said } = await ground.audit(['--input', '/nowhere/\u001b[2Jx.json', ...domains]);
  expect({ code, said }).toEqual({ code: 2, said: ["'/nowhere/\\u001b[2Jx.json' does not exist."] });
});

it('names the object of a file that is one line', async () => {
  const objects = [good, { ...good, objectGUID: 'none' }, { ...good, objectGUID: guid(3), groupType: 'x' }];
  const input = await ground.file('line.json', JSON.stringify(objects));
  const { said } = await ground.audit(['--input', input, ...domains, '--quiet']);
  expect(said).toEqual([
    `${input}, line 1, object 2: objectGUID 'none' is not a GUID.`,
    `${input}, line 1, object 3: groupType 'x' is not a whole number.`,
  ]);
});

describe('an octet of value 0', () => {
  it('in a value costs nothing but that value', async () => {
    const input = await ground.file(
      'zero.csv',
      'cn,objectClass,displayName,mail\nA\0,user,A,a@contoso.com\nB,user,,b@contoso.com\n',
    );
    const found = await ground.found(['--input', input, '--profile', 'idfix-compat']);
    expect(found).toMatchObject([{ cn: 'B', attr: 'displayName' }]);
  });

  it('at the start tells UTF-16 without a byte order mark, which is not read', async () => {
    const input = await ground.file('wide.csv', Buffer.from('cn,objectClass\nA,user\n', 'utf16le'));
    const { code, stdout, said } = await ground.audit(['--input', input, ...domains, '--format', 'json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(said).toEqual([expect.stringContaining('is no text: it holds octets of value 0')]);
  });
});

describe('one person in two forests', () => {
  const inForest = (forest: string, number: number): string =>
    [
      `dn: CN=Ada,DC=${forest},DC=com`,
      'objectClass: user',
      'cn: Ada',
      `objectGUID: ${guid(number)}`,
      `userPrincipalName: ada@${forest}.com`,
      'mail: ada@contoso.com',
      '',
    ].join('\n');

  it.each([
    ['mail', 'JoinedDuplicate', 'information'],
    ['none', 'DuplicateAddress', 'error'],
  ])('is, with the match option %s and a file of each forest, %s', async (option, rule, severity) => {
    const inputs = [
      await ground.file('one.ldif', inForest('contoso', 1)),
      await ground.file('two.ldif', inForest('fabrikam', 2)),
    ].flatMap((file) => ['--input', file]);
    const found = await ground.found([...inputs, '--match-option', option]);
    expect(found).toMatchObject([{ rule, severity, value: 'ada@contoso.com' }]);
  });

  it('stays two objects in one file, which may be of one forest', async () => {
    const input = await ground.file('both.ldif', `${inForest('contoso', 1)}\n${inForest('fabrikam', 2)}`);
    expect(await ground.found(['--input', input, '--match-option', 'mail'])).toMatchObject([
      { rule: 'DuplicateAddress' },
    ]);
  });
});

describe('a value that cannot be read is named once, and no finding says that it is absent', () => {
  const unreadable = `dn: CN=Ada,DC=contoso,DC=com
objectClass: user
cn: Ada
sAMAccountName: ada
displayName:: /w==
userPrincipalName:: no Base64
mail:: /w==
objectGUID:: AAAA
`;
  const said = [
    expect.stringMatching(/objects\.ldif, line 6: userPrincipalName is not Base64\.$/),
    expect.stringMatching(/objects\.ldif, line 5: displayName is not valid UTF-8\.$/),
    expect.stringMatching(/objects\.ldif, line 7: mail is not valid UTF-8\.$/),
    expect.stringMatching(/objects\.ldif, line 8: objectGUID has 3 octets; a GUID has 16\.$/),
  ];

  it.each([
    ['entra', 'multi-tenant'],
    ['idfix-compat', 'multi-tenant'],
    ['idfix-compat', 'dedicated'],
  ])('%s, %s', async (profile, mode) => {
    const input = await ground.file('objects.ldif', unreadable);
    const modes = profile === 'entra' ? domains : ['--mode', mode];
    const asked = ['--input', input, '--profile', profile, ...modes, '--format', 'json'];
    const { code, stdout, said: lines } = await ground.audit(asked);
    const rows = (JSON.parse(stdout) as { attr?: string; rule?: string }[]).map(({ attr, rule }) => attr ?? rule);
    // Of a user without homeMDB dedicated mode wants a targetAddress.
    expect(rows).toEqual(mode === 'dedicated' ? ['targetAddress'] : []);
    expect(code).toBe(mode === 'dedicated' ? 1 : 2);
    expect(lines.filter((line) => line.includes(', line '))).toEqual(said);
  });
});

describe.each(
  vectors.groups.flatMap(({ group, objects, expected }) => [
    { group, mode: 'multi-tenant', objects, rows: expected.MT.rows },
    { group, mode: 'dedicated', objects, rows: expected.D.rows },
  ]),
)('the profile idfix-compat over $group, $mode', ({ objects, mode, rows }) => {
  it('prints one array of exactly the rows that IdFix shows, in its order', async () => {
    const file = await ground.file('vectors.json', JSON.stringify(objects));
    const { code, stdout } = await ground.audit([
      '--input',
      file,
      '--profile',
      'idfix-compat',
      '--mode',
      mode,
      '--format',
      'json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(rows);
  });
});

it.each(vectors.edgeCases)('the profile idfix-compat, $mode, $name', async ({ name, mode, input, expected }) => {
  const file = await ground.file('edge.json', JSON.stringify([input].flat()));
  const args = ['--input', file, '--profile', 'idfix-compat', '--mode', mode === 'MT' ? 'multi-tenant' : 'dedicated'];
  const option = name.includes('alternate login id') ? ['--alternate-login-id'] : [];
  const { code, stdout } = await ground.audit([...args, ...option, '--format', 'json']);
  expect(JSON.parse(stdout)).toEqual(expected);
  expect(code).toBe(expected.length === 0 ? 0 : 1);
});

describe('the exit code', () => {
  it('is 0 when everything was read and nothing found', async () => {
    const { code, stdout, said } = await ground.audit([
      '--input',
      await ground.file('good.ndjson', lines(good)),
      ...domains,
    ]);
    expect({ code, stdout, said }).toEqual({
      code: 0,
      stdout: 'Nothing found in 1 object.\n',
      said: ['1 object read.'],
    });
  });

  it('is 1 when something is found', async () => {
    const { code, stdout } = await ground.audit([
      '--input',
      await ground.file('bad.ndjson', lines(good, bad)),
      ...domains,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('UserPrincipalNameCharacters');
  });

  it('is 2 when nothing is found, but not everything could be read', async () => {
    const { code, said } = await ground.audit([
      '--input',
      await ground.file('half.ndjson', `${lines(good)}{"a": oops}\n`),
      ...domains,
    ]);
    expect(code).toBe(2);
    expect(said).toEqual([expect.stringContaining('half.ndjson, line 2: is not JSON'), '1 object read.']);
  });

  it('is 1 when something is found, also when not everything could be read; the report says both', async () => {
    const { code, stdout } = await ground.audit([
      '--input',
      await ground.file('half.ndjson', `${lines(bad)}oops\n`),
      ...domains,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      '1 finding in 1 object: 1 error, 0 warnings, 0 information. Not everything could be read: see above.',
    );
  });
});

describe('what cannot be audited at all ends with 2 and says why, and nothing is written', () => {
  it.each<[string, string, string | null, string]>([
    ['a missing file', 'missing.json', null, "missing.json' does not exist."],
    ['an empty file', 'empty.csv', '', 'empty.csv: is empty.'],
    ['an empty JSON file', 'empty.json', '', 'empty.json: is empty.'],
    ['a file of another kind', 'photo.ldif', 'x\0\0\0y', 'is no text'],
    ['text that is no LDIF', 'notes.ldif', 'hello\n', 'holds no LDIF entry'],
    ['a JSON object', 'object.json', '{}', 'one array of objects was expected'],
  ])('%s', async (_, name, content, message) => {
    const file = content === null ? join(ground.folder, name) : await ground.file(name, content);
    const output = join(ground.folder, 'never.json');
    const { code, stdout, said } = await ground.audit([
      '--input',
      file,
      ...domains,
      '--format',
      'json',
      '--output',
      output,
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(said.at(-1)).toContain(message);
    expect(await readdir(ground.folder)).not.toContain('never.json');
  });

  it('a directory', async () => {
    const { code, said } = await ground.audit(['--input', ground.folder, '--input-format', 'csv']);
    expect({ code, said }).toEqual({ code: 2, said: [`'${ground.folder}' is a directory; name a file.`] });
  });

  it('an output in a folder that is not there', async () => {
    const output = join(ground.folder, 'nowhere', 'report.json');
    const { code, said } = await ground.audit([
      '--input',
      await ground.file('good.ndjson', lines(good)),
      '--output',
      output,
    ]);
    expect(code).toBe(2);
    expect(said).toEqual([expect.stringContaining("there is no folder '")]);
  });
});

describe('a value that cannot be read is named by line and field, and the rest audited', () => {
  it('in LDIF, where the field has a line of its own', async () => {
    const ldif = [
      'dn: CN=Bob,DC=contoso,DC=com',
      'objectClass: user',
      'userPrincipalName: b&b@contoso.com',
      'objectGUID:: QUJD',
      `displayName:: ${Buffer.from([0xe4, 0x41]).toString('base64')}`,
      '',
      'dn: CN=Ada,DC=contoso,DC=com',
      'objectClass: user',
      'userPrincipalName: ada@contoso.com',
      'objectGUID:: QUJDREVGR0hJSktMTU5PUA==',
      '',
    ].join('\n');
    const file = await ground.file('values.ldif', ldif);
    const { code, said, stdout } = await ground.audit(['--input', file, ...domains, '--format', 'json']);
    expect(code).toBe(1);
    expect(said.slice(0, 2)).toEqual([
      `${file}, line 4: objectGUID has 3 octets; a GUID has 16.`,
      `${file}, line 5: displayName is not valid UTF-8.`,
    ]);
    const rules = (JSON.parse(stdout) as { rule: string }[]).map(({ rule }) => rule);
    expect(rules).toContain('UserPrincipalNameCharacters');
  });

  it('in CSV, NDJSON and JSON alike', async () => {
    const broken = Buffer.concat([Buffer.from('Andr'), Buffer.of(0xe9)]);
    const row = (name: Buffer | string, upn: string): Buffer =>
      Buffer.concat([Buffer.from('user,'), Buffer.from(name), Buffer.from(`,${upn}\n`)]);
    const csv = Buffer.concat([
      Buffer.from('objectClass,displayName,userPrincipalName\n'),
      row(broken, 'x&x@contoso.com'),
    ]);
    const object = (name: Buffer): Buffer =>
      Buffer.concat([
        Buffer.from('{"objectClass":"user","displayName":"'),
        name,
        Buffer.from('","userPrincipalName":"x&x@contoso.com"}'),
      ]);
    for (const [name, content, line] of [
      ['v.csv', csv, 2],
      ['v.ndjson', Buffer.concat([object(broken), Buffer.from('\n')]), 1],
      ['v.json', Buffer.concat([Buffer.from('['), object(broken), Buffer.from(']')]), 1],
    ] as const) {
      const file = await ground.file(name, content);
      const { code, said } = await ground.audit(['--input', file, ...domains]);
      expect(code).toBe(1);
      expect(said).toContain(`${file}, line ${line}: displayName is not valid UTF-8.`);
    }
  });

  it('twenty times of a kind, then only counted', async () => {
    const objects = Array.from({ length: 25 }, () => ({ ...good, objectGUID: 'none' }));
    const { said } = await ground.audit(['--input', await ground.file('many.ndjson', lines(...objects)), ...domains]);
    expect(said.filter((line) => line.includes("objectGUID 'none' is not a GUID"))).toHaveLength(20);
    expect(said).toContainEqual(expect.stringMatching(/many\.ndjson: objectGUID: 5 more of this kind\.$/));
  });

  it('without control characters reaching the terminal', async () => {
    const file = await ground.file('escape.ndjson', lines({ ...good, objectGUID: '\u001b[2Jgone\u202e' }));
    const { said } = await ground.audit(['--input', file, ...domains]);
    expect(said.join('\n')).toContain("'\\u001b[2Jgone\\u202e' is not a GUID");
  });
});

describe('the input', () => {
  it('says once that no object has an objectGUID, instead of a finding for each', async () => {
    const without = [good, bad].map(({ objectGUID: _, ...object }) => object);
    const { said, stdout } = await ground.audit([
      '--input',
      await ground.file('no-guid.json', JSON.stringify(without)),
      ...domains,
      '--format',
      'json',
    ]);
    expect(said).toContain('No object of the input has objectGUID; what rests on it cannot be audited.');
    expect((JSON.parse(stdout) as { attribute: string }[]).map(({ attribute }) => attribute)).toEqual([
      'userPrincipalName',
    ]);
  });

  it('says once that twenty objects or more all lack an attribute', async () => {
    const objects = Array.from({ length: 20 }, (_, number) => ({
      objectClass: 'user',
      objectGUID: `6f9619ff-8b86-d011-b42d-${String(number).padStart(12, '0')}`,
      displayName: `User ${number}`,
      mail: `user${number}@contoso.com`,
    }));
    const few = await ground.found([
      '--input',
      await ground.file('few.json', JSON.stringify(objects.slice(1))),
      ...domains,
    ]);
    expect(few).toHaveLength(19);
    const file = await ground.file('many.json', JSON.stringify(objects));
    const { said, stdout } = await ground.audit(['--input', file, ...domains, '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual([]);
    expect(said).toContain('No object of the input has userPrincipalName; what rests on it cannot be audited.');
  });

  it('names the object without an objectGUID when others have one', async () => {
    const { objectGUID: _, ...without } = good;
    const file = await ground.file(
      'one-guid.json',
      JSON.stringify([without, { ...bad, userPrincipalName: 'bob@contoso.com' }]),
    );
    const found = await ground.found(['--input', file, ...domains]);
    expect(found).toMatchObject([{ attribute: 'objectGUID', value: null, object: { name: 'Ada Lovelace' } }]);
  });

  it.each(['utf16le', 'utf16be'])(
    'may be %s with a byte order mark, as ldifde -u and csvde -u write it',
    async (encoding) => {
      const text = `\uFEFFobjectClass,displayName,userPrincipalName\r\nuser,Löwe,"x&x@contoso.com"\r\n`;
      const octets = Buffer.from(text, 'utf16le');
      const file = await ground.file('wide.csv', encoding === 'utf16le' ? octets : octets.swap16());
      expect(await ground.found(['--input', file, ...domains])).toMatchObject([
        { object: { name: 'Löwe' }, value: 'x&x@contoso.com' },
      ]);
    },
  );

  it('may begin with the byte order mark of UTF-8', async () => {
    for (const [name, content] of [
      ['mark.csv', '\uFEFFobjectClass,userPrincipalName\nuser,x&x@contoso.com\n'],
      ['mark.json', '\uFEFF[{"objectClass":"user","userPrincipalName":"x&x@contoso.com"}]'],
      ['mark.ndjson', '\uFEFF{"objectClass":"user","userPrincipalName":"x&x@contoso.com"}\n'],
      ['mark.ldif', '\uFEFFdn: CN=x\nobjectClass: user\nuserPrincipalName: x&x@contoso.com\n'],
    ] as const) {
      expect(await ground.found(['--input', await ground.file(name, content), ...domains])).toMatchObject([
        { value: 'x&x@contoso.com' },
      ]);
    }
  });

  it('may be standard input, and may be cut: what came is audited once', async () => {
    const text = lines(good, bad);
    const { code, stdout, said } = await ground.audit(
      ['--input', '-', '--input-format', 'ndjson', ...domains, '--format', 'json'],
      {
        stdin: [text.slice(0, 100), text.slice(100), '{"objectClass":["us'],
      },
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(said.filter((line) => line.includes('standard input'))).toEqual([
      expect.stringMatching(/^standard input, line 3: is not JSON: .* The input seems to be cut here\.$/),
    ]);
  });

  it('may be several files, among which duplicates are found', async () => {
    const one = await ground.file('one.ndjson', lines(good));
    const other = await ground.file(
      'other.csv',
      `distinguishedName,objectClass,objectGUID,userPrincipalName,mail,proxyAddresses,sAMAccountName\n"CN=B,DC=fabrikam,DC=com",user,${guid(3)},b@contoso.com,,smtp:ADA@contoso.com,b\n`,
    );
    const found = await ground.found(['--input', one, '--input', other, ...domains]);
    expect(found).toMatchObject([{ rule: 'DuplicateAddress', holders: [{ object: { name: 'Ada Lovelace' } }, {}] }]);
  });

  it('may be read from a file twice, or from a copy: the findings are the same', async () => {
    const text = lines(good, bad, { ...good, objectGUID: guid(4), distinguishedName: 'CN=C' });
    const file = await ground.file('same.ndjson', `\n${text}oops\n`);
    const piped = await ground.found(['--input', '-', '--input-format', 'ndjson', ...domains], {
      stdin: [`\n${text}oops\n`],
    });
    const read = await ground.found(['--input', file, ...domains]);
    expect(read).toEqual(piped);
    expect(read.length).toBeGreaterThan(1);
  });
});

describe('the output', () => {
  it('takes the place of an older file only when it is complete', async () => {
    const output = join(ground.folder, 'report.csv');
    await writeFile(output, 'old');
    const { code, stdout, said } = await ground.audit([
      '--input',
      await ground.file('bad.ndjson', lines(bad)),
      ...domains,
      '--format',
      'csv',
      '--output',
      output,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(said.at(-1)).toBe(`1 finding: 1 error, 0 warnings, 0 information. Written to ${output}.`);
    expect(await readFile(output, 'utf8')).toContain('b&b@contoso.com');
    expect(await readdir(ground.folder)).not.toContain('report.csv.part');
  });

  it('says nothing but what is wrong when it is to be quiet', async () => {
    const { said } = await ground.audit(['--input', await ground.file('bad.ndjson', `${lines(bad)}oops\n`), '--quiet']);
    expect(said).toEqual([expect.stringContaining('line 2: is not JSON')]);
  });
});
