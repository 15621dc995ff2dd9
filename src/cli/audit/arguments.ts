import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuditSettings, MatchOption } from '../../audit/audit-settings.ts';
import type { IdFixMode } from '../../audit/idfix/scope.ts';
import type { PredictionSettings } from '../../audit/prediction/prediction-settings.ts';
import { formatOfFile, type InputFormat, inputFormats } from './input.ts';
import { predictionIn } from './prediction-options.ts';

export type OutputFormat = 'table' | 'csv' | 'json' | 'html';

export interface FileInput {
  /** `-`: standard input. */
  readonly path: string;
  readonly format: InputFormat;
}

export interface LdapInput {
  readonly url: string;
  readonly bindDn: string;
  /** Null: the domain of the controller. */
  readonly base: string | null;
  /** Path of a PEM file. */
  readonly caFile: string | null;
}

/** The rules that are asked. */
export type Profile =
  | { readonly name: 'entra' }
  | { readonly name: 'idfix-compat'; readonly mode: IdFixMode; readonly alternateLoginId: boolean };

export interface AuditRequest {
  readonly files: readonly FileInput[];
  readonly ldap: LdapInput | null;
  /** Files of what Microsoft Graph answered, read after the objects on premises. */
  readonly entraFiles: readonly string[];
  readonly profile: Profile;
  readonly settings: AuditSettings;
  /** Null: findings are asked for, and not what the next synchronisation will do. */
  readonly prediction: PredictionSettings | null;
  readonly format: OutputFormat;
  /** Null: standard output. */
  readonly outputFile: string | null;
  /** What IdFix left behind, oldest first. */
  readonly idFixFiles: readonly string[];
  readonly quiet: boolean;
  /** What was asked for without an effect, and why. */
  readonly notes: readonly string[];
}

export type Arguments =
  | { readonly do: 'audit'; readonly request: AuditRequest }
  | { readonly do: 'help' }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

type Values = Exclude<ReturnType<typeof parse>, string>['values'];

const outputFormats: readonly OutputFormat[] = ['table', 'csv', 'json', 'html'];
const distinguishedName = /^[A-Za-z][\w.-]*=(?:\\.|[^,\\])+(?:,\s*[A-Za-z][\w.-]*=(?:\\.|[^,\\])+)*$/;
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/;

/** What the command line asks for; every problem of it is named. */
export function readArguments(args: readonly string[], now: string): Arguments {
  const read = parse(args);
  if (typeof read === 'string') return { do: 'refuse', problems: [read] };
  const { values, positionals } = read;
  if (values.help) return { do: 'help' };
  const problems: string[] = [];
  const refuse = (problem: string): void => void problems.push(problem);
  if (positionals.length > 0) refuse(`'${positionals.join(' ')}' is not understood; a file is named with --input.`);
  for (const secret of ['password', 'bind-password'] as const)
    if (values[secret] !== undefined)
      refuse(`--${secret}: others can read a command line. Set SYNCMEND_LDAP_PASSWORD, or wait to be asked.`);
  const settings = settingsIn(values, now, refuse);
  const choose = <T extends string>(option: string, asked: string, known: readonly T[]): T =>
    oneOf(option, asked, known, refuse);
  const request: AuditRequest = {
    files: filesIn(values, refuse),
    ldap: ldapIn(values, refuse),
    entraFiles: values.entra ?? [],
    profile: profileIn(values, refuse),
    settings,
    prediction: predictionIn(values, settings, choose, refuse),
    format: oneOf('format', values.format ?? 'table', outputFormats, refuse),
    outputFile: values.output ?? null,
    idFixFiles: values.idfix ?? [],
    quiet: values.quiet ?? false,
    notes: notesOn(values),
  };
  if (request.files.length === 0 && request.ldap === null && problems.length === 0)
    refuse('say what to audit: --input FILE or --ldap URL.');
  const { files, entraFiles, idFixFiles } = request;
  const inputs = [...files.map(({ path }) => path), ...entraFiles, ...idFixFiles].filter((path) => path !== '-');
  for (const path of inputs.filter((one, position) => inputs.indexOf(one) < position))
    refuse(`'${path}' is named twice.`);
  if (request.outputFile !== null && inputs.some((path) => resolve(path) === resolve(request.outputFile ?? '')))
    refuse(`--output '${request.outputFile}' would take the place of an input.`);
  if (entraFiles.includes('-')) refuse('--entra needs a file, not standard input.');
  if (request.profile.name === 'idfix-compat') {
    if (values.predict) refuse('--predict belongs to --profile entra: IdFix knows nothing of the synchronisation.');
    if (entraFiles.length > 0) refuse('--entra belongs to --profile entra: IdFix knows nothing of the cloud.');
  }
  if (values.predict && idFixFiles.length > 0)
    refuse('--predict and --idfix exclude each other: what IdFix did is followed up beside findings.');
  if (files.length > 0 && request.ldap !== null) refuse('--input and --ldap exclude each other.');
  return problems.length === 0 ? { do: 'audit', request } : { do: 'refuse', problems };
}

