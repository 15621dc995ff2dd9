import type { ChangeTarget, DirectoryObjects, OnPremises, SightingSource } from '../../ports.ts';
import { createChangeTarget } from './change-target.ts';
import { createExportErrorSource } from './export-errors.ts';
import { createDirectoryObjects, type ObjectStreamOptions } from './object-stream.ts';
import { createOnPremises } from './on-premises.ts';
import { createRelayHttp, type RelayOptions } from './relay-http.ts';

export interface RelayClientOptions extends RelayOptions {
  /** Id of the tenant; it is named in every sighting. */
  readonly tenant: string;
  readonly objects?: ObjectStreamOptions;
}

/** The on-premises relay: what it reads, the export errors it reports, all its objects, and where changes of AD objects are written. */
export function createRelayClient(options: RelayClientOptions): {
  onPremises: OnPremises;
  source: SightingSource;
  target: ChangeTarget;
  objects: DirectoryObjects;
} {
  const relay = createRelayHttp(options);
  return {
    onPremises: createOnPremises(relay),
    source: createExportErrorSource(relay, options.tenant),
    target: createChangeTarget(relay),
    objects: createDirectoryObjects(relay, options.objects),
  };
}
