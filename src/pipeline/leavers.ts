import type { AuditObject } from '../audit/audit-object.ts';
import type { AuditSettings } from '../audit/audit-settings.ts';
import type { Finding } from '../audit/finding.ts';
import { entraRules } from '../audit/index.ts';
import { auditObjectOfAd, auditObjectOfCloud } from '../audit/live-object.ts';
import type { Unknown } from '../audit/preflight-claims.ts';
import type { AuditRun } from '../domain/audit-run.ts';
import type { AdObject, CloudObject, Fact } from '../domain/evidence.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';
import { anchorOf } from '../domain/party.ts';
import { isSmtp } from '../domain/proxy-address.ts';
import { resourceTypes } from '../domain/recipient.ts';
import type { Failure } from '../domain/result.ts';
import { daysLater } from '../domain/time.ts';
import type {
  AuditFiles,
  AuditRuns,
  Clock,
  CloudAccountPage,
  CloudAccounts,
  CloudDirectory,
  OnPremises,
} from '../ports.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { inParallel } from './in-parallel.ts';
import { readFindings } from './read-audits.ts';

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

export interface LeaversPage {
  readonly value: readonly Leaver[];
  /** Why accounts may be missing, or facts about those that are listed. */
  readonly unknowns: readonly Unknown[];
  /** Absent: this was the last page. A page may be empty and not the last. */
  readonly continuationToken?: string;
}

export interface LeaversRequest {
  readonly days: number | undefined;
  readonly pageSize: number;
  readonly continuationToken: string | undefined;
}

const phases = ['disabled on premises', 'inactive on premises', 'disabled in Entra', 'inactive in Entra'] as const;

/** Where a list stands: in which part, and where in it. */
interface Place {
  readonly phase: (typeof phases)[number];
  /** Of the part; null: its beginning. */
  readonly token: string | null;
  /** Report of the audit that the parts on premises are read from. */
  readonly run: string | null;
}

const width = 4;

/**
 * Accounts that are disabled or not used and still hold addresses or a licence. On premises those that the last audit found,
 * read again now; in Entra what Microsoft Graph lists now. Nothing is guessed: an account whose mailbox may be a shared one is
 * not listed, and `unknowns` says so.
 *
 * @returns null when the token is not one of this list
 */
export async function listLeavers(
  ports: LeaverPorts,
  policy: AuditPolicy,
  { days = policy.inactiveDays, pageSize, continuationToken }: LeaversRequest,
): Promise<LeaversPage | null> {
  const place = continuationToken === undefined ? firstPlace : placeOf(continuationToken, days);
  if (place === null) return null;
  const settings = auditSettings({ ...policy, inactiveDays: days }, notAsked, ports.clock.now());
  const page = place.phase.endsWith('on premises')
    ? await onPremisesPage(ports, policy, settings, place, pageSize)
    : await entraPage(ports, settings, place, pageSize);
  if (page === null) return null;
  const { next, ...answer } = page;
  return { ...answer, ...(next === null ? {} : { continuationToken: tokenOf(next, days) }) };
}

const firstPlace: Place = { phase: phases[0], token: null, run: null };
/** The rules of leavers do not look at domains. */
const notAsked = { state: 'unknown', because: '', remedy: '' } as const;

interface Part {
  readonly value: readonly Leaver[];
  readonly unknowns: readonly Unknown[];
  readonly next: Place | null;
}

const ruleOf = {
  'disabled on premises': 'DisabledAccountWithAddresses',
  'inactive on premises': 'InactiveAccountWithAddresses',
  'disabled in Entra': 'DisabledAccountWithAddresses',
  'inactive in Entra': 'InactiveAccountWithLicence',
} as const;

async function onPremisesPage(
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
    unknowns: distinct([...read.flatMap(({ unknown }) => unknown ?? []), ...limitsOf(run, policy, settings, place)]),
    next: token === null ? (phaseAfter(place, run.id) ?? null) : { ...place, token, run: run.id },
  };
}

const latestReport = async (runs: AuditRuns): Promise<AuditRun | undefined> =>
  (await runs.list(20, null)).find(({ report }) => report !== undefined);

const afterOnPremises: Place = { phase: 'disabled in Entra', token: null, run: null };

function phaseAfter({ phase }: Place, run: string | null): Place | undefined {
  const next = phases[phases.indexOf(phase) + 1];
  return next && { phase: next, token: null, run };
}

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
  phase: Place['phase'],
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

/** And the other way round: of a mailbox on premises Graph shows nothing. */
async function isResourceOnEitherSide(ports: LeaverPorts, account: CloudObject): Promise<Fact<boolean>> {
  const inCloud = await ports.accounts.isResource(account);
  const anchor = account.onPremisesImmutableId;
  if (inCloud.state === 'unknown' || inCloud.value || account.onPremisesSyncEnabled !== true || !anchor) return inCloud;
  const ads = await ports.onPremises.findBySourceAnchor(anchor);
  if (!ads.ok) return { state: 'unknown', because: ads.failure.message, remedy: againAt('the relay', ads.failure) };
  return { ...inCloud, value: ads.value.some((ad) => resourceTypes.has(ad.msExchRecipientTypeDetails ?? '')) };
}

const whoseMailbox = (
  name: string,
  id: string,
  { because, remedy }: Extract<Fact<boolean>, { state: 'unknown' }>,
): Unknown => ({
  what: `whether ${name} (${id}) belongs to a shared, room or equipment mailbox; it is not listed`,
  because,
  remedy,
});

