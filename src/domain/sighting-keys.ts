import { canonicalJson } from './canonical-json.ts';
import { normaliseValue } from './normalise.ts';
import { sha256 } from './sha256.ts';
import type { Sighting } from './sighting.ts';

/** Hex digits of a case id and a case key: 128 bits. */
const keyLength = 32;

/**
 * One key for each identity that the sighting knows, the most durable first (source anchor, cloud id, DN). Sightings of one
 * fault by several sources share at least one key; the first key of the first sighting is the case's id.
 */
export function sightingKeys(sighting: Sighting): string[] {
  const { sourceAnchor, cloudId, distinguishedName } = sighting.identities;
  const known = [
    ['sourceAnchor', sourceAnchor],
    ['cloudId', cloudId?.toLowerCase()],
    ['distinguishedName', distinguishedName?.toLowerCase()],
  ] as const;
  return known.flatMap(([kind, identity]) => (identity === undefined ? [] : [keyOf(sighting, kind, identity)]));
}

function keyOf(sighting: Sighting, kind: string, identity: string): string {
  const { tenant, family, attribute = '', value = '' } = sighting;
  // Without a value there is nothing that tells two faults of one object apart but the source's own code.
  const fault = attribute && value ? normaliseValue(attribute, value) : sighting.originalCode;
  return sha256(canonicalJson([tenant, family, kind, identity, attribute, fault])).slice(0, keyLength);
}

/** Key under which the cases of one pair of objects find each other. */
export function conflictSetKey(tenant: string, conflictSet: string): string {
  return sha256(canonicalJson([tenant, 'conflictSet', conflictSet])).slice(0, keyLength);
}
