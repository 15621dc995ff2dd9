import { switchAuthority } from '../object-controls.ts';
import type { ObjectType } from '../provisioning.ts';
import { groupsOf, managerOf, membersOf, transitiveGroupsOf, transitiveMembersOf } from '../references.ts';
import { type Answer, badRequest, notFound, Refused } from './answer.ts';
import type { Call } from './call.ts';
import { listPlain, listRelated } from './collection.ts';
import { findObject } from './find-object.ts';
import { licenseDetailsOf, representTyped } from './object-properties.ts';
import { rolesAsObjects } from './role-routes.ts';
import type { Route } from './route.ts';

/** What belongs to a user, group or contact: manager, memberships, licences, source of authority. */
export const relationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'groups/{group}/members',
    needs: 'readGroups',
    units: 3,
    answer: (call, key) => members(call, key),
  },
  {
    method: 'POST',
    path: 'groups/{group}/members/$ref',
    needs: 'writeGroups',
    answer: (call, key) => addMember(call, key),
  },
  {
    method: 'GET',
    path: 'groups/{group}/transitiveMembers',
    needs: 'readGroups',
    units: 5,
    answer: (call, key) => listRelated(call, transitiveMembersOf(call.tenant.state, findObject(call, 'group', key))),
  },
  {
    method: 'GET',
    path: 'groups/{group}/memberOf',
    needs: 'readGroups',
    units: 2,
    answer: (call, key) => memberOf(call, 'group', key),
  },
  {
    method: 'GET',
    path: 'users/{user}/memberOf',
    needs: 'readUsers',
    units: 2,
    answer: (call, key) => memberOf(call, 'user', key),
  },
  {
    method: 'GET',
    path: 'users/{user}/transitiveMemberOf',
    needs: 'readUsers',
    units: 2,
    answer: (call, key) => transitiveMemberOf(call, 'user', key),
  },
  {
    method: 'GET',
    path: 'groups/{group}/transitiveMemberOf',
    needs: 'readGroups',
    units: 2,
    answer: (call, key) => transitiveMemberOf(call, 'group', key),
  },
  {
    method: 'GET',
    path: 'contacts/{contact}/memberOf',
    needs: 'readContacts',
    units: 2,
    answer: (call, key) => memberOf(call, 'contact', key),
  },
  {
    method: 'GET',
    path: 'users/{user}/manager',
    needs: 'readUsers',
    answer: (call, key) => manager(call, 'user', key),
  },
  {
    method: 'GET',
    path: 'contacts/{contact}/manager',
    needs: 'readContacts',
    answer: (call, key) => manager(call, 'contact', key),
  },
  {
    method: 'PUT',
    path: 'users/{user}/manager/$ref',
    needs: 'writeUsers',
    answer: (call, key) => setManager(call, key),
  },
  {
    method: 'GET',
    path: 'users/{user}/licenseDetails',
    needs: 'readUsers',
    answer: (call, key) =>
      listPlain(call, 'licenseDetails', licenseDetailsOf(findObject(call, 'user', key)) as Record<string, unknown>[]),
  },
  {
    method: 'GET',
    path: 'users/{user}/mailboxSettings',
    needs: 'readMailboxSettings',
    answer: (call, key) => mailboxSettings(call, key),
  },
  ...authorityRoutes('users', 'user', 'userAuthority'),
  ...authorityRoutes('groups', 'group', 'groupAuthority'),
  ...authorityRoutes('contacts', 'contact', 'contactAuthority'),
];

function members(call: Call, key: string): Answer {
  return listRelated(call, membersOf(call.tenant.state, findObject(call, 'group', key)));
}

function memberOf(call: Call, type: ObjectType, key: string): Answer {
  const object = findObject(call, type, key);
  return withRoles(call, listRelated(call, groupsOf(call.tenant.state, object)), [object.id]);
}

function transitiveMemberOf(call: Call, type: ObjectType, key: string): Answer {
  const object = findObject(call, type, key);
  const groups = transitiveGroupsOf(call.tenant.state, object);
  return withRoles(call, listRelated(call, groups), [object.id, ...groups.map(({ id }) => id)]);
}

/** Roles that are active come after the groups, on the last page. */
function withRoles(call: Call, answer: Answer, principalIds: readonly string[]): Answer {
  const body = answer.body as { value: unknown[]; '@odata.nextLink'?: string };
  if (body['@odata.nextLink']) return answer;
  return { ...answer, body: { ...body, value: [...body.value, ...rolesAsObjects(call, principalIds)] } };
}

function manager(call: Call, type: ObjectType, key: string): Answer {
  const found = managerOf(call.tenant.state, findObject(call, type, key));
  if (!found) throw notFound('manager');
  const context = `${call.baseUrl}/$metadata#directoryObjects/$entity`;
  return {
    status: 200,
    body: { '@odata.context': context, ...representTyped(found, call.query.get('$select')?.split(',')) },
  };
}

function setManager(call: Call, key: string): Answer {
  const object = findObject(call, 'user', key);
  const target = referenced(call);
  if (object.sync === 'synced') {
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
  call.tenant.state.directory.change(object, { managerId: target.id });
  call.writes.object(call.method, object, null, { manager: target.id });
  return { status: 204 };
}

function addMember(call: Call, key: string): Answer {
  const group = findObject(call, 'group', key);
  const target = referenced(call);
  if (group.sync === 'synced') {
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
  if (group.members.includes(target.id)) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  }
  call.tenant.state.directory.change(group, { members: [...group.members, target.id] });
  call.writes.object(call.method, group, null, { member: target.id });
  return { status: 204 };
}

function referenced(call: Call) {
  const reference = String((call.body as Record<string, unknown> | null)?.['@odata.id'] ?? '');
  const key = decodeURIComponent(reference.split('/').at(-1) ?? '');
  if (key === '') throw badRequest('The body names no object: @odata.id is missing.');
  return findObject(call, reference.includes('/users/') ? 'user' : undefined, key);
}

function mailboxSettings(call: Call, key: string): Answer {
  const { mailbox } = findObject(call, 'user', key);
  if (mailbox === 'none') {
    throw new Refused(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
  return { status: 200, body: { '@odata.context': `${call.baseUrl}/$metadata#mailboxSettings`, userPurpose: mailbox } };
}

function authorityRoutes(plural: string, type: ObjectType, needs: Route['needs']): Route[] {
  const path = `${plural}/{object}/onPremisesSyncBehavior`;
  return [
    {
      method: 'GET',
      path,
      needs,
      answer: (call, key) => {
        const object = findObject(call, type, key);
        return { status: 200, body: { id: object.id, isCloudManaged: object.sync === 'cloudManaged' } };
      },
    },
    {
      method: 'PATCH',
      path,
      needs,
      answer: (call, key) => {
        const object = findObject(call, type, key);
        const to = (call.body as Record<string, unknown> | null)?.['isCloudManaged'];
        if (typeof to !== 'boolean') throw badRequest("Invalid value specified for property 'isCloudManaged'.");
        if (object.shadow === undefined) throw badRequest('The object was never synchronized from on-premises.');
        const before = object.sync === 'cloudManaged';
        switchAuthority(call.tenant, object, to);
        call.writes.object(call.method, object, { isCloudManaged: before }, { isCloudManaged: to });
        const activity = `Change Source of Authority from ${to ? 'AD to cloud' : 'cloud to AD'}`;
        call.tenant.state.audits.record(activity, object, call.claims.oid);
        return { status: 204 };
      },
    },
  ];
}
