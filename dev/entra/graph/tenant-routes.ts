import type { AuditEntry } from '../audit-log.ts';
import { type Answer, badRequest, notFound } from './answer.ts';
import type { Call } from './call.ts';
import { listPlain } from './collection.ts';
import { findObject } from './find-object.ts';
import { entityTypeOf, isoDate, representTyped } from './object-properties.ts';
import type { Route } from './route.ts';

/** The tenant as a whole: organization, domains, audit log, objects of any type. */
export const tenantRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'organization',
    needs: 'readOrganization',
    answer: (call) => listPlain(call, 'organization', [organization(call)]),
  },
  {
    method: 'GET',
    path: 'organization/{id}',
    needs: 'readOrganization',
    answer: (call, id) => getOrganization(call, id),
  },
  { method: 'GET', path: 'domains', needs: 'readDomains', answer: (call) => listPlain(call, 'domains', domains(call)) },
  { method: 'GET', path: 'domains/{name}', needs: 'readDomains', answer: (call, name) => getDomain(call, name) },
  { method: 'GET', path: 'auditLogs/directoryAudits', needs: 'readAudits', answer: (call) => listAudits(call) },
  {
    method: 'GET',
    path: 'directoryObjects/{id}',
    needs: 'readDirectoryObjects',
    answer: (call, id) => getAny(call, id),
  },
  {
    method: 'POST',
    path: 'directoryObjects/getByIds',
    needs: 'readDirectoryObjects',
    units: 4,
    answer: (call) => getByIds(call),
  },
];

function organization(call: Call): Record<string, unknown> {
  const { state, tenantId } = call.tenant;
  const synced = [...state.directory.all('user'), ...state.directory.all('group'), ...state.directory.all('contact')];
  const lastSync = synced.reduce((latest, { lastSyncAt }) => Math.max(latest, lastSyncAt ?? 0), 0);
  return {
    id: tenantId,
    displayName: 'Contoso',
    onPremisesSyncEnabled: lastSync > 0 ? true : null,
    onPremisesLastSyncDateTime: lastSync > 0 ? isoDate(lastSync) : null,
    technicalNotificationMails: [`admin@${state.domains.default}`],
    tenantType: 'AAD',
    assignedPlans: [],
    provisionedPlans: [],
    verifiedDomains: state.domains.all
      .filter(({ isVerified }) => isVerified)
      .map(({ name, isInitial, isDefault, authenticationType }) => ({
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault,
        isInitial,
        name,
        type: authenticationType,
      })),
  };
}

function getOrganization(call: Call, id: string): Answer {
  if (id !== call.tenant.tenantId) throw notFound(id);
  return { status: 200, body: organization(call) };
}

function domains(call: Call): Record<string, unknown>[] {
  return call.tenant.state.domains.all.map(({ name, ...facts }) => ({
    id: name,
    ...facts,
    availabilityStatus: null,
    isAdminManaged: true,
    isRoot: true,
    supportedServices: facts.isVerified ? ['Email', 'OfficeCommunicationsOnline'] : [],
  }));
}

function getDomain(call: Call, name: string): Answer {
  const found = domains(call).find(({ id }) => String(id).toLowerCase() === name.toLowerCase());
  if (!found) throw notFound(name);
  return { status: 200, body: { '@odata.context': `${call.baseUrl}/$metadata#domains/$entity`, ...found } };
}

/** Newest first, as the audit log answers. */
function listAudits(call: Call): Answer {
  const entries = call.tenant.state.audits.entries.toReversed().map((entry) => toDirectoryAudit(entry));
  return listPlain(call, 'auditLogs/directoryAudits', entries);
}

function toDirectoryAudit({ id, at, activity, initiator, target, changes }: AuditEntry): Record<string, unknown> {
  const app = initiator === 'sync' ? { displayName: 'Microsoft Entra Connect' } : { servicePrincipalId: initiator };
  return {
    id,
    activityDateTime: isoDate(at),
    activityDisplayName: activity,
    category: target.type === 'Group' ? 'GroupManagement' : 'UserManagement',
    correlationId: id,
    initiatedBy: { app, user: null },
    loggedByService: 'Core Directory',
    operationType: activity.split(' ')[0],
    result: 'success',
    resultReason: '',
    additionalDetails: [],
    targetResources: [
      {
        id: target.id,
        type: target.type,
        displayName: target.name,
        userPrincipalName: target.upn ?? null,
        modifiedProperties: changes.map(({ property, before, after }) => ({
          displayName: property,
          oldValue: JSON.stringify(listOf(before)),
          newValue: JSON.stringify(listOf(after)),
        })),
      },
    ],
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function getAny(call: Call, id: string): Answer {
  return { status: 200, body: representTyped(findObject(call, undefined, id), undefined) };
}

function getByIds(call: Call): Answer {
  const { ids, types } = (call.body ?? {}) as { ids?: unknown; types?: unknown };
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 1000) {
    throw badRequest('A value between 1 and 1000 is required for the number of ids.');
  }
  const wanted = Array.isArray(types) ? types.map(String) : undefined;
  const objects = ids
    .flatMap((id) => call.tenant.state.directory.byId(String(id)) ?? [])
    .filter((object) => object.deletedAt === undefined)
    .filter(({ type }) => !wanted || wanted.includes(entityTypeOf[type]));
  const select = call.query.get('$select')?.split(',');
  return {
    status: 200,
    body: {
      '@odata.context': `${call.baseUrl}/$metadata#directoryObjects`,
      value: objects.map((object) => representTyped(object, select)),
    },
  };
}
