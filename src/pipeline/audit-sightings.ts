import type { Finding, Holder, ObjectReference } from '../audit/finding.ts';
import {
  duplicateInDirectoryCode,
  duplicateValue,
  invalidAttributeValueCode,
  notUnderstoodCode,
} from '../domain/error-family.ts';
import { bareAddress, isSmtp } from '../domain/proxy-address.ts';
import type { Sighting } from '../domain/sighting.ts';
import { sightingKeys } from '../domain/sighting-keys.ts';

export const auditSourceName = 'directory-audit';

/** The catalogue's kind of each rule that is not about one value of one attribute. */
const kindOfRule: Readonly<Record<string, readonly [code: string, family: string]>> = {
  DuplicateAddress: [duplicateInDirectoryCode, duplicateValue],
  DuplicateSipAddress: [duplicateInDirectoryCode, duplicateValue],
  DuplicateMailNickname: [duplicateInDirectoryCode, duplicateValue],
  DuplicateSamAccountName: [duplicateInDirectoryCode, duplicateValue],
  DuplicateSourceAnchor: ['SourceAnchorUnusable', 'SourceAnchor'],
  DuplicateSecurityIdentifier: ['SourceAnchorUnusable', 'SourceAnchor'],
  SourceAnchorAbsent: ['SourceAnchorUnusable', 'SourceAnchor'],
  SourceAnchorMalformed: ['SourceAnchorUnusable', 'SourceAnchor'],
  WouldSoftMatch: ['SoftMatchPending', 'SoftMatch'],
  CertificateCount: ['ObjectTooLarge', 'LargeObject'],
  GroupMembers: ['ObjectTooLarge', 'LargeObject'],
  LargeGroup: ['ObjectTooLarge', 'LargeObject'],
  ProxyAddressCount: ['ObjectTooLarge', 'LargeObject'],
  ThumbnailPhotoSize: ['ObjectTooLarge', 'LargeObject'],
};

/** Holders that a case names; the report lists all. */
const mostNamed = 20;

/**
 * A finding as a sighting. `null`: nothing identifies the object, as in a file without objectGUID, so that a case could never
 * be found again.
 *
 * @param isKnown whether a case has this key: of several holders, one that has a case already is the subject of it
 */
export function sightingOfFinding(
  finding: Finding,
  tenant: string,
  valueRules: ReadonlySet<string>,
  isKnown: (key: string) => boolean,
): Sighting | null {
  const [first, ...others] = candidatesOf(finding, tenant, valueRules);
  if (first === undefined) return null;
  return [first, ...others].find((sighting) => sightingKeys(sighting).some(isKnown)) ?? first;
}

/** One for each holder that takes part in a conflict of addresses, the finding's own object first; else just one. */
function candidatesOf(finding: Finding, tenant: string, valueRules: ReadonlySet<string>): Sighting[] {
  const [code, family] =
    kindOfRule[finding.rule] ??
    (valueRules.has(finding.rule)
      ? [invalidAttributeValueCode, invalidAttributeValueCode]
      : [notUnderstoodCode, finding.rule]);
  const parties = (finding.holders ?? []).filter(({ placed }) => placed === undefined);
  const isConflict = code === duplicateInDirectoryCode && parties.length > 0;
  const subjects: readonly { object: ObjectReference; attribute: string; value: string | null }[] = isConflict
    ? parties.flatMap(claimsOf)
    : [{ object: finding.object, attribute: finding.attribute, value: finding.value }];
  return subjects.flatMap(({ object, attribute, value }) => {
    const identities = identitiesOf(object);
    if (identities === null) return [];
    const said: Sighting = {
      v: 1,
      tenant,
      source: auditSourceName,
      code,
      family,
      originalCode: finding.rule,
      objectType: object.objectType === 'other' ? 'unknown' : object.objectType,
      displayName: object.name,
      identities,
      attribute,
      // A count changes from day to day, and is not what the fault is about.
      ...(value === null || code === 'ObjectTooLarge' ? {} : { value }),
      raw: rawOf(finding, object),
    };
    return [said];
  });
}

