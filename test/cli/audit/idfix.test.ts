import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditGround, type Ground } from './ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await auditGround();
});
afterAll(() => ground.remove());

const dn = (name: string): string => `CN=${name},OU=People,DC=contoso,DC=com`;
const person = (name: string, userPrincipalName: string, more: Record<string, unknown> = {}) => ({
  distinguishedName: dn(name),
  objectClass: ['user'],
  cn: name,
  displayName: name,
  mail: `${name}@contoso.com`,
  userPrincipalName,
  ...more,
});

const header = 'DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION';
const csvRow = (name: string, attribute: string, value: string, update: string, action: string): string =>
  `"${dn(name)}",${name},user,${attribute},Character,${value},${update},EDIT,${action}`;
const block = (name: string, attribute: string, value: string, update: string, action: string): string =>
  [
    `distinguishedName: ${dn(name)}`,
    'objectClass: user',
    `attribute: ${attribute}`,
    'error: Character',
    `value: ${value}`,
    `update: ${update}`,
    `action: ${action}`,
    '-',
    '',
    '',
  ].join('\r\n');

const domains = ['--verified-domains', 'contoso.com'];

async function found(objects: readonly unknown[], file: string, ...more: string[]) {
  const input = await ground.file('objects.json', JSON.stringify(objects));
  return (await ground.found(['--input', input, ...domains, '--idfix', file, ...more])) as {
    rule: string;
    attribute: string;
    value: string;
    proposal?: string;
    idFix?: { outcome: string; update: string | null; source: string; message: string };
    object: { name: string };
  }[];
}

