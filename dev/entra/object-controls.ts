import { type Control, ControlValueError, control } from '../control/control.ts';
import { recalculateAddresses } from './address-calculation.ts';
import type { DirectoryObject, MailboxType } from './directory-object.ts';
import { roleDefinitions } from './roles.ts';
import type { Tenant } from './tenant.ts';

/** Facts of single objects. Each control is a map from object id or UPN to a value; a write leaves other objects alone. */
export function objectControls(tenant: Tenant): Control[] {
  const { directory } = tenant.state;
  return [
    perObject<boolean>(tenant, {
      name: 'entra.licences',
      meaning: 'By id or UPN: whether the user has an Exchange Online plan, true or false.',
      isValue: isBoolean,
      takes: 'true or false',
      read: (object) => object.exchangePlan || undefined,
      write: (object, exchangePlan) => change(tenant, object, { exchangePlan }),
    }),
    perObject<MailboxType>(tenant, {
      name: 'entra.mailboxes',
      meaning: 'By id or UPN: the cloud mailbox, one of none, user, shared, room, equipment.',
      isValue: (value) => ['none', 'user', 'shared', 'room', 'equipment'].includes(value as string),
      takes: 'none, user, shared, room or equipment',
      read: (object) => (object.mailbox === 'none' ? undefined : object.mailbox),
      write: (object, mailbox) => change(tenant, object, { mailbox }),
    }),
    perObject<string | null>(tenant, {
      name: 'entra.signIns',
      meaning: 'By id or UPN: when the user last signed in, ISO 8601, or null for no record.',
      isValue: isDateOrNull,
      takes: 'an ISO 8601 time or null',
      read: (object) => isoDate(object.lastSignInAt),
      write: (object, at) => directory.change(object, { lastSignInAt: at === null ? undefined : Date.parse(at) }),
    }),
    perObject<string>(tenant, {
      name: 'entra.createdDateTimes',
      meaning: 'By id or UPN: when the object was created, ISO 8601.',
      isValue: (value) => value !== null && isDateOrNull(value),
      takes: 'an ISO 8601 time',
      read: (object) => isoDate(object.createdAt),
      write: (object, at) => directory.change(object, { createdAt: Date.parse(at) }),
    }),
    perObject<RoleNames>(tenant, {
      name: 'entra.roleAssignments',
      meaning: 'By id or UPN: {active: [role names], eligible: [role names]}, such as "User Administrator".',
      isValue: isRoleNames,
      takes: `{active, eligible}, lists of ${Object.keys(roleDefinitions).join(', ')}`,
      read: (object) => rolesOf(tenant, object),
      write: (object, { active = [], eligible = [] }) => tenant.roles.assign(object, { active, eligible }),
    }),
    perObject<boolean>(tenant, {
      name: 'entra.managementRestricted',
      meaning: 'By id or UPN: whether the object is in a restricted management administrative unit.',
      isValue: isBoolean,
      takes: 'true or false',
      read: (object) => object.managementRestricted || undefined,
      write: (object, managementRestricted) => directory.change(object, { managementRestricted }),
    }),
    perObject<boolean>(tenant, {
      name: 'entra.exchangeCloudManaged',
      meaning:
        'By id or UPN: whether the Exchange attributes of a synchronised object are mastered in Exchange Online.',
      isValue: isBoolean,
      takes: 'true or false',
      read: (object) => object.exchangeCloudManaged || undefined,
      write: (object, exchangeCloudManaged) =>
        change(tenant, object, { exchangeCloudManaged, ownAddresses: object.proxyAddresses }),
    }),
    perObject<boolean>(tenant, {
      name: 'entra.cloudManaged',
      meaning: 'By id or UPN: whether the source of authority of a synchronised object was switched to the cloud.',
      isValue: isBoolean,
      takes: 'true or false',
      refuses: (object) => (object.shadow === undefined ? 'was never synchronised' : undefined),
      read: (object) => object.sync === 'cloudManaged' || undefined,
      write: (object, on) => switchAuthority(tenant, object, on),
    }),
  ];
}

/** The source of authority moves: what AD had yielded becomes the cloud's own, and back. */
export function switchAuthority(tenant: Tenant, object: DirectoryObject, toCloud: boolean): void {
  change(tenant, object, {
    sync: toCloud ? 'cloudManaged' : 'synced',
    ...(toCloud ? { ownAddresses: object.proxyAddresses, quarantine: [] } : {}),
  });
}

interface PerObject<Value> {
  readonly name: string;
  readonly meaning: string;
  readonly takes: string;
  isValue(value: unknown): boolean;
  /** Why this object cannot be set. */
  refuses?(object: DirectoryObject): string | undefined;
  /** Undefined where there is nothing worth listing. */
  read(object: DirectoryObject): Value | undefined;
  write(object: DirectoryObject, value: Value): void;
}

function perObject<Value>(tenant: Tenant, definition: PerObject<Value>): Control {
  const { name, meaning, takes, isValue, refuses, read, write } = definition;
  const { directory } = tenant.state;
  const objects = () => (['user', 'group', 'contact'] as const).flatMap((type) => [...directory.all(type)]);
  return control({
    name,
    meaning,
    read: () =>
      Object.fromEntries(
        objects().flatMap((object) => {
          const value = read(object);
          return value === undefined ? [] : [[object.userPrincipalName ?? object.id, value]];
        }),
      ),
    accept: (values) => {
      if (typeof values !== 'object' || values === null || Array.isArray(values)) {
        throw new ControlValueError(`${name} takes an object from id or UPN to ${takes}`);
      }
      return Object.entries(values).map(([key, value]) => {
        const object = directory.byId(key) ?? directory.byUpn(key);
        if (!object) throw new ControlValueError(`${name}: no object has the id or UPN ${key}`);
        if (!isValue(value)) throw new ControlValueError(`${name}: ${key} takes ${takes}`);
        const refusal = refuses?.(object);
        if (refusal !== undefined) throw new ControlValueError(`${name}: ${key} ${refusal}`);
        return { object, value: value as Value };
      });
    },
    set: (changes) => {
      for (const { object, value } of changes) write(object, value);
    },
  });
}

function change(tenant: Tenant, object: DirectoryObject, changes: Partial<Omit<DirectoryObject, 'id' | 'type'>>): void {
  tenant.state.directory.change(object, changes);
  recalculateAddresses(tenant.state, object);
}

interface RoleNames {
  readonly active?: readonly string[];
  readonly eligible?: readonly string[];
}

function rolesOf(tenant: Tenant, object: DirectoryObject): RoleNames | undefined {
  const mine = tenant.roles.all.filter(({ principalId }) => principalId === object.id);
  const nameOf = (id: string) => Object.keys(roleDefinitions).find((name) => roleDefinitions[name] === id) ?? id;
  const names = (eligible: boolean) =>
    mine.filter((role) => role.eligible === eligible).map((role) => nameOf(role.roleDefinitionId));
  return mine.length === 0 ? undefined : { active: names(false), eligible: names(true) };
}

function isRoleNames(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([key, names]) =>
      ['active', 'eligible'].includes(key) && Array.isArray(names) && names.every((name) => name in roleDefinitions),
  );
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isDateOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
}

function isoDate(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
