import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditGround, type Ground } from './ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await auditGround();
});
afterAll(() => ground.remove());

const userNamed = (name: string, last: number, more: object = {}) => ({
  distinguishedName: `CN=${name},DC=contoso,DC=com`,
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  displayName: name,
  sAMAccountName: name.toLowerCase(),
  userPrincipalName: `${name.toLowerCase()}@contoso.com`,
  proxyAddresses: [`SMTP:${name.toLowerCase()}@contoso.com`],
  objectGUID: `6f9619ff-8b86-d011-b42d-00c04fc9640${last}`,
  ...more,
});
const ada = userNamed('Ada', 1);
/** As `GET /users?$select=...` shows one. */
const shared = {
  id: '11111111-1111-4111-8111-111111111111',
  displayName: 'Shared',
  userPrincipalName: 'shared@contoso.com',
  mail: 'shared@contoso.com',
  proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:ada@contoso.com'],
  onPremisesSyncEnabled: null,
  isAssignableToRole: null,
};
const lines = (...objects: readonly unknown[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');
const usual = ['--predict', '--verified-domains', 'contoso.com,contoso.onmicrosoft.com'];
const known = [
  '--tenant',
  'addressSpace=separate',
  '--tenant',
  'softMatchAgainst=primary',
  '--tenant',
  'softMatchOnUpn=off',
];

/** Ada, who is new, asks for an address that a cloud-only user has beside its primary one. */
async function adaAndShared(graph: unknown = { '@odata.context': 'x/$metadata#users(id)', value: [shared] }) {
  const input = await ground.file('ada.ndjson', lines(ada));
  return ['--input', input, '--entra', await ground.file('users.json', JSON.stringify(graph)), ...usual, ...known];
}

describe('what the next synchronisation will do', () => {
  it('is said of each object with its outcome, how sure it is, and who has the value', async () => {
    const { code, stdout, said } = await ground.audit([...(await adaAndShared()), '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        object: { name: 'Ada' },
        outcome: 'QuarantinedProxyAddress',
        certainty: 'certain',
        value: 'SMTP:ada@contoso.com',
        with: [{ object: { name: 'Shared', origin: { side: 'entra' } } }],
        message: expect.stringContaining('Shared'),
      },
    ]);
    expect(said).toContain('2 objects read.');
    expect(said.at(-1)).toBe('1 prediction: 1 error, 0 warnings, 0 information.');
  });

  it('is possible only, where it depends on how the tenant behaves and nobody said how', async () => {
    const args = (await adaAndShared()).filter((one) => one !== '--tenant' && !known.includes(one));
    const found = await ground.found(args);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ certainty }) => certainty)).not.toContain('certain');
  });

  it('is a table with its own columns', async () => {
    const { stdout } = await ground.audit(await adaAndShared());
    expect(stdout).toMatch(/^OUTCOME +HOW SURE +OBJECT +ATTRIBUTE +VALUE +WHAT WILL HAPPEN\n/);
    expect(stdout).toMatch(/\n {10}with cloud-only user Shared /);
    expect(stdout).toContain('1 prediction in 2 objects: 1 error, 0 warnings, 0 information.');
  });

  it('is CSV with its own columns', async () => {
    const { stdout } = await ground.audit([...(await adaAndShared()), '--format', 'csv']);
    const [head, row] = stdout.slice(1).split('\r\n');
    expect(head).toBe(
      'severity,outcome,certainty,object,objectType,origin,distinguishedName,objectGUID,attribute,value,with,message',
    );
    expect(row).toMatch(/^error,QuarantinedProxyAddress,certain,Ada,user,,"CN=Ada,DC=contoso,DC=com",/);
  });

  it('is a page with its own columns, and a choice of how sure', async () => {
    const { stdout } = await ground.audit([...(await adaAndShared()), '--format', 'html']);
    expect(stdout).toContain('<h1>Next synchronisation</h1>');
    expect(stdout).toContain('data-column="certainty"');
    expect(stdout).toContain('<select data-filter="certainty">');
    expect(stdout).toContain('aria-label="By outcome: QuarantinedProxyAddress 1"');
  });

  it('is nothing, with exit code 0, when nothing will fail', async () => {
    const { code, stdout } = await ground.audit(
      await adaAndShared([{ ...shared, proxyAddresses: ['SMTP:shared@contoso.com'] }]),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing that would fail was found in 2 objects.\n' });
  });

  it('does not fail because of an object that is left out, unless its object in Entra is deleted for it', async () => {
    const left = userNamed('Left', 2, { adminDescription: 'User_1' });
    const args = async (...objects: readonly unknown[]) => [
      ...['--input', await ground.file('left.ndjson', lines(...objects)), ...usual],
    ];
    const alone = await ground.audit([...(await args(left)), '--directory', 'part']);
    expect(alone.stdout).toContain('OutOfScope');
    expect(alone.code).toBe(0);
    const twin = {
      origin: {
        side: 'entra',
        id: 'left-in-entra',
        kind: 'synchronised',
        onPremisesImmutableId: Buffer.from('ff19966f868b11d0b42d00c04fc96402', 'hex').toString('base64'),
      },
      objectClass: ['user'],
      displayName: 'Left',
      proxyAddresses: [],
    };
    const both = await ground.audit([...(await args(left, twin)), '--format', 'json']);
    expect(JSON.parse(both.stdout)).toMatchObject([{ outcome: 'OutOfScope', with: [{ object: { name: 'Left' } }] }]);
    expect(both.code).toBe(1);
  });

  it('says what it cannot know without the objects of Entra, and still tells what Active Directory decides', async () => {
    const bad = userNamed('Bob', 2, { userPrincipalName: 'bob' });
    const input = await ground.file('bob.ndjson', lines(bad));
    const { code, stdout, said } = await ground.audit(['--input', input, ...usual]);
    expect(code).toBe(1);
    expect(stdout).toContain('IdentityDataValidationFailed');
    expect(said).toContainEqual(expect.stringMatching(/^No object of Entra is in the input.*--entra FILE\.$/));
  });

  it('says that it has nothing to predict without objects of Active Directory', async () => {
    const input = await ground.file(
      'entra.ndjson',
      lines({ origin: { side: 'entra', id: 'x', kind: 'cloud-only' }, objectClass: ['user'], displayName: 'X' }),
    );
    const { code, said } = await ground.audit(['--input', input, ...usual]);
    expect(code).toBe(0);
    expect(said.at(-1)).toContain('there is nothing to synchronise');
  });
});