const againAt = (source: string, failure: Failure): string =>
  failure.kind === 'NotPermitted' ? failure.remedy : `Bring the connection to ${source} back, and ask again.`;

const presentState = (failure: Failure): Unknown => ({
  what: 'the present state of accounts that the audit found; they are not listed',
  because: failure.message,
  remedy: againAt('the relay', failure),
});

function problemOf(phase: Place['phase'], object: AuditObject, settings: AuditSettings) {
  for (const rule of entraRules) {
    if (rule.meta.code !== ruleOf[phase]) continue;
    for (const value of rule.values(object)) {
      const problem = rule.check(value, object, settings);
      if (problem !== null) return problem;
    }
  }
  return null;
}

const addressesOf = ({ proxyAddresses, mail }: Pick<AdObject, 'proxyAddresses' | 'mail'>): string[] => {
  const smtp = proxyAddresses.filter(isSmtp);
  return smtp.length === 0 && mail ? [mail] : smtp;
};

async function entraPage(
  ports: LeaverPorts,
  settings: AuditSettings,
  place: Place,
  pageSize: number,
): Promise<Part | null> {
  const because = place.phase === 'disabled in Entra' ? 'disabled' : 'inactive';
  const which =
    because === 'disabled'
      ? ({ kind: 'disabled' } as const)
      : ({ kind: 'inactive', before: new Date(daysLater(settings.now, -settings.inactiveDays)) } as const);
  const read = await ports.accounts.page(which, pageSize, place.token);
  if (!read.ok) {
    // A token that Graph does not take (any more).
    if (read.failure.kind === 'Refused' && place.token !== null) return null;
    const unknown = unlisted(because, read.failure);
    return { value: [], unknowns: [unknown], next: phaseAfter(place, null) ?? null };
  }
  const candidates = read.value.accounts.flatMap((one) => candidateOf(one, place.phase, settings));
  const judged = await inParallel(width, candidates, async (candidate) => ({
    candidate,
    resource: await isResourceOnEitherSide(ports, candidate.account),
  }));
  const readAt = ports.clock.now().toISOString();
  return {
    value: judged
      .filter(({ resource }) => resource.state === 'known' && !resource.value)
      .map(({ candidate }) => leaverInEntra(candidate, because, readAt)),
    unknowns: distinct([
      ...judged.flatMap(({ candidate: { account }, resource }) =>
        resource.state === 'known' ? [] : [whoseMailbox(account.displayName, account.id, resource)],
      ),
      ...read.value.accounts.flatMap(({ lastSignIn }) =>
        lastSignIn.state === 'known'
          ? []
          : [{ what: 'last sign-ins to Entra', because: lastSignIn.because, remedy: lastSignIn.remedy }],
      ),
    ]),
    next: read.value.token === null ? (phaseAfter(place, null) ?? null) : { ...place, token: read.value.token },
  };
}

const unlisted = (because: Leaver['because'], failure: Failure): Unknown => ({
  what: `${because} accounts in Entra`,
  because: failure.message,
  remedy: againAt('Microsoft Graph', failure),
});

type ListedAccount = CloudAccountPage['accounts'][number];
interface Candidate extends ListedAccount {
  readonly object: AuditObject;
  readonly problem: { readonly message: string; readonly remedy: string };
}

/** Still unused by what was read, and with something that somebody else could use. */
function candidateOf(listed: ListedAccount, phase: Place['phase'], settings: AuditSettings): Candidate[] {
  const { lastSignIn } = listed;
  const seen = auditObjectOfCloud(listed.account);
  const { origin } = seen;
  const object =
    origin?.side === 'entra' && lastSignIn.state === 'known' && lastSignIn.value !== null
      ? { ...seen, origin: { ...origin, lastSignIn: lastSignIn.value } }
      : seen;
  const problem = problemOf(phase, object, settings);
  return problem === null ? [] : [{ ...listed, object, problem }];
}

function leaverInEntra(
  { account, lastSignIn, object, problem }: Candidate,
  because: Leaver['because'],
  readAt: string,
): Leaver {
  const { id, displayName, userPrincipalName, onPremisesDistinguishedName, licensed } = account;
  const { origin } = object;
  const ownsAddresses = origin?.side === 'entra' && origin.kind === 'cloud-only';
  return {
    name: displayName,
    side: 'entra',
    id,
    ...(onPremisesDistinguishedName === undefined ? {} : { distinguishedName: onPremisesDistinguishedName }),
    ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    because,
    // Graph does not tell when an account was disabled.
    since: because === 'inactive' && lastSignIn.state === 'known' ? lastSignIn.value : null,
    holds: { addresses: ownsAddresses ? addressesOf(account) : [], licensed: licensed === true },
    ...problem,
    readAt,
  };
}

const distinct = (unknowns: readonly Unknown[]): Unknown[] => [
  ...new Map(unknowns.map((unknown) => [JSON.stringify(unknown), unknown])).values(),
];

/** Opaque to callers, and not signed: it carries no authority. */
const tokenOf = ({ phase, token, run }: Place, days: number): string =>
  btoa(JSON.stringify([days, phases.indexOf(phase), token, run]));

function placeOf(text: string, days: number): Place | null {
  try {
    const [own, index, token, run] = JSON.parse(atob(text)) as unknown[];
    const phase = phases[index as number];
    const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';
    return own === days && phase !== undefined && isText(token) && isText(run) ? { phase, token, run } : null;
  } catch {
    return null;
  }
}
