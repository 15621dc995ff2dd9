import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/audit/arguments.ts';
import { usage } from '../../../src/cli/audit/usage.ts';

const now = '2026-11-29T08:15:00.000Z';

function request(...args: string[]) {
  const asked = readArguments(args, now);
  if (asked.do !== 'audit') throw new Error(JSON.stringify(asked));
  return asked.request;
}

function problems(...args: string[]): readonly string[] {
  const asked = readArguments(args, now);
  if (asked.do !== 'refuse') throw new Error(JSON.stringify(asked));
  return asked.problems;
}

describe('the command line', () => {
  it('needs nothing but the file', () => {
    expect(request('--input', 'objects.ldif')).toEqual({
      files: [{ path: 'objects.ldif', format: 'ldif' }],
      ldap: null,
      entraFiles: [],
      profile: { name: 'entra' },
      settings: {
        verifiedDomains: null,
        initialDomain: null,
        now,
        inactiveDays: 90,
        userNameAttribute: 'userPrincipalName',
        matchOption: { by: 'none' },
        scope: null,
      },
      prediction: null,
      format: 'table',
      outputFile: null,
      idFixFiles: [],
      quiet: false,
      notes: ['Without --verified-domains nothing is said of suffixes that the tenant does not have.'],
    });
  });

  it('takes all that can be said', () => {
    const args = [
      '--ldap',
      'ldaps://dc1.contoso.com:636/',
      '--bind-dn',
      'CONTOSO\\auditor',
      '--base',
      'OU=a\\, b,DC=contoso,DC=com',
    ];
    const rules = [
      '--verified-domains',
      'Contoso.com, contoso.onmicrosoft.com',
      '--alternate-login-id',
      '--inactive-days',
      '30',
    ];
    const more = [
      '--match-option',
      'attribute:employeeID',
      '--scope',
      'OU=x,DC=c',
      '--scope',
      'OU=y,DC=c',
      '--now',
      '2026-01-01',
      '--entra',
      'users.json',
    ];
    expect(
      request(...args, ...rules, ...more, '--ca', 'ca.pem', '-f', 'html', '-o', 'r.html', '--idfix', 'a.csv', '-q'),
    ).toEqual({
      files: [],
      ldap: {
        url: 'ldaps://dc1.contoso.com:636',
        bindDn: 'CONTOSO\\auditor',
        base: 'OU=a\\, b,DC=contoso,DC=com',
        caFile: 'ca.pem',
      },
      profile: { name: 'entra' },
      settings: {
        verifiedDomains: ['contoso.com', 'contoso.onmicrosoft.com'],
        initialDomain: 'contoso.onmicrosoft.com',
        now: '2026-01-01T00:00:00.000Z',
        inactiveDays: 30,
        userNameAttribute: 'mail',
        matchOption: { by: 'attribute', attribute: 'employeeID' },
        scope: ['OU=x,DC=c', 'OU=y,DC=c'],
      },
      entraFiles: ['users.json'],
      prediction: null,
      format: 'html',
      outputFile: 'r.html',
      idFixFiles: ['a.csv'],
      quiet: true,
      notes: [],
    });
  });

  it('knows the modes of idfix-compat', () => {
    expect(request('-i', 'a.json', '--profile', 'idfix-compat').profile).toEqual({
      name: 'idfix-compat',
      mode: 'multi-tenant',
      alternateLoginId: false,
    });
    expect(
      request('-i', 'a.json', '--profile', 'idfix-compat', '--mode', 'dedicated', '--alternate-login-id').profile,
    ).toEqual({
      name: 'idfix-compat',
      mode: 'dedicated',
      alternateLoginId: true,
    });
  });

  it.each([
    ['objects.LDIF', 'ldif'],
    ['a.b.csv', 'csv'],
    ['a.tsv', 'csv'],
    ['a.jsonl', 'ndjson'],
    ['a.json', 'json'],
  ])('knows the format of %s', (path, format) => {
    expect(request('--input', path).files).toEqual([{ path, format }]);
  });

  it.each<[string, string[], string]>([
    ['nothing to audit', [], 'say what to audit: --input FILE or --ldap URL.'],
    [
      'a file of an unknown kind',
      ['--input', 'a.xlsx'],
      "--input: 'a.xlsx' ends with none of .ldif .csv .ndjson .json; say --input-format ldif|csv|ndjson|json.",
    ],
    [
      'standard input without a format',
      ['--input', '-'],
      '--input: standard input has no file name; say --input-format ldif|csv|ndjson|json.',
    ],
    [
      'both a file and a directory',
      ['--input', 'a.csv', '--ldap', 'ldaps://dc', '--bind-dn', 'a'],
      '--input and --ldap exclude each other.',
    ],
    [
      'a directory in the clear',
      ['--ldap', 'http://dc', '--bind-dn', 'a'],
      "--ldap 'http://dc' is not ldaps://host[:port] (or ldap:// for StartTLS).",
    ],
    [
      'a directory without a name',
      ['--ldap', 'ldaps://dc'],
      '--ldap needs --bind-dn: a DN or a user principal name to sign in with.',
    ],
    [
      'an unknown profile',
      ['--input', 'a.csv', '--profile', 'idfix'],
      "--profile 'idfix' is none of entra, idfix-compat.",
    ],
    [
      'a mode without its profile',
      ['--input', 'a.csv', '--mode', 'dedicated'],
      '--mode belongs to --profile idfix-compat.',
    ],
    [
      'an unknown format',
      ['--input', 'a.csv', '--format', 'xlsx'],
      "--format 'xlsx' is none of table, csv, json, html.",
    ],
    [
      'an unknown match option',
      ['--input', 'a.csv', '--match-option', 'name'],
      "--match-option 'name' is none of none, mail, objectSid-msExchMasterAccountSid, sAMAccountName-mailNickname, attribute:NAME.",
    ],
    [
      'a domain that is none',
      ['--input', 'a.csv', '--verified-domains', 'contoso.com,contoso'],
      "--verified-domains: 'contoso' is no domain.",
    ],
    [
      'a scope that is none',
      ['--input', 'a.csv', '--scope', 'contoso.com'],
      "--scope 'contoso.com' is no distinguished name.",
    ],
    [
      'a moment that is none',
      ['--input', 'a.csv', '--now', 'yesterday'],
      "--now 'yesterday' is no moment in ISO 8601.",
    ],
    [
      'days that are none',
      ['--input', 'a.csv', '--inactive-days', '0'],
      "--inactive-days '0' is no whole number of days.",
    ],
    ['an option of another way', ['--input', 'a.csv', '--base', 'DC=c'], '--base belongs to --ldap.'],
    ['what belongs to a prediction alone', ['--input', 'a.csv', '--tenant', 'x=y'], '--tenant belongs to --predict.'],
    [
      'a prediction by the rules of IdFix',
      ['--input', 'a.csv', '--predict', '--profile', 'idfix-compat'],
      '--predict belongs to --profile entra: IdFix knows nothing of the synchronisation.',
    ],
    [
      'a prediction beside what IdFix did',
      ['--input', 'a.csv', '--predict', '--idfix', 'b.csv'],
      '--predict and --idfix exclude each other: what IdFix did is followed up beside findings.',
    ],
    [
      'objects of Entra for IdFix',
      ['--input', 'a.csv', '--entra', 'b.json', '--profile', 'idfix-compat'],
      '--entra belongs to --profile entra: IdFix knows nothing of the cloud.',
    ],
    [
      'a behaviour that no tenant has',
      ['--input', 'a.csv', '--predict', '--tenant', 'softMatch=on'],
      "--tenant 'softMatch=on' is no NAME=VALUE with a name of softMatchOnUpn, blockSoftMatch,",
    ],
    [
      'a behaviour without its value',
      ['--input', 'a.csv', '--predict', '--tenant', 'softMatchAgainst'],
      "--tenant 'softMatchAgainst': softMatchAgainst is one of primary, anyProxy, unknown.",
    ],
    [
      'a behaviour said twice',
      ['--input', 'a.csv', '--predict', '--tenant', 'blockSoftMatch=on', '--tenant', 'blockSoftMatch=off'],
      '--tenant blockSoftMatch is said twice.',
    ],
    ['a file without its option', ['a.csv'], "'a.csv' is not understood; a file is named with --input."],
    ['an unknown option', ['--inputs', 'a.csv'], "Unknown option '--inputs'."],
  ])('refuses %s', (_, args, problem) => {
    expect(problems(...args)).toContainEqual(expect.stringContaining(problem));
  });

  it('refuses a file that is named twice, and to write over one', () => {
    expect(problems('-i', 'a.csv', '-i', 'a.csv')).toEqual(["'a.csv' is named twice."]);
    expect(problems('-i', 'a.csv', '-o', './a.csv')).toEqual(["--output './a.csv' would take the place of an input."]);
  });

  it('takes what a prediction can be told, and takes the rest for unknown', () => {
    const args = ['--predict', '--tenant', 'SoftMatchOnUpn=OFF', '--tenant', 'addressSpace=shared'];
    expect(request('-i', 'a.csv', ...args, '--exchange-authority', 'mixed').prediction).toMatchObject({
      verifiedDomains: null,
      tenant: { softMatchOnUpn: 'off', addressSpace: 'shared', blockSoftMatch: 'unknown', updateCollision: 'unknown' },
      directory: 'whole',
      exchangeAuthority: 'mixed',
    });
    const below = ['--ldap', 'ldaps://dc', '--bind-dn', 'a', '--base', 'OU=a,DC=c', '--predict'];
    expect(request(...below).prediction).toMatchObject({ directory: 'part', exchangeAuthority: 'on-premises' });
  });

  it('says which options IdFix does not know of', () => {
    expect(request('-i', 'a.csv', '--profile', 'idfix-compat', '--scope', 'DC=c').notes).toEqual([
      '--scope has no effect: IdFix does not know of it.',
    ]);
  });

  it('names every problem at once', () => {
    expect(problems('--input', 'a.csv', '--format', 'x', '--profile', 'y', '--now', 'z')).toHaveLength(3);
  });

  it.each(['--password', '--bind-password'])('never takes a password with %s, and does not repeat it', (option) => {
    const told = problems('--ldap', 'ldaps://dc', '--bind-dn', 'a', option, 'S3cret!');
    expect(told).toEqual([expect.stringContaining('SYNCMEND_LDAP_PASSWORD')]);
    expect(told.join()).not.toContain('S3cret!');
  });

  it('helps', () => {
    expect(readArguments(['--help'], now)).toEqual({ do: 'help' });
  });

  it('knows every option that its help and docs/audit.md name', async () => {
    const page = await readFile(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
    const named = new Set(`${usage} ${page}`.match(/(?<=[\s`(])--[a-z][a-z-]+/g));
    expect(named.size).toBeGreaterThan(15);
    for (const option of named)
      expect(readArguments([option], now), option).not.toMatchObject({
        problems: [expect.stringMatching(/^Unknown option/)],
      });
  });
});
