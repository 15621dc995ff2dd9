import { randomBytes, randomUUID } from 'node:crypto';
import { permissions } from '../entra/graph/permissions.ts';

/** What tokens are issued for; an audience is written without a trailing slash. */
export const audiences = {
  graph: 'https://graph.microsoft.com',
  relay: 'api://syncmend-relay',
  serviceBus: 'https://servicebus.azure.net',
  storage: 'https://storage.azure.com',
} as const;

/** Application permissions by audience; Azure's own roles on queues and tables are not in tokens. */
export type AppRoles = Readonly<Record<string, readonly string[]>>;

/** The user-assigned managed identity of one function app. */
export interface Identity {
  readonly clientId: string;
  readonly objectId: string;
  /** App Service gives it to the app alone: it proves to the identity endpoint who asks. */
  readonly header: string;
  readonly appRoles: AppRoles;
}

const graphReads = [
  'User.Read.All',
  'Group.Read.All',
  'OrgContact.Read.All',
  'Directory.Read.All',
  'Organization.Read.All',
  'Domain.Read.All',
  'RoleManagement.Read.Directory',
  'RoleEligibilitySchedule.Read.Directory',
  'AuditLog.Read.All',
  'MailboxSettings.Read',
  // Reading who masters an object needs the permission to switch it: Graph has no smaller one.
  'User-OnPremisesSyncBehavior.ReadWrite.All',
  'Group-OnPremisesSyncBehavior.ReadWrite.All',
  'Contacts-OnPremisesSyncBehavior.ReadWrite.All',
];

/** Which app may do what: the one that answers people reads, the one that works in the background also writes. */
export const appRolesOf: Readonly<Record<'api' | 'worker', AppRoles>> = {
  api: {
    [audiences.graph]: graphReads,
    [audiences.relay]: ['Relay.Read'],
    [audiences.serviceBus]: [],
    [audiences.storage]: [],
  },
  worker: {
    [audiences.graph]: [...graphReads, 'User.ReadWrite.All'],
    [audiences.relay]: ['Relay.Read', 'Relay.Write'],
    [audiences.serviceBus]: [],
    [audiences.storage]: [],
  },
};

/** Every permission that Graph and the relay know: for people who drive the stack from outside. */
export const everyAppRole: AppRoles = {
  [audiences.graph]: [...new Set(Object.values(permissions).flat())].sort(),
  [audiences.relay]: ['Relay.Read', 'Relay.Write'],
};

export function createIdentity(app: 'api' | 'worker'): Identity {
  return {
    clientId: randomUUID(),
    objectId: randomUUID(),
    header: randomBytes(24).toString('hex'),
    appRoles: appRolesOf[app],
  };
}
