import { type DirectoryObject, shadowList, shadowText } from './directory-object.ts';
import type { TenantState } from './tenant-state.ts';

/** The manager of an object; a synchronised one is named by its source anchor and may not have arrived yet. */
export function managerOf(state: TenantState, object: DirectoryObject): DirectoryObject | undefined {
  const { directory } = state;
  const anchor = object.sync === 'synced' ? shadowText(object.shadow, 'manager') : undefined;
  const manager = anchor ? directory.byAnchor(anchor) : directory.byId(object.managerId ?? '');
  return manager?.deletedAt === undefined ? manager : undefined;
}

export function membersOf(state: TenantState, group: DirectoryObject): DirectoryObject[] {
  const { directory } = state;
  const members =
    group.sync === 'synced'
      ? shadowList(group.shadow, 'members').map((anchor) => directory.byAnchor(anchor))
      : group.members.map((id) => directory.byId(id));
  return members.filter((member) => member !== undefined).filter((member) => member.deletedAt === undefined);
}

export function transitiveMembersOf(state: TenantState, group: DirectoryObject): DirectoryObject[] {
  const found = new Set<DirectoryObject>();
  const visit = (inner: DirectoryObject): void => {
    for (const member of membersOf(state, inner)) {
      if (found.has(member)) continue;
      found.add(member);
      if (member.type === 'group') visit(member);
    }
  };
  visit(group);
  return [...found];
}

export function groupsOf(state: TenantState, object: DirectoryObject): DirectoryObject[] {
  return activeGroups(state).filter((group) => membersOf(state, group).includes(object));
}

export function transitiveGroupsOf(state: TenantState, object: DirectoryObject): DirectoryObject[] {
  const found = new Set<DirectoryObject>();
  const visit = (inner: DirectoryObject): void => {
    for (const group of groupsOf(state, inner)) {
      if (found.has(group)) continue;
      found.add(group);
      visit(group);
    }
  };
  visit(object);
  return [...found];
}

function activeGroups({ directory }: TenantState): DirectoryObject[] {
  return [...directory.all('group')].filter((group) => group.deletedAt === undefined);
}
