import type { DirectoryObject } from './directory-object.ts';
import type { ObjectType, ShadowObject } from './provisioning.ts';
import type { TenantState } from './tenant-state.ts';

const types: readonly ObjectType[] = ['user', 'group', 'contact'];

/** S1: the engine imports what it exported, so it sees neither quarantine nor calculated addresses. */
export function readShadow({ directory }: TenantState): ShadowObject[] {
  return types.flatMap((type) => [...directory.all(type)].flatMap(shadowOf));
}

function shadowOf(object: DirectoryObject): ShadowObject[] {
  const { sourceAnchor, shadow, sync } = object;
  const isConnected = object.deletedAt === undefined && (sync === 'synced' || sync === 'cloudManaged');
  if (!isConnected || sourceAnchor === undefined || shadow === undefined) return [];
  return [
    {
      sourceAnchor,
      objectType: object.type,
      attributes: shadow,
      cloudId: object.id,
      isCloudManaged: sync === 'cloudManaged',
      exchangeCloudManaged: object.exchangeCloudManaged,
    },
  ];
}
