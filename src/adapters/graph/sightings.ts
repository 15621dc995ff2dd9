import { canonicalGraphError } from '../../domain/error-family.ts';
import type { CloudObject } from '../../domain/evidence.ts';
import type { Sighting } from '../../domain/sighting.ts';

/**
 * One sighting a provisioning error of an object. Category and property are open strings: what the catalogue has no code
 * for is `NotUnderstood`, with everything that Graph said in `raw`.
 * @param rawErrors the entries of `onPremisesProvisioningErrors` as they came, in the order of the object's own
 */
export function sightingsOf(
  tenant: string,
  object: CloudObject,
  rawErrors: readonly Readonly<Record<string, unknown>>[],
): Sighting[] {
  return object.provisioningErrors.map((error, index) => {
    const { code, family, attribute } = canonicalGraphError(error.category, error.propertyCausingError);
    const occurredAt = momentOf(error.occurredDateTime);
    return {
      v: 1,
      tenant,
      source: 'graph',
      code,
      family,
      originalCode: error.category,
      objectType: object.objectType,
      displayName: object.displayName,
      identities: identitiesOf(object),
      ...(attribute === undefined ? {} : { attribute }),
      ...(error.value === undefined ? {} : { value: error.value }),
      ...(occurredAt === undefined ? {} : { occurredAt }),
      raw: {
        onPremisesProvisioningError: rawErrors[index] ?? error,
        ...(object.userPrincipalName === undefined ? {} : { userPrincipalName: object.userPrincipalName }),
        ...(object.mail === undefined ? {} : { mail: object.mail }),
      },
    };
  });
}

function identitiesOf({ id, onPremisesImmutableId, onPremisesDistinguishedName }: CloudObject): Sighting['identities'] {
  return {
    cloudId: id,
    ...(onPremisesImmutableId === undefined ? {} : { sourceAnchor: onPremisesImmutableId }),
    ...(onPremisesDistinguishedName === undefined ? {} : { distinguishedName: onPremisesDistinguishedName }),
  };
}

/** ISO 8601 in UTC; a moment that cannot be read stays in `raw` alone. */
function momentOf(occurredDateTime: string | undefined): string | undefined {
  const moment = new Date(occurredDateTime ?? '');
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
