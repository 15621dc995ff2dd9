import type { Directory } from '../directory.ts';
import type { DirectoryObject } from '../directory-object.ts';
import type { ObjectType } from '../provisioning.ts';
import type { Filter } from './filter-syntax.ts';

/**
 * The objects that may satisfy a filter: those that an index names, or all. A large tenant is asked for single
 * addresses and UPNs all the time. Objects with a write that searches do not see yet are always among them.
 */
export function searchCandidates(
  directory: Directory,
  type: ObjectType,
  filter: Filter | undefined,
): Iterable<DirectoryObject> {
  const named = filter && indexed(directory, filter);
  return named ? directory.searchableAmong(type, named) : directory.searchable(type);
}

function indexed(directory: Directory, filter: Filter): ReadonlySet<DirectoryObject> | undefined {
  switch (filter.kind) {
    case 'or': {
      const left = indexed(directory, filter.left);
      const right = indexed(directory, filter.right);
      return left && right ? new Set([...left, ...right]) : undefined;
    }
    case 'and':
      return indexed(directory, filter.left) ?? indexed(directory, filter.right);
    case 'compare':
      return typeof filter.value === 'string' && filter.operator === 'eq'
        ? lookUp(directory, filter.path[0], filter.value)
        : undefined;
    case 'any':
      return filter.path[0] === 'proxyAddresses' && filter.body && filter.variable
        ? indexedAddress(directory, filter.body)
        : undefined;
    default:
      return undefined;
  }
}

function indexedAddress(directory: Directory, body: Filter): ReadonlySet<DirectoryObject> | undefined {
  if (body.kind === 'or') {
    const left = indexedAddress(directory, body.left);
    const right = indexedAddress(directory, body.right);
    return left && right ? new Set([...left, ...right]) : undefined;
  }
  const isSmtp = body.kind === 'compare' && body.operator === 'eq' && /^smtp:/i.test(String(body.value));
  return isSmtp ? setOf(directory.byAddress(String(body.value).slice(5))) : undefined;
}

/** Index entries cover live objects only, which is what these properties are asked for. */
function lookUp(directory: Directory, property: string, value: string): ReadonlySet<DirectoryObject> | undefined {
  if (property === 'userPrincipalName') return setOf(directory.byUpn(value));
  if (property === 'id') return setOf(directory.byId(value));
  if (property === 'onPremisesImmutableId') return setOf(directory.byAnchor(value));
  return undefined;
}

function setOf(object: DirectoryObject | undefined): ReadonlySet<DirectoryObject> {
  return new Set(object ? [object] : []);
}
