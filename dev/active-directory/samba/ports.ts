import { join } from 'node:path';

/** Samba has no setting for these. */
export const ports = { ldap: 389, ldaps: 636, globalCatalogue: 3269 } as const;

/** Where a port inside the network namespace can be reached from outside. */
export const bridgeSocket = (directory: string, port: number): string => join(directory, `port-${port}.sock`);