type Refuse = (problem: string) => void;

function filesIn(values: Values, refuse: Refuse): FileInput[] {
  const asked = values['input-format'];
  const forced = asked === undefined ? undefined : oneOf('input-format', asked, inputFormats, refuse);
  const paths = values.input ?? [];
  if (paths.filter((path) => path === '-').length > 1) refuse('--input - can be given once.');
  if (forced !== undefined && paths.length === 0) refuse('--input-format belongs to --input.');
  return paths.flatMap((path) => {
    const format = forced ?? formatOfFile(path);
    if (format !== undefined) return [{ path, format }];
    const what =
      path === '-' ? 'standard input has no file name' : `'${path}' ends with none of .ldif .csv .ndjson .json`;
    refuse(`--input: ${what}; say --input-format ${inputFormats.join('|')}.`);
    return [];
  });
}

function ldapIn(values: Values, refuse: Refuse): LdapInput | null {
  const { ldap: url, base = null, ca: caFile = null } = values;
  const bindDn = values['bind-dn'];
  if (url === undefined) {
    for (const option of ['base', 'bind-dn', 'ca'] as const)
      if (values[option] !== undefined) refuse(`--${option} belongs to --ldap.`);
    return null;
  }
  if (!/^ldaps?:\/\/[^/\s]+\/?$/i.test(url) || !URL.canParse(url))
    refuse(`--ldap '${url}' is not ldaps://host[:port] (or ldap:// for StartTLS).`);
  if (bindDn === undefined) refuse('--ldap needs --bind-dn: a DN or a user principal name to sign in with.');
  if (base !== null && !distinguishedName.test(base)) refuse(`--base '${base}' is no distinguished name.`);
  return { url: url.replace(/\/$/, ''), bindDn: bindDn ?? '', base, caFile };
}

function profileIn(values: Values, refuse: Refuse): Profile {
  const name = oneOf('profile', values.profile ?? 'entra', ['entra', 'idfix-compat'] as const, refuse);
  const mode = oneOf('mode', values.mode ?? 'multi-tenant', ['multi-tenant', 'dedicated'] as const, refuse);
  if (name === 'idfix-compat') return { name, mode, alternateLoginId: values['alternate-login-id'] ?? false };
  if (values.mode !== undefined) refuse('--mode belongs to --profile idfix-compat.');
  return { name };
}

const ofEntraOnly = ['verified-domains', 'match-option', 'scope', 'inactive-days'] as const;

function notesOn(values: Values): string[] {
  const { profile = 'entra', 'verified-domains': domains } = values;
  if (profile.toLowerCase() === 'idfix-compat')
    return ofEntraOnly
      .filter((option) => values[option] !== undefined)
      .map((option) => `--${option} has no effect: IdFix does not know of it.`);
  return domains === undefined
    ? ['Without --verified-domains nothing is said of suffixes that the tenant does not have.']
    : [];
}

