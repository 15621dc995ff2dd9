import type { Case } from '../domain/case.ts';
import { canonicalGraphError } from '../domain/error-family.ts';
import type { CloudObject } from '../domain/evidence.ts';
import { normaliseValue } from '../domain/normalise.ts';
import type { CloudDirectory } from '../ports.ts';

interface Reported {
  readonly objectType: string;
  readonly identities: Case['identities'];
  readonly attribute?: string | undefined;
  readonly value?: string | undefined;
}

/**
 * Whether Entra still shows this quarantine on the object itself, read by id: a list filtered by the service may lag behind
 * a change by minutes. An error that is not shown there, or an object that cannot be read, counts as still reported.
 */
export async function stillReported(directory: CloudDirectory, reported: Reported): Promise<boolean> {
  const { cloudId } = reported.identities;
  const { objectType } = reported;
  if (cloudId === undefined || (objectType !== 'user' && objectType !== 'group' && objectType !== 'contact'))
    return true;
  const read = await directory.read(objectType, cloudId);
  return read.ok ? showsQuarantine(read.value, reported) : read.failure.kind !== 'Gone';
}

/** Whether the object carries a provisioning error for this attribute and value. */
export function showsQuarantine(
  object: CloudObject,
  { attribute, value }: Pick<Reported, 'attribute' | 'value'>,
): boolean {
  return object.provisioningErrors.some((error) => {
    const named = canonicalGraphError(error.category, error.propertyCausingError).attribute;
    if (named !== attribute) return false;
    return (
      attribute === undefined || normaliseValue(attribute, error.value ?? '') === normaliseValue(attribute, value ?? '')
    );
  });
}