describe('a clean-up that was begun with IdFix', () => {
  it('is settled where the new value is there', async () => {
    const file = await ground.file(
      'clean.csv',
      `${header}\r\n${csvRow('ada', 'userPrincipalName', 'a&da@contoso.com', 'ada@contoso.com', 'COMPLETE')}\r\n`,
    );
    expect(await found([person('ada', 'ada@contoso.com')], file)).toMatchObject([
      {
        rule: 'CarriedOverFromIdFix',
        severity: 'information',
        object: { name: 'ada' },
        attribute: 'userPrincipalName',
        value: 'a&da@contoso.com',
        idFix: { outcome: 'settled', update: 'ada@contoso.com', source: 'clean.csv, line 2' },
      },
    ]);
  });

  it('did not stick where the old value is there again', async () => {
    const file = await ground.file(
      'Update 11-29-2026.ldf',
      block('bob', 'userPrincipalName', 'b&b@contoso.com', 'bb@contoso.com', 'Edit'),
    );
    expect(await found([person('bob', 'b&b@contoso.com')], file)).toMatchObject([
      {
        rule: 'UserPrincipalNameCharacters',
        idFix: {
          outcome: 'did-not-stick',
          source: 'Update 11-29-2026.ldf, line 1',
          message: "did not stick: IdFix did change it to 'bb@contoso.com', and the value that it found is there",
        },
      },
    ]);
  });

  it('proposes what was planned, where that passes the rules and nobody else has it', async () => {
    const file = await ground.file(
      'plan.csv',
      `${header}\n${csvRow('cy', 'userPrincipalName', 'c&y@contoso.com', 'cyrus@contoso.com', 'EDIT')}\n`,
    );
    expect(await found([person('cy', 'c&y@contoso.com')], file)).toMatchObject([
      { proposal: 'cyrus@contoso.com', idFix: { outcome: 'planned' } },
    ]);
    const taken = person('cyrus', 'cyrus@contoso.com');
    const [finding] = await found([person('cy', 'c&y@contoso.com'), taken], file);
    expect(finding).toMatchObject({ idFix: { outcome: 'planned', update: 'cyrus@contoso.com' } });
    expect(finding?.proposal).not.toBe('cyrus@contoso.com');
  });

  it('proposes what was planned for an attribute that is absent', async () => {
    const file = await ground.file(
      'plan.csv',
      `${header}\r\n${csvRow('ada', 'userPrincipalName', '', 'countess@contoso.com', 'EDIT')}\r\n`,
    );
    const { userPrincipalName: _absent, ...nameless } = person('ada', '', { sAMAccountName: 'ada' });
    const seen = person('bob', 'bob@contoso.com');
    expect(await found([nameless, seen], file)).toMatchObject([
      { rule: 'UserPrincipalNameAbsent', proposal: 'countess@contoso.com', idFix: { outcome: 'planned' } },
    ]);
  });

  it('does not propose what was planned where it is as wrong as before', async () => {
    const file = await ground.file(
      'worse.csv',
      `${header}\n${csvRow('cy', 'userPrincipalName', 'c&y@contoso.com', 'c%y@contoso.com', 'EDIT')}\n`,
    );
    const [finding] = await found([person('cy', 'c&y@contoso.com')], file);
    expect(finding).toMatchObject({ idFix: { outcome: 'planned' } });
    expect(finding?.proposal).not.toBe('c%y@contoso.com');
  });

  it.each<[string, string, string, string, string]>([
    [
      'failed',
      'b&b@contoso.com',
      'FAIL',
      'b&b@contoso.com',
      "failed: the directory refused to change it to 'bb@contoso.com'",
    ],
    ['changed-since', 'b&b@contoso.com', 'COMPLETE', 'other@contoso.com', 'changed since'],
    ['not-seen', 'b&b@contoso.com', 'COMPLETE', 'nobody', 'the object is not in the input'],
  ])('tells %s', async (outcome, value, action, present, message) => {
    const file = await ground.file(
      'one.csv',
      `${header}\n${csvRow('bob', 'userPrincipalName', value, 'bb@contoso.com', action)}\n`,
    );
    const object = present === 'nobody' ? person('eve', 'eve@contoso.com') : person('bob', present);
    const told = (await found([object], file)).flatMap(({ idFix }) => idFix ?? []);
    expect(told).toMatchObject([{ outcome, message: expect.stringContaining(message) }]);
  });

  it('takes COMPLETE without a change for a value that is to stay', async () => {
    const file = await ground.file(
      'keep.csv',
      `${header}\n${csvRow('bob', 'userPrincipalName', 'b&b@contoso.com', 'b&b@contoso.com', 'COMPLETE')}\n`,
    );
    expect(await found([person('bob', 'b&b@contoso.com')], file)).toMatchObject([{ idFix: { outcome: 'accepted' } }]);
  });

  it('passes over rows on which nobody decided', async () => {
    const file = await ground.file(
      'none.csv',
      `${header}\n${csvRow('bob', 'userPrincipalName', 'b&b@contoso.com', 'bb@contoso.com', '')}\n`,
    );
    const [finding, ...others] = await found([person('bob', 'b&b@contoso.com')], file);
    expect(finding).not.toHaveProperty('idFix');
    expect(others).toEqual([]);
  });

  it('takes a removed value of several for settled, and an undo for the end of the story', async () => {
    const file = await ground.file(
      'Update 1.ldf',
      block('ada', 'proxyAddresses', 'smtp:a;a@contoso.com', '', 'Remove') +
        block('bob', 'mail', 'b@contoso.com', 'bob@contoso.com', 'Edit') +
        block('bob', 'mail', 'b@contoso.com', 'bob@contoso.com', 'Undo'),
    );
    const told = await found(
      [
        person('ada', 'ada@contoso.com', { proxyAddresses: ['SMTP:ada@contoso.com'] }),
        person('bob', 'bob@contoso.com', { mail: 'b@contoso.com' }),
      ],
      file,
    );
    expect(told.map(({ object, idFix }) => [object.name, idFix?.outcome])).toEqual([
      ['ada', 'settled'],
      ['bob', 'undone'],
    ]);
  });

  it('reads the lines of the verbose log, and lets the later file win', async () => {
    const planned = await ground.file(
      'before.csv',
      `${header}\n${csvRow('bob', 'mailNickName', 'b b', 'bb', 'EDIT')}\n`,
    );
    const applied = await ground.file(
      'Verbose 11-29-2026.txt',
      `11/29/2026 8:15:00 AM Query AD\r\n11/29/2026 8:16:00 AM Update: [${dn('bob')}] [user] [mailNickName] [Character] [b b] [bb] [Edit]\r\n`,
    );
    const told = await found([person('bob', 'bob@contoso.com', { mailNickname: 'bb' })], planned, '--idfix', applied);
    expect(told.map(({ idFix }) => idFix)).toMatchObject([
      { outcome: 'settled', source: 'Verbose 11-29-2026.txt, line 2' },
    ]);
  });

  it('does not make the exit code 1 where all is settled, and says how many of what', async () => {
    const file = await ground.file(
      'clean.csv',
      `${header}\n${csvRow('ada', 'userPrincipalName', 'a&da@contoso.com', 'ada@contoso.com', 'COMPLETE')}\n`,
    );
    const objectGUID = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
    const input = await ground.file('objects.json', JSON.stringify([person('ada', 'ada@contoso.com', { objectGUID })]));
    const { code, said, stdout } = await ground.audit(['--input', input, ...domains, '--idfix', file]);
    expect(code).toBe(0);
    expect(said).toContain('Carried over from IdFix: 1 settled.');
    expect(stdout).toContain('settled: the value that IdFix found is gone');
  });

  it('stands beside the rows of the profile idfix-compat too', async () => {
    const file = await ground.file(
      'plan.csv',
      `${header}\n${csvRow('cy', 'userPrincipalName', 'c&y@contoso.com', 'cyrus@contoso.com', 'EDIT')}\n`,
    );
    const input = await ground.file('objects.json', JSON.stringify([person('cy', 'c&y@contoso.com')]));
    const [row] = await ground.found(['--input', input, '--profile', 'idfix-compat', '--idfix', file]);
    expect(row).toMatchObject({
      cn: 'cy',
      attr: 'userPrincipalName',
      error: 'Character',
      idFix: { outcome: 'planned' },
    });
  });

  it("reads this program's own CSV of the profile idfix-compat, with the guard against formulas taken off", async () => {
    const objects = [person('dot', '-dot&@contoso.com'), person('eve', 'eve@contoso.com')];
    const input = await ground.file('objects.json', JSON.stringify(objects));
    const { stdout } = await ground.audit(['--input', input, '--profile', 'idfix-compat', '--format', 'csv']);
    expect(stdout).toContain("'-dot&@contoso.com");
    const file = await ground.file('decided.csv', stdout.replace(/EDIT,\r\n/g, 'EDIT,EDIT\r\n'));
    expect(await found(objects, file)).toMatchObject([{ value: '-dot&@contoso.com', idFix: { outcome: 'planned' } }]);
  });
});

