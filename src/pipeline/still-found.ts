import type { Case } from '../domain/case.ts';
import { duplicateInDirectoryCode, invalidAttributeValueCode } from '../domain/error-family.ts';
import { type AdObject, soughtAttributes } from '../domain/evidence.ts';
import { anchorOf } from '../domain/party.ts';
import { bareAddress } from '../domain/proxy-address.ts';
import { type Result, succeeded } from '../domain/result.ts';
import type { Sighting } from '../domain/sighting.ts';
import type { Clock, CloudDirectory, OnPremises } from '../ports.ts';
import { type AuditPolicy, usualAuditPolicy } from './audit-policy.ts';
import { brokenRules } from './rules-now.ts';
import { stillReported } from './still-reported.ts';

export interface StillFoundPorts {
  readonly clock: Clock;
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

/** What a look at Active Directory needs to know of a case or of a sighting. */
export interface Found {
  readonly code: string;
  readonly identities: Case['identities'];
  readonly attribute?: string | undefined;
  readonly value?: string | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Whether what the audit found is still there, by a look at the directories. `untold`: it cannot be read one by one; only the
 * audit itself can tell. `unknown`: a directory did not answer.
 */
export type StillFound =
  | { readonly kind: 'found'; readonly message: string }
  | { readonly kind: 'gone'; readonly proof: string }
  | { readonly kind: 'untold' }
  | { readonly kind: 'unknown'; readonly because: string };

export const foundIn = ({ error, identities }: Case): Found => ({ ...error, identities });

/** A fault of the audit's, whose fix Active Directory can prove. */
export const isOfAudit = ({ code }: Pick<Found, 'code'>): boolean =>
  code === invalidAttributeValueCode || code === duplicateInDirectoryCode;

/** For a sighting of a case that was resolved: is it more than a report that lags behind? */
export async function stillThere(
  ports: StillFoundPorts,
  sighting: Sighting,
  policy: AuditPolicy = usualAuditPolicy,
): Promise<boolean> {
  if (sighting.source !== 'directory-audit') return stillReported(ports.directory, sighting);
  const still = await stillFound(ports, policy, sighting);
  return still.kind === 'found' || still.kind === 'untold';
}

export function stillFound(ports: StillFoundPorts, policy: AuditPolicy, found: Found): Promise<StillFound> {
  switch (found.code) {
    case invalidAttributeValueCode:
      return stillBroken(ports, policy, found);
    case duplicateInDirectoryCode:
      return stillShared(ports, found);
    default:
      return Promise.resolve({ kind: 'untold' });
  }
}

async function stillBroken(ports: StillFoundPorts, policy: AuditPolicy, found: Found): Promise<StillFound> {
  const attribute = soughtAttributes.find((name) => name === found.attribute);
  if (attribute === undefined) return { kind: 'untold' };
  const [read, domains] = await Promise.all([auditedObject(ports, found), ports.directory.verifiedDomains()]);
  if (!read.ok) return { kind: 'unknown', because: read.failure.message };
  if (read.value === null) return { kind: 'gone', proof: 'The object is not in Active Directory any more.' };
  if (domains.state === 'unknown') return { kind: 'unknown', because: domains.because };
  const ad = read.value;
  const sought = { attribute, value: found.value ?? '' };
  const [broken] = await brokenRules(ports, policy, { ad, sought, domains });
  const where = `${ad.distinguishedName}, read on ${ad.domainController} at ${ports.clock.now().toISOString()}`;
  return broken === undefined
    ? { kind: 'gone', proof: `No rule of ${attribute} is broken by '${sought.value}' any more at ${where}.` }
    : { kind: 'found', message: `${attribute} is still wrong at ${where}: ${broken.message}` };
}

/** At least two parties of the conflict have the value: what one object has on both sides is one. */
async function stillShared(
  { directory, onPremises, clock }: StillFoundPorts,
  { value, attribute }: Found,
): Promise<StillFound> {
  if (!value || (attribute !== 'userPrincipalName' && attribute !== 'proxyAddresses')) return { kind: 'untold' };
  const address = bareAddress(value);
  const [clouds, ads] = await Promise.all([directory.findHolders(address), onPremises.findHolders(address)]);
  if (!ads.ok) return { kind: 'unknown', because: ads.failure.message };
  if (!clouds.ok) return { kind: 'unknown', because: clouds.failure.message };
  const parties = new Map(ads.value.map((ad) => [anchorOf(ad) ?? ad.objectGuid, ad.displayName]));
  const sids = new Set(ads.value.map(({ objectSid }) => objectSid));
  for (const cloud of clouds.value.filter(({ deletedDateTime }) => deletedDateTime === undefined)) {
    const isTwin = cloud.onPremisesSecurityIdentifier !== undefined && sids.has(cloud.onPremisesSecurityIdentifier);
    // What a synchronised object shows is what Active Directory gave it, or what is about to go.
    if (!isTwin && cloud.onPremisesSyncEnabled !== true)
      parties.set(cloud.onPremisesImmutableId ?? cloud.id, cloud.displayName);
  }
  const names = [...parties.values()];
  return names.length > 1
    ? { kind: 'found', message: `${value} is still claimed by ${names.slice(0, 5).join(', ')}.` }
    : {
        kind: 'gone',
        proof: `Only ${names[0] ?? 'nobody'} claims ${value} in the directories, read at ${clock.now().toISOString()}.`,
      };
}

/** The Active Directory object that the audit looked at; null: it is gone. */
export async function auditedObject(
  { onPremises }: Pick<StillFoundPorts, 'onPremises'>,
  { identities, raw }: Pick<Found, 'identities' | 'raw'>,
): Promise<Result<AdObject | null>> {
  const { sourceAnchor, distinguishedName } = identities;
  const read =
    sourceAnchor !== undefined
      ? await onPremises.findBySourceAnchor(sourceAnchor)
      : distinguishedName !== undefined
        ? await onPremises.findByDistinguishedName(distinguishedName)
        : succeeded<AdObject[]>([]);
  if (!read.ok) return read;
  return succeeded(ownAmong(read.value, raw) ?? null);
}

/** Several objects may have one anchor: the audit named which it meant. */
export function ownAmong(ads: readonly AdObject[], raw: Readonly<Record<string, unknown>>): AdObject | undefined {
  const { objectGUID } = raw;
  return typeof objectGUID === 'string'
    ? ads.find(({ objectGuid }) => objectGuid === objectGUID.toLowerCase())
    : ads[0];
}
