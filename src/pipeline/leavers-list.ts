import type { AuditObject } from '../audit/audit-object.ts';
import type { AuditSettings } from '../audit/audit-settings.ts';
import { entraRules } from '../audit/index.ts';
import type { Unknown } from '../audit/preflight/claims.ts';
import type { CloudObject, Fact } from '../domain/evidence.ts';
import { isSmtp } from '../domain/proxy-address.ts';
import type { Failure } from '../domain/result.ts';
import type { AuditFiles, AuditRuns, Clock, CloudAccounts, CloudDirectory, OnPremises } from '../ports.ts';

export interface LeaverPorts {
  readonly clock: Clock;
  readonly onPremises: OnPremises;
  readonly directory: Pick<CloudDirectory, 'readBySourceAnchor'>;
  readonly accounts: CloudAccounts;
  readonly runs: AuditRuns;
  readonly files: Pick<AuditFiles, 'read'>;
}

/** An account that nobody seems to use, and what it still holds where that is mastered. */
export interface Leaver {
  readonly name: string;
  readonly side: 'active-directory' | 'entra';
  /** objectGUID, or Entra object id. */
  readonly id: string;
  readonly distinguishedName?: string;
  readonly userPrincipalName?: string;
  readonly because: 'disabled' | 'inactive';
  /** ISO 8601: when it was disabled, or last used; null: not known. */
  readonly since: string | null;
  /** Addresses where they are mastered; licences in Entra alone. */
  readonly holds: { readonly addresses: readonly string[]; readonly licensed: boolean };
  readonly message: string;
  readonly remedy: string;
  /** ISO 8601. */
  readonly readAt: string;
}

/** Parts of the list, in order. */
export const phases = [
  'disabled on premises',
  'inactive on premises',
  'disabled in Entra',
  'inactive in Entra',
] as const;
export type Phase = (typeof phases)[number];

/** Where a list stands: in which part, and where in it. */
export interface Place {
  readonly phase: Phase;
  /** Of the part; null: its beginning. */
  readonly token: string | null;
  /** Report of the audit that the parts on premises are read from. */
  readonly run: string | null;
}

/** One page of one part. */
export interface Part {
  readonly value: readonly Leaver[];
  readonly unknowns: readonly Unknown[];
  readonly next: Place | null;
}

/** Where a part begins that follows another; undefined: there is none. */
export function phaseAfter({ phase }: Place, run: string | null): Place | undefined {
  const next = phases[phases.indexOf(phase) + 1];
  return next && { phase: next, token: null, run };
}

export const ruleOf = {
  'disabled on premises': 'DisabledAccountWithAddresses',
  'inactive on premises': 'InactiveAccountWithAddresses',
  'disabled in Entra': 'DisabledAccountWithAddresses',
  'inactive in Entra': 'InactiveAccountWithLicence',
} as const;

export function problemOf(phase: Place['phase'], object: AuditObject, settings: AuditSettings) {
  for (const rule of entraRules) {
    if (rule.meta.code !== ruleOf[phase]) continue;
    for (const value of rule.values(object)) {
      const problem = rule.check(value, object, settings);
      if (problem !== null) return problem;
    }
  }
  return null;
}

export const addressesOf = ({ proxyAddresses, mail }: Pick<CloudObject, 'proxyAddresses' | 'mail'>): string[] => {
  const smtp = proxyAddresses.filter(isSmtp);
  return smtp.length === 0 && mail ? [mail] : smtp;
};

export const whoseMailbox = (
  name: string,
  id: string,
  { because, remedy }: Extract<Fact<boolean>, { state: 'unknown' }>,
): Unknown => ({
  what: `whether ${name} (${id}) belongs to a shared, room or equipment mailbox; it is not listed`,
  because,
  remedy,
});

export const againAt = (source: string, failure: Failure): string =>
  failure.kind === 'NotPermitted' ? failure.remedy : `Bring the connection to ${source} back, and ask again.`;
