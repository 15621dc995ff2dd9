import { restore } from '../delete-and-restore.ts';
import { type Answer, badRequest } from './answer.ts';
import type { Call } from './call.ts';
import { listObjects } from './collection.ts';
import { findDeleted } from './find-object.ts';
import { represent, representTyped } from './object-properties.ts';
import type { Route } from './route.ts';
import { conflict } from './write-body.ts';

/** S11: /directory/deletedItems. The type cast is mandatory in a list. Whether an application may purge is disputed; here it may. */
export const deletedItemRoutes: readonly Route[] = [
  ...['microsoft.graph.user', 'graph.user'].map(
    (cast): Route => ({
      method: 'GET',
      path: `directory/deletedItems/${cast}`,
      needs: 'readUsers',
      answer: (call) => listObjects(call, 'user', true),
    }),
  ),
  ...['microsoft.graph.group', 'graph.group'].map(
    (cast): Route => ({
      method: 'GET',
      path: `directory/deletedItems/${cast}`,
      needs: 'readGroups',
      answer: (call) => listObjects(call, 'group', true),
    }),
  ),
  {
    method: 'GET',
    path: 'directory/deletedItems/{id}',
    needs: 'readUsers',
    answer: (call, id) => getDeleted(call, id),
  },
  {
    method: 'POST',
    path: 'directory/deletedItems/{id}/restore',
    needs: 'restore',
    answer: (call, id) => restoreItem(call, id),
  },
  {
    method: 'DELETE',
    path: 'directory/deletedItems/{id}',
    needs: 'deleteUsers',
    answer: (call, id) => purge(call, id),
  },
];

function getDeleted(call: Call, id: string): Answer {
  const object = findDeleted(call, id);
  return { status: 200, body: representTyped(object, call.query.get('$select')?.split(',')) };
}

function restoreItem(call: Call, id: string): Answer {
  const object = findDeleted(call, id);
  const { newUserPrincipalName, autoReconcileProxyConflict } = (call.body ?? {}) as Record<string, unknown>;
  if (newUserPrincipalName !== undefined && typeof newUserPrincipalName !== 'string') {
    throw badRequest("Invalid value specified for property 'newUserPrincipalName'.");
  }
  const outcome = restore(call.tenant.state, object, {
    newUserPrincipalName,
    autoReconcileProxyConflict: autoReconcileProxyConflict === true,
  });
  if (outcome !== 'restored') throw conflict(outcome.conflict, call.tenant.settings.switches);
  const view = represent(object, undefined);
  call.writes.object(call.method, object, null, view);
  call.tenant.state.audits.record(`Restore ${object.type}`, object, call.claims.oid);
  return { status: 200, body: { '@odata.context': `${call.baseUrl}/$metadata#directoryObjects/$entity`, ...view } };
}

function purge(call: Call, id: string): Answer {
  const object = findDeleted(call, id);
  call.tenant.state.directory.remove(object);
  call.writes.object(call.method, object, represent(object, undefined), null);
  call.tenant.state.audits.record(`Hard Delete ${object.type}`, object, call.claims.oid);
  return { status: 204 };
}
