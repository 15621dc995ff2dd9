import type { ChangeTarget, Clock, CloudAccounts, CloudDirectory, CloudObjects, SightingSource } from '../../ports.ts';
import { createCloudAccounts } from './accounts.ts';
import { createChangeTarget } from './change-target.ts';
import { createCloudObjects } from './cloud-objects.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { createDirectory } from './directory.ts';
import { createProvisioningErrorSource } from './provisioning-errors.ts';

export interface GraphOptions extends ConnectionOptions {
  /** Id of the tenant that the credential belongs to; it is named in every sighting. */
  readonly tenant: string;
  readonly clock: Clock;
}

/**
 * Microsoft Graph v1.0 of one tenant: its directory, the sync errors that it shows, and where changes of Entra-mastered
 * objects are written. Nothing is sent before the first call, and the SDK is loaded then.
 */
export function createGraph(options: GraphOptions): {
  directory: CloudDirectory;
  source: SightingSource;
  target: ChangeTarget;
  objects: CloudObjects;
  accounts: CloudAccounts;
} {
  const connection = createConnection(options);
  return {
    directory: createDirectory(connection, options.clock),
    source: createProvisioningErrorSource(connection, options.tenant),
    target: createChangeTarget(connection),
    objects: createCloudObjects(connection),
    accounts: createCloudAccounts(connection, options.clock),
  };
}
