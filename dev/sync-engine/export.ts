import type { Moment } from '../clock.ts';
import type { ProvisioningEndpoint, ProvisioningRequest, ProvisioningResult } from '../entra/provisioning.ts';
import { entraDistinguishedName } from './binary-identifiers.ts';
import { type EntraConnector, type EntraObject, pendingExport } from './entra-connector.ts';
import type { EventLog } from './event-log.ts';

export interface ExportOutcome {
  readonly stepResult: string;
  /** How many objects Entra accepted. */
  readonly exported: number;
  readonly errors: number;
}

/**
 * Sends what is pending. More deletions than the threshold allows stop the whole export, not only the deletions.
 * A refused object keeps its error, which counts up as long as the export of it fails.
 */
export function exportPending(
  connector: EntraConnector,
  endpoint: ProvisioningEndpoint,
  deletionThreshold: number,
  events: EventLog,
  now: Moment,
): ExportOutcome {
  const pending = collectPending(connector, events);
  const deletions = pending.filter(({ request }) => request.operation === 'delete').length;
  if (deletions > deletionThreshold) {
    events.write(
      'Directory Synchronization',
      116,
      `Prevent Accidental Deletes: ${deletions} deletions exceed the threshold of ${deletionThreshold}.`,
    );
    return { stepResult: 'stopped-deletion-threshold-exceeded', exported: 0, errors: 0 };
  }
  const results = pending.length === 0 ? [] : endpoint.provision(pending.map(({ request }) => request));
  let errors = 0;
  for (const [index, { object }] of pending.entries()) {
    const result = results[index];
    if (result === undefined)
      throw new Error(`The provisioning endpoint gave ${results.length} results for ${pending.length} requests.`);
    errors += record(object, result, events, now);
  }
  const stepResult = errors > 0 ? 'completed-export-errors' : 'success';
  return { stepResult, exported: pending.length - errors, errors };
}

interface Pending {
  readonly object: EntraObject;
  readonly request: ProvisioningRequest;
}

function collectPending(connector: EntraConnector, events: EventLog): Pending[] {
  const pending: Pending[] = [];
  for (const object of connector.objects) {
    const request = pendingExport(object);
    if (request) pending.push({ object, request });
    else object.exportError = undefined;
    if (object.shadow?.isCloudManaged && object.metaverseId !== undefined) reportCloudManaged(object, events);
  }
  return pending;
}

/** Takes the outcome of one object into the connector space; answers the number of errors, 0 or 1. */
function record(object: EntraObject, result: ProvisioningResult, events: EventLog, now: Moment): number {
  switch (result.outcome) {
    case 'ok':
      object.exportError = undefined;
      object.lastExportedAt = now;
      return 0;
    case 'skipped':
      object.exportError = undefined;
      if (result.reason === 'isCloudManaged') reportCloudManaged(object, events);
      return 0;
    case 'error': {
      const last = object.exportError;
      object.exportError = {
        error: result.error,
        dateOccurred: now,
        firstOccurred: last?.firstOccurred ?? now,
        retryCount: (last?.retryCount ?? 0) + 1,
      };
      events.write(
        'ADSync',
        6941,
        `ECMA2 MA export run caused an error. Error Name: ${result.error.errorType} Error Detail: ${result.error.message}`,
      );
      return 1;
    }
  }
}

function reportCloudManaged(object: EntraObject, events: EventLog): void {
  const name = entraDistinguishedName(object.sourceAnchor);
  events.write('ADSync', 6956, `Object ${name} was not synchronized because its source of authority is in the cloud.`);
}
