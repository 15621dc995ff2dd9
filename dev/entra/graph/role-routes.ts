import { type RoleAssignment, roleDefinitions } from '../roles.ts';
import { notFound } from './answer.ts';
import type { Call } from './call.ts';
import { listPlain, listRelated } from './collection.ts';
import type { Route } from './route.ts';

/** Directory roles: assigned, eligible, and as the activated roles of the older API. */
export const roleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'roleManagement/directory/roleAssignments',
    needs: 'readRoles',
    answer: (call) => listPlain(call, 'roleManagement/directory/roleAssignments', active(call).map(toAssignment)),
  },
  {
    method: 'GET',
    path: 'roleManagement/directory/roleEligibilitySchedules',
    needs: 'readEligibility',
    answer: (call) =>
      listPlain(call, 'roleManagement/directory/roleEligibilitySchedules', eligible(call).map(toSchedule)),
  },
  {
    method: 'GET',
    path: 'roleManagement/directory/roleDefinitions',
    needs: 'readRoles',
    answer: (call) =>
      listPlain(
        call,
        'roleManagement/directory/roleDefinitions',
        Object.entries(roleDefinitions).map(([displayName, id]) => ({
          id,
          templateId: id,
          displayName,
          isBuiltIn: true,
          isEnabled: true,
        })),
      ),
  },
  {
    method: 'GET',
    path: 'directoryRoles',
    needs: 'readRoles',
    answer: (call) => listPlain(call, 'directoryRoles', activated(call)),
  },
  {
    method: 'GET',
    path: 'directoryRoles/{role}/members',
    needs: 'readRoles',
    answer: (call, role) => {
      if (!activated(call).some(({ id }) => id === role)) throw notFound(role);
      const ids = active(call).filter(({ roleDefinitionId }) => roleDefinitionId === role);
      return listRelated(
        call,
        ids.flatMap(({ principalId }) => call.tenant.state.directory.byId(principalId) ?? []),
      );
    },
  },
];

/** Active roles of principals, as a list of memberships shows them. */
export function rolesAsObjects(call: Call, principalIds: readonly string[]): readonly Record<string, unknown>[] {
  const held = new Set(
    active(call)
      .filter(({ principalId }) => principalIds.includes(principalId))
      .map(({ roleDefinitionId }) => roleDefinitionId),
  );
  return activated(call)
    .filter(({ id }) => held.has(id))
    .map((role) => ({ '@odata.type': '#microsoft.graph.directoryRole', ...role }));
}

function active(call: Call): RoleAssignment[] {
  return call.tenant.roles.all.filter((assignment) => !assignment.eligible);
}

function eligible(call: Call): RoleAssignment[] {
  return call.tenant.roles.all.filter((assignment) => assignment.eligible);
}

/** A role is activated with its first assignment; here its id is the template's. */
function activated(call: Call) {
  const ids = new Set(active(call).map(({ roleDefinitionId }) => roleDefinitionId));
  return Object.entries(roleDefinitions)
    .filter(([, id]) => ids.has(id))
    .map(([displayName, id]) => ({ id, deletedDateTime: null, displayName, roleTemplateId: id }));
}

function toAssignment({ id, principalId, roleDefinitionId }: RoleAssignment) {
  return { id, principalId, roleDefinitionId, directoryScopeId: '/' };
}

function toSchedule({ id, principalId, roleDefinitionId }: RoleAssignment) {
  return { id, principalId, roleDefinitionId, directoryScopeId: '/', memberType: 'Direct', status: 'Provisioned' };
}
