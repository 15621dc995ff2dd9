import type { AuditObject } from '../audit/audit-object.ts';
import type { AuditSettings } from '../audit/audit-settings.ts';
import { auditObjectOfCloud } from '../audit/live-object.ts';
import { distinctUnknowns, type Unknown } from '../audit/preflight/claims.ts';
import type { CloudObject, Fact } from '../domain/evidence.ts';
import { resourceTypes } from '../domain/recipient.ts';
import type { Failure } from '../domain/result.ts';
import { daysLater } from '../domain/time.ts';
import type { CloudAccountPage } from '../ports.ts';
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
  whoseMailbox,
} from './leavers-list.ts';

const width = 4;

/** Accounts that Microsoft Graph lists. */
export async function entraPage(
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
    unknowns: distinctUnknowns([
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
function candidateOf(listed: ListedAccount, phase: Phase, settings: AuditSettings): Candidate[] {
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

/** What Graph shows of a mailbox in the cloud, and Active Directory of one on premises. */
async function isResourceOnEitherSide(ports: LeaverPorts, account: CloudObject): Promise<Fact<boolean>> {
  const inCloud = await ports.accounts.isResource(account);
  const anchor = account.onPremisesImmutableId;
  if (inCloud.state === 'unknown' || inCloud.value || account.onPremisesSyncEnabled !== true || !anchor) return inCloud;
  const ads = await ports.onPremises.findBySourceAnchor(anchor);
  if (!ads.ok) return { state: 'unknown', because: ads.failure.message, remedy: againAt('the relay', ads.failure) };
  return { ...inCloud, value: ads.value.some((ad) => resourceTypes.has(ad.msExchRecipientTypeDetails ?? '')) };
}
