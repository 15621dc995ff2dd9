import { z } from 'zod';

/**
 * The only reader of the environment. Settings are ours and set by the deployment; platform variables are injected by Azure and
 * must never be set by it.
 */

const seconds = (standard: number) => z.coerce.number().positive().default(standard);
const count = (standard: number) => z.coerce.number().int().positive().default(standard);
const flag = (standard: boolean) =>
  z
    .enum(['true', 'false'])
    .default(standard ? 'true' : 'false')
    .transform((text) => text === 'true');
const httpsUrl = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(';')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );
const json = <T extends z.ZodType>(shape: T) =>
  z.string().transform((text, context): z.output<T> => {
    const parsed = shape.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `must be JSON of this shape: ${z.prettifyError(parsed.error)}` });
    return z.NEVER;
  });

const zone = z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin');
/** Six fields, the first of them seconds; the host drops a function whose schedule it cannot read, and says that it is well. */
const schedule = (standard: string) =>
  z
    .string()
    .regex(/^\s*\S+(\s+\S+){5}\s*$/, 'must be a schedule of six fields, such as 0 */5 * * * *')
    .default(standard);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM');

export const settings = z.object({
  SYNCMEND_APP: z.enum(['api', 'worker'], { error: "must be 'api' or 'worker': which of the two apps this is" }),
  SYNCMEND_TENANT_ID: z.guid('must be the directory (tenant) id, a GUID'),
  SYNCMEND_TABLES_URL: httpsUrl,
  SYNCMEND_BLOBS_URL: httpsUrl,
  ServiceBus__fullyQualifiedNamespace: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, 'must be a host name such as example.servicebus.windows.net'),
  /** Where the namespace is reached when that is not its own name. */
  SYNCMEND_SERVICE_BUS_ENDPOINT: httpsUrl.optional(),
  SYNCMEND_GRAPH_URL: httpsUrl.default('https://graph.microsoft.com/v1.0'),
  SYNCMEND_RELAY_URL: httpsUrl,
  SYNCMEND_RELAY_SCOPE: z.string().min(1),
  /** Client id of the user-assigned managed identity; absent: the system-assigned one. */
  SYNCMEND_IDENTITY_CLIENT_ID: z.guid().optional(),
  SYNCMEND_EXCHANGE_AUTHORITY: z.enum(['on-premises', 'mixed', 'cloud'], {
    error: "must be 'on-premises', 'mixed' or 'cloud'",
  }),
  SYNCMEND_ALLOW_DIRECT_EXCHANGE_WRITES: flag(false),
  /** Ids, objectGUIDs, UPNs or DNs, separated by semicolons. */
  SYNCMEND_PROTECTED_OBJECTS: list,
  SYNCMEND_FOUR_EYES: flag(false),
  SYNCMEND_APPROVAL_DAYS: count(7),
  /** JSON: [{"code": "QuarantinedProxyAddress", "mostRisk": "low"}] */
  SYNCMEND_APPROVAL_POLICY: json(
    z.array(z.strictObject({ code: z.string().min(1), mostRisk: z.enum(['low', 'medium', 'high']) })),
  ).default([]),
  SYNCMEND_KILL_SWITCH: flag(false),
  SYNCMEND_MOST_CHANGES_PER_RUN: count(2000),
  SYNCMEND_MOST_CHANGES_PER_HOUR: count(5000),
  /** JSON: {"from": "08:00", "to": "18:00", "zone": "Europe/Berlin"} */
  SYNCMEND_QUIET_HOURS: json(z.strictObject({ from: clockTime, to: clockTime, zone })).optional(),
  SYNCMEND_RELEASE_INTERVAL_SECONDS: seconds(3600),
  SYNCMEND_VERIFY_POLL_SECONDS: seconds(300),
  SYNCMEND_DETECT_SCHEDULE: schedule('0 0 2 * * *'),
  SYNCMEND_DETECT_GRAPH_SCHEDULE: schedule('0 */10 * * * *'),
  SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE: schedule('0 */5 * * * *'),
  SYNCMEND_SWEEP_SCHEDULE: schedule('30 */5 * * * *'),
  SYNCMEND_AUDIT_FULL_SCHEDULE: schedule('0 0 1 * * 0'),
  SYNCMEND_AUDIT_SCHEDULE: schedule('0 0 3 * * *'),
  SYNCMEND_AUDIT_MOST_CASES: count(1000),
  SYNCMEND_AUDIT_INACTIVE_DAYS: count(90),
  SYNCMEND_USER_NAME_ATTRIBUTE: z.enum(['userPrincipalName', 'mail']).default('userPrincipalName'),
  /** How Entra Connect finds the objects of one person in several forests. */
  SYNCMEND_MATCH_OPTION: z
    .string()
    .regex(
      /^(none|mail|objectSid-msExchMasterAccountSid|sAMAccountName-mailNickname|attribute:[A-Za-z][\w-]*)$/,
      'must be none, mail, objectSid-msExchMasterAccountSid, sAMAccountName-mailNickname or attribute:<LDAP name>',
    )
    .default('none'),
  /** DNs of the subtrees that are synchronised, separated by semicolons; empty: all. */
  SYNCMEND_SYNC_SCOPE: list,
});
export type Settings = z.output<typeof settings>;

export const platformVariables = z.object({
  /** App Service tells us here that it authenticates callers; without it nobody is believed. */
  WEBSITE_AUTH_ENABLED: z
    .string()
    .default('')
    .transform((text) => text.toLowerCase() === 'true'),
});

export interface Config extends Settings {
  readonly callersAreAuthenticated: boolean;
}

/** A setting that is missing or malformed, and what it must be. */
export interface SettingProblem {
  readonly setting: string;
  readonly problem: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Read<T> = { config: T } | { problems: SettingProblem[] };

/** Reads all settings at once; every problem is named, not only the first. */
export function readConfig(environment: Environment): Read<Config> {
  const read = readSettings(settings, environment);
  if ('problems' in read) return read;
  const { WEBSITE_AUTH_ENABLED } = platformVariables.parse(environment);
  return { config: { ...read.config, callersAreAuthenticated: WEBSITE_AUTH_ENABLED } };
}

/** What the audit trail's command line needs of the settings. */
export const auditSettings = settings.pick({
  SYNCMEND_TENANT_ID: true,
  SYNCMEND_TABLES_URL: true,
  SYNCMEND_BLOBS_URL: true,
  SYNCMEND_IDENTITY_CLIENT_ID: true,
});
export type AuditConfig = z.output<typeof auditSettings>;

export const readAuditConfig = (environment: Environment): Read<AuditConfig> =>
  readSettings(auditSettings, environment);

function readSettings<Shape extends z.ZodType>(shape: Shape, environment: Environment): Read<z.output<Shape>> {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, text]) => text !== undefined && text !== ''),
  );
  const read = shape.safeParse(present);
  if (read.success) return { config: read.data };
  return {
    problems: read.error.issues.map((issue) => ({
      setting: issue.path.join('.'),
      problem: present[String(issue.path[0])] === undefined ? `is missing: ${issue.message}` : issue.message,
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
