import type { AuditSettings } from '../audit/audit-settings.ts';
import type { Finding } from '../audit/finding.ts';
import { auditObjectOfAd } from '../audit/live-object.ts';
import { distinctUnknowns, type Unknown } from '../audit/preflight/claims.ts';
import type { AuditRun } from '../domain/audit-run.ts';
import type { AdObject, Fact } from '../domain/evidence.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';
import { anchorOf } from '../domain/party.ts';
import type { Failure } from '../domain/result.ts';
import type { AuditRuns } from '../ports.ts';
import type { AuditPolicy } from './audit-policy.ts';
import { inParallel } from './in-parallel.ts';
import {
  addressesOf,
  againAt,
  type Leaver,
  type LeaverPorts,
  type Part,
  type Phase,
  type Place,
  phaseAfter,
  problemOf,
  ruleOf,
  whoseMailbox,
} from './leavers-list.ts';
import { readFindings } from './read-audits.ts';

const width = 4;

/** Accounts that the audit found, read again. */
export async function onPremisesPage(
  ports: LeaverPorts,
  policy: AuditPolicy,
  settings: AuditSettings,
  place: Place,
  pageSize: number,
): Promise<Part | null> {
  const { runs, files } = ports;
  const run = place.run === null ? await latestReport(runs) : await runs.read(place.run);
  if (!run?.report) return place.run === null ? { value: [], unknowns: [noReport], next: afterOnPremises } : null;
  const answer = await readFindings(runs, files, run.id, {
    rule: ruleOf[place.phase],
    pageSize,
    ...(place.token === null ? {} : { continuationToken: place.token }),
  });
  if (answer.kind !== 'page') return null;
  const findings = (answer.page.value as readonly Finding[]).filter(({ object }) => object.origin?.side !== 'entra');
  const read = await inParallel(width, findings, (finding) => presentLeaver(ports, settings, place.phase, finding));
  const token = answer.page.continuationToken ?? null;
  return {
    value: read.flatMap(({ leaver }) => leaver ?? []),
    unknowns: distinctUnknowns([
      ...read.flatMap(({ unknown }) => unknown ?? []),
      ...limitsOf(run, policy, settings, place),
    ]),
    next: token === null ? (phaseAfter(place, run.id) ?? null) : { ...place, token, run: run.id },
  };
}

const latestReport = async (runs: AuditRuns): Promise<AuditRun | undefined> =>
  (await runs.list(20, null)).find(({ report }) => report !== undefined);

const afterOnPremises: Place = { phase: 'disabled in Entra', token: null, run: null };

const noReport: Unknown = {
  what: 'accounts in Active Directory',
  because: 'No run of the audit has a report.',
  remedy: 'Let the function auditFull run, or wait for its schedule.',
};

function limitsOf(run: AuditRun, policy: AuditPolicy, { inactiveDays }: AuditSettings, { phase }: Place): Unknown[] {
  const what = 'accounts in Active Directory';
  return [
    ...(run.state === 'incomplete'
      ? [
          {
            what,
            because: 'A part of the directories was missing when the audit ran.',
            remedy: `See /api/audits/${run.id}.`,
          },
        ]
      : []),
    ...(phase === 'inactive on premises' && inactiveDays < policy.inactiveDays
      ? [
          {
            what: `accounts in Active Directory unused for ${inactiveDays} to ${policy.inactiveDays} days`,
            because: `The audit counts an account as inactive after ${policy.inactiveDays} days.`,
            remedy: 'Set SYNCMEND_AUDIT_INACTIVE_DAYS lower, and let the audit run.',
          },
        ]
      : []),
  ];
}

/** What the audit found, as it is now; null: it is not so any more. */
async function presentLeaver(
  ports: LeaverPorts,
  settings: AuditSettings,
  phase: Phase,
  { object: { objectGUID = '' } }: Finding,
): Promise<{ leaver: Leaver | null; unknown?: Unknown }> {
  const because = phase.startsWith('disabled') ? 'disabled' : 'inactive';
  const { onPremises, clock } = ports;
  const read = await onPremises.findBySourceAnchor(immutableIdOf(objectGUID) ?? '');
  if (!read.ok) {
    return { leaver: null, unknown: presentState(read.failure) };
  }
  const ad = read.value.find((one) => one.objectGuid === objectGUID.toLowerCase());
  const problem = ad === undefined ? null : problemOf(phase, auditObjectOfAd(ad), settings);
  if (ad === undefined || problem === null) return { leaver: null };
  const resource = await isResourceInCloud(ports, ad);
  if (resource.state === 'unknown')
    return { leaver: null, unknown: whoseMailbox(ad.displayName, ad.objectGuid, resource) };
  if (resource.value) return { leaver: null };
  return {
    leaver: {
      name: ad.displayName,
      side: 'active-directory',
      id: ad.objectGuid,
      distinguishedName: ad.distinguishedName,
      ...(ad.userPrincipalName === undefined ? {} : { userPrincipalName: ad.userPrincipalName }),
      because,
      since: (because === 'disabled' ? ad.whenDisabled : ad.lastLogonTimestamp) ?? null,
      holds: { addresses: addressesOf(ad), licensed: false },
      ...problem,
      readAt: clock.now().toISOString(),
    },
  };
}

/** A mailbox that was made a shared one in the cloud shows that there alone. One on premises is told by its own type. */
async function isResourceInCloud({ directory, accounts, clock }: LeaverPorts, ad: AdObject): Promise<Fact<boolean>> {
  const none: Fact<boolean> = { state: 'known', value: false, source: 'relay', at: clock.now().toISOString() };
  const anchor = anchorOf(ad);
  if (ad.homeMdb !== undefined || anchor === null) return none;
  const twin = await directory.readBySourceAnchor(anchor);
  if (!twin.ok)
    return { state: 'unknown', because: twin.failure.message, remedy: againAt('Microsoft Graph', twin.failure) };
  return twin.value === null || twin.value.deletedDateTime !== undefined ? none : accounts.isResource(twin.value);
}

const presentState = (failure: Failure): Unknown => ({
  what: 'the present state of accounts that the audit found; they are not listed',
  because: failure.message,
  remedy: againAt('the relay', failure),
});
