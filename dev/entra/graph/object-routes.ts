import type { DirectoryObject } from '../directory-object.ts';
import { createGroup, createUser, deleteObject, patchObject } from '../graph-writes.ts';
import type { ObjectType } from '../provisioning.ts';
import { type Answer, badRequest, Refused } from './answer.ts';
import type { Call } from './call.ts';
import { countObjects, listObjects, representExpanded } from './collection.ts';
import { findObject } from './find-object.ts';
import { entityTypeOf, represent } from './object-properties.ts';
import { isPermitted } from './permissions.ts';
import { parseQuery } from './query-options.ts';
import type { Route } from './route.ts';
import { acceptedObject, checkBody, demand } from './write-body.ts';

/** Users, groups and contacts themselves: list, count, read, create, change, delete. */
export const objectRoutes: readonly Route[] = [
  { method: 'GET', path: 'users', needs: 'readUsers', units: 2, answer: (call) => listUsers(call) },
  { method: 'GET', path: 'users/$count', needs: 'readUsers', answer: (call) => countObjects(call, 'user') },
  { method: 'GET', path: 'users/{user}', needs: 'readUsers', answer: (call, key) => getUser(call, key) },
  { method: 'POST', path: 'users', needs: 'writeUsers', answer: (call) => postUser(call) },
  { method: 'PATCH', path: 'users/{user}', needs: 'writeUsers', answer: (call, key) => patch(call, 'user', key) },
  { method: 'DELETE', path: 'users/{user}', needs: 'deleteUsers', answer: (call, key) => remove(call, 'user', key) },

  { method: 'GET', path: 'groups', needs: 'readGroups', answer: (call) => listObjects(call, 'group') },
  { method: 'GET', path: 'groups/$count', needs: 'readGroups', answer: (call) => countObjects(call, 'group') },
  { method: 'GET', path: 'groups/{group}', needs: 'readGroups', answer: (call, key) => get(call, 'group', key) },
  { method: 'POST', path: 'groups', needs: 'writeGroups', answer: (call) => postGroup(call) },
  { method: 'PATCH', path: 'groups/{group}', needs: 'writeGroups', answer: (call, key) => patch(call, 'group', key) },
  { method: 'DELETE', path: 'groups/{group}', needs: 'writeGroups', answer: (call, key) => remove(call, 'group', key) },

  { method: 'GET', path: 'contacts', needs: 'readContacts', answer: (call) => listObjects(call, 'contact') },
  { method: 'GET', path: 'contacts/$count', needs: 'readContacts', answer: (call) => countObjects(call, 'contact') },
  {
    method: 'GET',
    path: 'contacts/{contact}',
    needs: 'readContacts',
    answer: (call, key) => get(call, 'contact', key),
  },
];

function listUsers(call: Call): Answer {
  checkSignInActivity(call);
  return listObjects(call, 'user');
}

function getUser(call: Call, key: string): Answer {
  if (checkSignInActivity(call) && !isGuid(key)) {
    throw badRequest('Get By Key only supports UserId and the key has to be a valid Guid');
  }
  return get(call, 'user', key);
}

function get(call: Call, type: ObjectType, key: string): Answer {
  const object = findObject(call, type, key);
  const entityType = entityTypeOf[type];
  const query = parseQuery(call.query, call.headers['consistencylevel'], entityType, call.tenant.settings.switches);
  const plural = { user: 'users', group: 'groups', contact: 'contacts' }[type];
  const context = `${call.baseUrl}/$metadata#${plural}/$entity`;
  return { status: 200, body: { '@odata.context': context, ...representExpanded(call, object, query) } };
}

/** signInActivity needs AuditLog.Read.All and Entra ID P1; answers whether it was asked for. */
function checkSignInActivity(call: Call): boolean {
  const isAsked = ['$select', '$filter'].some((option) => /signInActivity/i.test(call.query.get(option) ?? ''));
  if (!isAsked) return false;
  if (!isPermitted(call.claims.roles, 'readAudits')) {
    const message = 'Calling principal does not have required MSGraph permissions AuditLog.Read.All';
    throw new Refused(403, 'Authentication_MSGraphPermissionMissing', message);
  }
  if (call.tenant.settings.switches.signInActivityLicence === 'none') {
    const message = "Neither tenant is B2C or tenant doesn't have premium license";
    throw new Refused(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message);
  }
  return true;
}

function postUser(call: Call): Answer {
  const body = checkBody(call.body, 'user');
  demand(body, ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName', 'passwordProfile'], 'user');
  const outcome = createUser(call.tenant.state, body);
  return created(call, acceptedObject(outcome, call.tenant.settings.switches));
}

function postGroup(call: Call): Answer {
  const { members: _, owners: __, ...plain } = (call.body ?? {}) as Record<string, unknown>;
  const body = checkBody(plain, 'group');
  demand(body, ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'], 'group');
  const outcome = createGroup(call.tenant.state, body);
  return created(call, acceptedObject(outcome, call.tenant.settings.switches));
}

function created(call: Call, object: DirectoryObject): Answer {
  const view = represent(object, undefined);
  call.writes.object(call.method, object, null, view);
  call.tenant.state.audits.record(`Add ${object.type}`, object, call.claims.oid);
  const context = `${call.baseUrl}/$metadata#${object.type}s/$entity`;
  return { status: 201, body: { '@odata.context': context, ...view } };
}

function patch(call: Call, type: ObjectType, key: string): Answer {
  const object = findObject(call, type, key);
  const body = checkBody(call.body, entityTypeOf[type]);
  const names = Object.keys(body);
  const { state, settings } = call.tenant;
  const before = { upn: object.userPrincipalName, addresses: object.proxyAddresses };
  const write = () => patchObject(state, object, body);
  const outcome = call.writes.attributes(call.method, object, names, write, ({ done }) => done);
  acceptedObject(outcome, settings.switches);
  state.audits.record(`Update ${type}`, object, call.claims.oid, [
    ...change('UserPrincipalName', before.upn, object.userPrincipalName),
    ...change('ProxyAddresses', before.addresses, object.proxyAddresses),
  ]);
  return { status: 204 };
}

function change(property: string, before: unknown, after: unknown) {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ property, before, after }];
}

function remove(call: Call, type: ObjectType, key: string): Answer {
  const object = findObject(call, type, key);
  const view = represent(object, undefined);
  acceptedObject(deleteObject(call.tenant.state, object), call.tenant.settings.switches);
  call.writes.object(call.method, object, view, null);
  call.tenant.state.audits.record(`Delete ${type}`, object, call.claims.oid);
  return { status: 204 };
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
