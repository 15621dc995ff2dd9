import { entraDistinguishedName } from './binary-identifiers.ts';
import type { Engine } from './cycle.ts';
import type { EntraObject } from './entra-connector.ts';
import { isoDate } from './iso-date.ts';

/** Every object that could not be exported last time, in the form of `get-export-errors`. */
export function exportErrors({ entra }: Engine): readonly ExportErrorDocument[] {
  return [...entra.objects].flatMap((object) => exportErrorOf(object, entra.name) ?? []);
}

export interface ExportErrorDocument {
  readonly csObjectId: string;
  readonly connectorName: string;
  readonly distinguishedName: string;
  readonly objectType: string;
  readonly sourceAnchor: string;
  readonly onPremisesDistinguishedName: string | null;
  readonly errorType: string;
  readonly errorCode: string | null;
  readonly errorMessage: string;
  readonly extraDetails: readonly { readonly Key: string; readonly Value: readonly string[] }[];
  readonly dateOccurred: string;
  readonly firstOccurred: string;
  readonly retryCount: number;
  readonly displayName: string | null;
}

/** The object's export error; an object frozen in synchronisation is reported beside those, since its export waits. */
export function exportErrorOf(object: EntraObject, connectorName: string): ExportErrorDocument | undefined {
  const found = fault(object);
  if (!found) return undefined;
  const attributes = object.desired?.attributes ?? object.shadow?.attributes ?? {};
  return {
    csObjectId: object.id,
    connectorName,
    distinguishedName: entraDistinguishedName(object.sourceAnchor),
    objectType: object.desired?.objectType ?? object.shadow?.objectType ?? 'user',
    sourceAnchor: object.sourceAnchor,
    onPremisesDistinguishedName: textOrNull(attributes['onPremisesDistinguishedName']),
    ...found,
    displayName: textOrNull(attributes['displayName']),
  };
}

function fault(object: EntraObject) {
  const { synchronizationError: frozen, exportError: failed } = object;
  if (frozen) {
    return {
      errorType: 'sync-rule-error-function-triggered',
      errorCode: null,
      errorMessage: frozen.message,
      extraDetails: [],
      dateOccurred: isoDate(frozen.lastOccurred),
      firstOccurred: isoDate(frozen.firstOccurred),
      retryCount: frozen.retryCount,
    };
  }
  if (!failed) return undefined;
  return {
    errorType: failed.error.errorType,
    errorCode: failed.error.errorCode || null,
    errorMessage: failed.error.message,
    extraDetails: failed.error.details,
    dateOccurred: isoDate(failed.dateOccurred),
    firstOccurred: isoDate(failed.firstOccurred),
    retryCount: failed.retryCount,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