describe('what is no file of IdFix, or a broken one', () => {
  const audit = async (file: string) => {
    const input = await ground.file('objects.json', JSON.stringify([person('ada', 'ada@contoso.com')]));
    return ground.audit(['--input', input, '--idfix', file]);
  };

  it.each([
    [
      'another CSV',
      'other.csv',
      'name,mail\nx,y\n',
      'is no export of IdFix: it has no column DISTINGUISHEDNAME, ATTRIBUTE, VALUE, UPDATE.',
    ],
    ['the export as LDF', 'all.ldf', `dn: ${dn('ada')}\nchangetype: modify\n`, 'does not say what was applied'],
    ['an empty file', 'empty.csv', '', 'is empty.'],
  ])('%s ends with 2', async (_, name, content, message) => {
    const { code, said } = await audit(await ground.file(name, content));
    expect(code).toBe(2);
    expect(said).toEqual([expect.stringContaining(message)]);
  });

  it('its log is no list of objects', async () => {
    const file = await ground.file('Update 2.ldf', block('ada', 'mail', 'a', 'b', 'Edit'));
    const { code, said } = await ground.audit(['--input', file, '--quiet']);
    expect(code).toBe(2);
    expect(said.at(-1)).toContain('line 1: this is what IdFix wrote down, not objects. Give it with --idfix');
  });

  it('a missing one ends with 2', async () => {
    expect(await audit('/nowhere/idfix.csv')).toMatchObject({
      code: 2,
      said: ["'/nowhere/idfix.csv' does not exist."],
    });
  });

  it('a row with quotes that IdFix did not escape, and a block that is cut, are named and left out', async () => {
    const csv = await ground.file(
      'quotes.csv',
      `${header}\n"${dn('ada')}",ada,user,mail,Character,"a, "b", c",d,EDIT,EDIT\n`,
    );
    expect((await audit(csv)).said).toContainEqual(expect.stringContaining('line 2: the row has'));
    const log = await ground.file('Update cut.ldf', block('ada', 'mail', 'a', 'b', 'Edit').replace('-\r\n', ''));
    expect((await audit(log)).said).toContainEqual(
      expect.stringContaining('line 1: the block that begins here is cut'),
    );
  });
});
