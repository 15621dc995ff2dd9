import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** One domain of a forest. */
export interface DomainConfig {
  readonly dnsName: string;
  readonly baseDn: string;
  /** Writable controllers, preferred first; used in this order when the sync engine does not say which one it reads. */
  readonly controllers: readonly string[];
  /** Name of the AD connector that imports this domain; the forest's name unless given. */
  readonly connectorName?: string | undefined;
}

export interface ForestConfig {
  readonly forest: string;
  readonly globalCatalogue: string;
  readonly bindDn: string;
  readonly passwordFile: string;
  /** Path of a PEM file with the authority that signed the controllers' certificates. */
  readonly ca?: string | undefined;
  readonly domains: readonly DomainConfig[];
}

export interface RelayConfig {
  readonly port: number;
  readonly host: string;
  /** PEM texts. */
  readonly tls: { readonly certificate: string; readonly key: string };
  readonly audiences: readonly string[];
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly powershell: string;
  /** Folder of the scripts that speak with the sync engine. */
  readonly scripts: string;
  readonly forests: readonly ForestConfig[];
}

export type ConfigAnswer =
  | { readonly ok: true; readonly config: RelayConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

const readableFile = z.string().min(1).refine(existsSync, 'names no file that exists');
const pemFile = readableFile.transform((path) => readFileSync(path, 'utf8'));
const globalCataloguePorts = ['3268', '3269'];
const ldapUrl = z.string().regex(/^ldaps?:\/\/[^/]+$/, 'is not ldaps://host[:port] (or ldap:// for StartTLS)');
const writableUrl = ldapUrl.refine(
  (url) => !globalCataloguePorts.includes(url.slice(url.lastIndexOf(':') + 1)),
  'is a global catalogue port: the global catalogue cannot be written',
);

const forests = z
  .array(
    z.strictObject({
      forest: z.string().min(1),
      globalCatalogue: ldapUrl,
      bindDn: z.string().min(1),
      passwordFile: readableFile,
      ca: readableFile.optional(),
      domains: z
        .array(
          z.strictObject({
            dnsName: z.string().min(1),
            baseDn: z.string().regex(/^DC=/i, 'is not the DN of a domain'),
            controllers: z.array(writableUrl).min(1),
            connectorName: z.string().min(1).optional(),
          }),
        )
        .min(1),
    }),
  )
  .min(1)
  .refine(
    (list) => new Set(list.map(({ forest }) => forest.toLowerCase())).size === list.length,
    'names a forest twice',
  );

/** RELAY_FORESTS is the JSON itself or the path of a file that holds it. */
const forestsSetting = z
  .string()
  .min(1)
  .transform((setting, context) => {
    try {
      const inline = setting.trimStart().startsWith('[');
      return JSON.parse(inline ? setting : readFileSync(setting, 'utf8')) as unknown;
    } catch (thrown) {
      context.addIssue({
        code: 'custom',
        message: `is neither JSON nor the path of a JSON file: ${(thrown as Error).message}`,
      });
      return z.NEVER;
    }
  })
  .pipe(forests);

const settings = z.object({
  RELAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8443),
  RELAY_HOST: z.string().min(1).default('0.0.0.0'),
  RELAY_TLS_CERTIFICATE: pemFile,
  RELAY_TLS_KEY: pemFile,
  RELAY_AUDIENCE: z
    .string()
    .min(1)
    .transform((list) => list.split(',').map((audience) => audience.trim())),
  RELAY_ISSUER: z.url(),
  RELAY_JWKS_URL: z.url({ protocol: /^https$/ }),
  RELAY_POWERSHELL: z.string().min(1).default('powershell.exe'),
  RELAY_SCRIPTS: z
    .string()
    .min(1)
    .default(() => fileURLToPath(new URL('adsync', import.meta.url))),
  RELAY_FORESTS: forestsSetting,
});

/** Reads the relay's settings; every problem is named at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigAnswer {
  const read = settings.safeParse(environment);
  if (!read.success) return { ok: false, problems: read.error.issues.map(problemOf) };
  const { data } = read;
  return {
    ok: true,
    config: {
      port: data.RELAY_PORT,
      host: data.RELAY_HOST,
      tls: { certificate: data.RELAY_TLS_CERTIFICATE, key: data.RELAY_TLS_KEY },
      audiences: data.RELAY_AUDIENCE,
      issuer: data.RELAY_ISSUER,
      jwksUrl: data.RELAY_JWKS_URL,
      powershell: data.RELAY_POWERSHELL,
      scripts: data.RELAY_SCRIPTS,
      forests: data.RELAY_FORESTS,
    },
  };
}

function problemOf(issue: z.core.$ZodIssue): string {
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return `${z.core.toDotPath(issue.path)}: ${missing ? 'is missing' : issue.message}`;
}
