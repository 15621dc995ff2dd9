import type { Switches } from '../switches.ts';
import { invalidQuery, unsupportedQuery } from './answer.ts';
import { type EntityType, propertiesOf } from './entity-types.ts';
import type { Filter, Path } from './filter-syntax.ts';

/**
 * `plain` works without headers, `advanced` only with ConsistencyLevel: eventual and $count=true. Operators that no
 * directory property supports plainly (ne, not, endsWith) are advanced everywhere; contains, gt and lt work nowhere.
 */
type Support = 'plain' | 'advanced';

const shared: Readonly<Record<string, Support>> = {
  id: 'plain',
  displayName: 'plain',
  mail: 'plain',
  mailNickname: 'plain',
  proxyAddresses: 'plain',
  createdDateTime: 'plain',
  deletedDateTime: 'advanced',
  onPremisesSyncEnabled: 'plain',
  onPremisesLastSyncDateTime: 'plain',
  onPremisesSamAccountName: 'advanced',
  onPremisesExtensionAttributes: 'advanced',
};

const byType: Partial<Record<EntityType, Readonly<Record<string, Support>>>> = {
  user: {
    ...shared,
    userPrincipalName: 'plain',
    accountEnabled: 'plain',
    givenName: 'plain',
    surname: 'plain',
    jobTitle: 'plain',
    userType: 'plain',
    employeeId: 'plain',
    usageLocation: 'plain',
    city: 'plain',
    country: 'plain',
    state: 'plain',
    otherMails: 'plain',
    assignedLicenses: 'plain',
    identities: 'plain',
    creationType: 'plain',
    externalUserState: 'plain',
    onPremisesImmutableId: 'plain',
    signInActivity: 'plain',
    onPremisesUserPrincipalName: 'advanced',
    department: 'advanced',
    companyName: 'advanced',
    businessPhones: 'advanced',
    mobilePhone: 'advanced',
    employeeType: 'advanced',
    assignedPlans: 'advanced',
    provisionedPlans: 'advanced',
  },
  group: {
    ...shared,
    groupTypes: 'plain',
    securityEnabled: 'plain',
    mailEnabled: 'plain',
    isAssignableToRole: 'plain',
    visibility: 'plain',
    classification: 'advanced',
    description: 'advanced',
  },
  orgContact: {
    ...shared,
    givenName: 'plain',
    surname: 'plain',
    companyName: 'plain',
    department: 'plain',
    jobTitle: 'plain',
  },
};

/** Refuses (400) a filter that Graph would not evaluate, and one that it evaluates as an advanced query only. */
export function checkFilter(filter: Filter, type: EntityType, advanced: boolean, switches: Switches): void {
  const need = (required: Support, path: Path): void => {
    if (required === 'advanced' && !advanced) {
      throw unsupportedQuery(
        `Unsupported query: property '${path[0]}' with this operator needs the header ConsistencyLevel: eventual and $count=true.`,
      );
    }
  };
  const visit = (part: Filter): void => {
    switch (part.kind) {
      case 'and':
      case 'or':
        visit(part.left);
        visit(part.right);
        return;
      case 'not':
        need('advanced', pathOf(part.inner));
        visit(part.inner);
        return;
      case 'any':
      case 'all':
        checkLambda(part, type, switches, need);
        return;
      default:
        need(supportOf(type, part.path), part.path);
        checkOperator(part, need);
    }
  };
  visit(filter);
  // "Supports $filter (eq, ne, not, ge, le) but not with any other filterable properties" (reference of user, read 2026-11-29).
  const named = namesIn(filter);
  if (named.has('signInActivity') && named.size > 1) throw unsupported(['signInActivity']);
}

function namesIn(filter: Filter): Set<string> {
  if ('left' in filter) return new Set([...namesIn(filter.left), ...namesIn(filter.right)]);
  return new Set([pathOf(filter)[0]]);
}

function checkOperator(part: Filter, need: (required: Support, path: Path) => void): void {
  if (part.kind === 'text') {
    if (part.function === 'contains') throw unsupported(part.path);
    if (part.function === 'endsWith') {
      if (!['mail', 'userPrincipalName', 'otherMails', 'proxyAddresses'].includes(part.path[0]))
        throw unsupported(part.path);
      need('advanced', part.path);
    }
  }
  if (part.kind !== 'compare') return;
  if (part.operator === 'gt' || part.operator === 'lt') throw unsupported(part.path);
  if (part.value === null && part.path[0] === 'onPremisesImmutableId') throw unsupported(part.path);
  if (part.operator === 'ne' || part.value === null) need('advanced', part.path);
}

function checkLambda(
  part: Extract<Filter, { kind: 'any' | 'all' }>,
  type: EntityType,
  switches: Switches,
  need: (required: Support, path: Path) => void,
): void {
  if (part.path[0] === 'onPremisesProvisioningErrors') {
    checkProvisioningErrors(part, switches, need);
    return;
  }
  if (part.kind === 'all') throw unsupported(part.path);
  need(supportOf(type, part.path), part.path);
  if (!part.body) throw unsupported(part.path);
  const visit = (inner: Filter): void => {
    if ('left' in inner) {
      visit(inner.left);
      visit(inner.right);
    } else if ('inner' in inner || inner.kind === 'any' || inner.kind === 'all') throw unsupported(part.path);
    else checkOperator(inner.path[0] === part.variable ? { ...inner, path: part.path } : inner, need);
  };
  visit(part.body);
}

/** Only `eq` on category and propertyCausingError, never null, never a bare any(). */
function checkProvisioningErrors(
  part: Extract<Filter, { kind: 'any' | 'all' }>,
  { provisioningErrorFilter }: Switches,
  need: (required: Support, path: Path) => void,
): void {
  const { body } = part;
  if (provisioningErrorFilter === 'unsupported' || part.kind === 'all') throw unsupported(part.path);
  if (provisioningErrorFilter === 'needsConsistencyLevel') need('advanced', part.path);
  const isKnown =
    body?.kind === 'compare' &&
    body.operator === 'eq' &&
    body.value !== null &&
    ['category', 'propertyCausingError'].includes(body.path[1] ?? '');
  if (!isKnown) throw unsupported(part.path);
}

function supportOf(type: EntityType, path: Path): Support {
  const [name] = path;
  if (!(name in propertiesOf(type))) {
    throw invalidQuery(
      `Invalid filter clause: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
    );
  }
  const support = byType[type]?.[name];
  if (!support) throw unsupported(path);
  return support;
}

function pathOf(filter: Filter): Path {
  if ('path' in filter) return filter.path;
  return pathOf('inner' in filter ? filter.inner : filter.left);
}

function unsupported(path: Path) {
  return unsupportedQuery(`Unsupported or invalid query filter clause specified for property '${path.join('/')}'.`);
}