/** What Entra would quarantine at this holder: the name, if it is one, else the address. */
function claimsOf({ object, inputs }: Holder): { object: ObjectReference; attribute: string; value: string }[] {
  const addresses = inputs.filter(({ attribute }) => addressAttributes.has(attribute));
  const [name] = inputs.filter(({ attribute }) => attribute === 'userPrincipalName');
  const [proxy] = addresses;
  if (name === undefined && proxy === undefined) return inputs.slice(0, 1).map((input) => ({ object, ...input }));
  return [
    ...(proxy === undefined ? [] : [{ object, attribute: 'proxyAddresses', value: proxyForm(proxy.value) }]),
    ...(name === undefined ? [] : [{ object, attribute: 'userPrincipalName', value: name.value }]),
  ];
}

const addressAttributes: ReadonlySet<string> = new Set(['proxyAddresses', 'mail', 'targetAddress']);

const proxyForm = (value: string): string =>
  isSmtp(value) || !value.includes(':') ? `smtp:${bareAddress(value)}` : value;

function identitiesOf({ origin, sourceAnchor, distinguishedName }: ObjectReference): Sighting['identities'] | null {
  const cloudId = origin?.side === 'entra' ? origin.id : undefined;
  const known = {
    ...(sourceAnchor === undefined ? {} : { sourceAnchor }),
    ...(cloudId === undefined ? {} : { cloudId }),
    ...(distinguishedName === undefined ? {} : { distinguishedName }),
  };
  return Object.keys(known).length === 0 ? null : known;
}

function rawOf(finding: Finding, object: ObjectReference): Sighting['raw'] {
  const { rule, severity, message, remedy, proposal, holders = [] } = finding;
  const names = holders.map(nameOf);
  return {
    rule,
    severity,
    message,
    remedy,
    ...(proposal === undefined ? {} : { proposal }),
    ...(object.objectGUID === undefined ? {} : { objectGUID: object.objectGUID }),
    ...(object.origin?.side === 'active-directory' ? { forest: object.origin.forest } : {}),
    ...(names.length === 0
      ? {}
      : {
          holders:
            names.length > mostNamed
              ? [...names.slice(0, mostNamed), `and ${names.length - mostNamed} more, in the report of the audit`]
              : names,
        }),
  };
}

function nameOf({ object, inputs, placed }: Holder): string {
  const where = object.distinguishedName ?? (object.origin?.side === 'entra' ? object.origin.id : undefined);
  const held = inputs.map(({ attribute, value }) => `${attribute}: ${value}`).join(', ');
  return `${object.name}${where === undefined ? '' : ` (${where})`}, ${held}${placed === undefined ? '' : `; ${placed}`}`;
}

/**
 * Chooses what becomes cases: every fault that has one already, and of the new ones the worst, so many at most. Memory holds
 * no more than these.
 */
export class SightingChoice {
  readonly known: Sighting[] = [];
  leftOut = 0;
  readonly #most: number;
  readonly #isKnown: (key: string) => boolean;
  readonly #new: Record<'error' | 'warning', Sighting[]> = { error: [], warning: [] };

  constructor(most: number, isKnown: (key: string) => boolean) {
    this.#most = most;
    this.#isKnown = isKnown;
  }

  add(sighting: Sighting, severity: 'error' | 'warning'): void {
    if (sightingKeys(sighting).some(this.#isKnown)) this.known.push(sighting);
    else if (this.#new[severity].length < this.#most) this.#new[severity].push(sighting);
    else this.leftOut += 1;
  }

  /** Errors before warnings. What has no room among the new ones counts as left out. */
  chosen(): Sighting[] {
    const wanted = [...this.#new.error, ...this.#new.warning];
    const opened = wanted.slice(0, this.#most);
    this.leftOut += wanted.length - opened.length;
    this.#new.error = opened;
    this.#new.warning = [];
    return [...this.known, ...opened];
  }
}