describe('what Microsoft Graph answered', () => {
  it.each<[string, unknown]>([
    ['a list of Graph', { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users(id)', value: [shared] }],
    ['one array', [shared]],
    [
      'as PowerShell writes it',
      [
        Object.fromEntries(
          Object.entries(shared).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value]),
        ),
      ],
    ],
  ])('is read as %s', async (_, graph) => {
    expect(await ground.found(await adaAndShared(graph))).toMatchObject([{ outcome: 'QuarantinedProxyAddress' }]);
  });

  it('is compared with the directory by an audit too', async () => {
    const args = (await adaAndShared()).filter(
      (one) => one !== '--predict' && one !== '--tenant' && !known.includes(one),
    );
    expect(await ground.found(args)).toMatchObject([
      { rule: 'DuplicateAddress', holders: [{ object: { name: 'Ada' } }, { object: { name: 'Shared' } }] },
    ]);
  });

  it('tells groups, contacts and deleted users apart', async () => {
    const of = (name: string, more: object) => ({
      id: name,
      displayName: name,
      proxyAddresses: ['SMTP:ada@contoso.com'],
      onPremisesSyncEnabled: null,
      ...more,
    });
    const input = await ground.file('ada.ndjson', lines(ada));
    const graph = await ground.file(
      'mixed.json',
      JSON.stringify([
        of('a group', { groupTypes: [] }),
        of('a contact', { '@odata.type': '#microsoft.graph.orgContact' }),
        of('gone', { userPrincipalName: 'gone@contoso.com', deletedDateTime: '2026-11-20T08:00:00Z' }),
        of('unknown', {}),
      ]),
    );
    const { said, stdout } = await ground.audit([
      ...['--input', input, '--entra', graph, '--verified-domains', 'contoso.com', '--format', 'json'],
    ]);
    expect(said).toContainEqual(expect.stringContaining('whether it is a user, a group or a contact'));
    const [{ holders }] = JSON.parse(stdout) as [{ holders: { object: { name: string; objectType: string } }[] }];
    expect(holders.map(({ object }) => `${object.objectType} ${object.name}`).sort()).toEqual([
      'contact a contact',
      'group a group',
      'user Ada',
      'user gone',
    ]);
  });

  it.each<[string, string, number, string]>([
    ['was asked for too little', JSON.stringify([{ id: 'x', userPrincipalName: 'x@contoso.com' }]), 2, '$select'],
    ['is no list', '{"error": {}}', 2, 'is neither a list of Microsoft Graph'],
    ['is cut', `[${JSON.stringify(shared)},{"id":`, 1, 'it seems to be cut'],
    [
      'is one page of several',
      JSON.stringify({ '@odata.nextLink': 'x', value: [shared] }),
      1,
      'the objects of the others are missing',
    ],
  ])('that %s is said', async (_, content, code, message) => {
    const input = await ground.file('ada.ndjson', lines(ada));
    const file = await ground.file('odd.json', content);
    const outcome = await ground.audit(['--input', input, '--entra', file, ...usual, ...known]);
    expect(outcome.code).toBe(code);
    expect(outcome.said).toContainEqual(
      expect.stringMatching(new RegExp(`odd\\.json.*${message.replace('$', '\\$')}`)),
    );
  });
});
