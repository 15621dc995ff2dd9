import type { DirectoryObject } from '../directory-object.ts';
import type { ObjectType } from '../provisioning.ts';
import { notFound } from './answer.ts';
import type { Call } from './call.ts';

/** The live object that a path names: a user also by UPN. */
export function findObject(call: Call, type: ObjectType | undefined, key: string): DirectoryObject {
  const { directory } = call.tenant.state;
  const object = directory.byId(key) ?? (type === 'user' ? directory.byUpn(key) : undefined);
  const isThere = object && object.deletedAt === undefined && (type === undefined || object.type === type);
  if (!isThere) throw notFound(key);
  return object;
}

export function findDeleted(call: Call, id: string): DirectoryObject {
  const object = call.tenant.state.directory.byId(id);
  if (object?.deletedAt === undefined) throw notFound(id);
  return object;
}