function settingsIn(values: Values, now: string, refuse: Refuse): AuditSettings {
  const verifiedDomains = domainsIn(values, refuse);
  const moment = values.now ?? now;
  if (Number.isNaN(Date.parse(moment))) refuse(`--now '${moment}' is no moment in ISO 8601.`);
  const days = values['inactive-days'] ?? '90';
  if (!/^[1-9]\d{0,4}$/.test(days)) refuse(`--inactive-days '${days}' is no whole number of days.`);
  const scope = values.scope ?? null;
  for (const dn of scope ?? []) if (!distinguishedName.test(dn)) refuse(`--scope '${dn}' is no distinguished name.`);
  return {
    verifiedDomains,
    initialDomain:
      verifiedDomains?.find((domain) => /^[^.]+\.onmicrosoft\.(?:com|us)$|\.partner\.onmschina\.cn$/.test(domain)) ??
      null,
    now: Number.isNaN(Date.parse(moment)) ? now : new Date(moment).toISOString(),
    inactiveDays: Number(days),
    userNameAttribute: values['alternate-login-id'] ? 'mail' : 'userPrincipalName',
    matchOption: matchOptionIn(values, refuse),
    scope,
  };
}

function domainsIn(values: Values, refuse: Refuse): string[] | null {
  if (values['verified-domains'] === undefined) return null;
  const domains = values['verified-domains']
    .flatMap((list) => list.split(','))
    .map((domain) => domain.trim().toLowerCase())
    .filter((domain) => domain !== '');
  for (const domain of domains) if (!domainName.test(domain)) refuse(`--verified-domains: '${domain}' is no domain.`);
  if (domains.length === 0) refuse('--verified-domains names none.');
  return domains;
}

const matchOptions = ['none', 'mail', 'objectSid-msExchMasterAccountSid', 'sAMAccountName-mailNickname'] as const;

function matchOptionIn(values: Values, refuse: Refuse): MatchOption {
  const asked = values['match-option'] ?? 'none';
  const [, attribute] = /^attribute:([A-Za-z][\w-]*)$/.exec(asked) ?? [];
  if (attribute !== undefined) return { by: 'attribute', attribute };
  const by = matchOptions.find((option) => option.toLowerCase() === asked.toLowerCase());
  if (by !== undefined) return { by };
  refuse(`--match-option '${asked}' is none of ${matchOptions.join(', ')}, attribute:NAME.`);
  return { by: 'none' };
}

function oneOf<T extends string>(option: string, asked: string, known: readonly T[], refuse: Refuse): T {
  const found = known.find((one) => one === asked.toLowerCase());
  if (found === undefined) refuse(`--${option} '${asked}' is none of ${known.join(', ')}.`);
  return found ?? (known[0] as T);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        input: { type: 'string', multiple: true, short: 'i' },
        'input-format': { type: 'string' },
        ldap: { type: 'string' },
        base: { type: 'string' },
        'bind-dn': { type: 'string' },
        ca: { type: 'string' },
        entra: { type: 'string', multiple: true },
        predict: { type: 'boolean' },
        tenant: { type: 'string', multiple: true },
        directory: { type: 'string' },
        'exchange-authority': { type: 'string' },
        password: { type: 'string' },
        'bind-password': { type: 'string' },
        profile: { type: 'string' },
        mode: { type: 'string' },
        'alternate-login-id': { type: 'boolean' },
        'verified-domains': { type: 'string', multiple: true },
        'match-option': { type: 'string' },
        scope: { type: 'string', multiple: true },
        'inactive-days': { type: 'string' },
        now: { type: 'string' },
        idfix: { type: 'string', multiple: true },
        format: { type: 'string', short: 'f' },
        output: { type: 'string', short: 'o' },
        quiet: { type: 'boolean', short: 'q' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
