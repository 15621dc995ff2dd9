import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../identity/identities.ts';
import { appSettings, type Surroundings } from './app-settings.ts';

/** What the audit trail's command line reads of the environment, in Azure and here. */
const audited = [
  'SYNCMEND_TENANT_ID',
  'SYNCMEND_TABLES_URL',
  'SYNCMEND_BLOBS_URL',
  'SYNCMEND_IDENTITY_CLIENT_ID',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'AZURE_TOKEN_CREDENTIALS',
];

const preload = new URL('trust-authority.ts', import.meta.url).href;
const auditFile = (directory: string): string => join(directory, 'audit-trail.env');

/** Settings with which `npm run audit-trail` works on this stack, as the worker's identity. */
export function writeAuditSettings(directory: string, worker: Identity, around: Surroundings): void {
  const settings = appSettings('worker', worker, around);
  const lines = [
    ...audited.map((name) => `${name}=${settings[name] ?? ''}`),
    `LOCAL_STACK_AUTHORITY=${around.authorityFile}`,
    `NODE_OPTIONS=--import=${preload}`,
  ];
  writeFileSync(auditFile(directory), `${lines.join('\n')}\n`, { mode: 0o600 });
}

export function removeAuditSettings(directory: string): void {
  rmSync(auditFile(directory), { force: true });
}
