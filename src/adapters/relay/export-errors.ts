import { canonicalEngineError } from '../../domain/error-family.ts';
import { succeeded } from '../../domain/result.ts';
import type { Sighting } from '../../domain/sighting.ts';
import type { SightingSource } from '../../ports.ts';
import { type ExportErrorsResponse, exportErrorsResponse } from '../../relay-contract.ts';
import type { RelayHttp } from './relay-http.ts';

type ExportError = ExportErrorsResponse['errors'][number];

/** Export errors of the Entra connector: what the service refused and did not quarantine. One answer tells all of them. */
export function createExportErrorSource(relay: RelayHttp, tenant: string): SightingSource {
  return {
    name: 'sync-engine',
    async read() {
      const answer = await relay.get('/export-errors', exportErrorsResponse);
      if (!answer.ok) return answer;
      const sightings = answer.value.errors.flatMap((error) => sightingsOf(tenant, error));
      return succeeded({ sightings, complete: true, problems: [] });
    },
  };
}

/** One sighting a conflicting value; one without a value when the error names none. */
function sightingsOf(tenant: string, error: ExportError): Sighting[] {
  const [attributeName] = detail(error, 'AttributeConflictName');
  const { code, family, attribute } = canonicalEngineError(error.errorType, attributeName);
  const occurred = new Date(error.dateOccurred);
  const sighting: Sighting = {
    v: 1,
    tenant,
    source: 'sync-engine',
    code,
    family,
    originalCode: error.errorType,
    objectType: objectTypes[error.objectType.toLowerCase()] ?? 'unknown',
    displayName: error.displayName ?? error.onPremisesDistinguishedName ?? error.distinguishedName,
    identities: {
      sourceAnchor: error.sourceAnchor,
      ...(error.onPremisesDistinguishedName === null ? {} : { distinguishedName: error.onPremisesDistinguishedName }),
    },
    ...(attribute === undefined ? {} : { attribute }),
    ...(Number.isNaN(occurred.getTime()) ? {} : { occurredAt: occurred.toISOString() }),
    raw: { ...error },
  };
  const values = detail(error, 'AttributeConflictValues');
  return values.length === 0 ? [sighting] : values.map((value) => ({ ...sighting, value }));
}

const detail = ({ extraDetails }: ExportError, key: string): string[] =>
  extraDetails.find(({ Key }) => Key.toLowerCase() === key.toLowerCase())?.Value ?? [];

/** Names of the Entra connector space and of Active Directory. */
const objectTypes: Readonly<Record<string, Sighting['objectType']>> = {
  user: 'user',
  inetorgperson: 'user',
  group: 'group',
  contact: 'contact',
};
