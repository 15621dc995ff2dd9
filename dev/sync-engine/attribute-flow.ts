import type { ShadowValue } from '../entra/provisioning.ts';
import { type AdObject, firstValue, flagsOf, isSecurityGroup } from './ad-object.ts';
import { sourceAnchorOf } from './source-anchor.ts';
import type { AttributeFlow, Expression, ScopingFilter, SyncRule } from './sync-rules.ts';

/** Where one attribute of a metaverse object comes from. */
export interface Contribution {
  readonly value: ShadowValue;
  readonly rule: string;
  readonly flow: 'direct' | 'expression';
  /** The AD attribute, in schema spelling. */
  readonly source: string;
  readonly from: AdObject;
}

/** Contributions by attribute name in the Entra connector space, and `sourceAnchor`. */
export type AttributeValues = ReadonlyMap<string, Contribution>;

/** The source anchor of the object with this distinguished name; undefined when it is not synchronised. */
export type ResolveReference = (distinguishedName: string) => string | undefined;

const accountDisabled = 0x2;
const linkedMailbox = 2;
const multiValued: ReadonlySet<string> = new Set(['proxyAddresses', 'members']);

/**
 * The attributes of the metaverse object to which `connected` are joined: for each, the value of the rule with the
 * lowest precedence that yields one; under one rule, of the first connector (`connected` is in connector order).
 */
export function flowAttributes(
  connected: readonly AdObject[],
  rules: readonly SyncRule[],
  resolve: ResolveReference,
): AttributeValues {
  const values = new Map<string, Contribution>();
  for (const rule of rules.toSorted((one, other) => one.precedence - other.precedence)) {
    for (const object of connected) {
      if (rule.objectType === object.objectType && filters[rule.scopingFilter](object)) {
        applyRule(rule, object, resolve, values);
      }
    }
  }
  return values;
}

function applyRule(
  rule: SyncRule,
  object: AdObject,
  resolve: ResolveReference,
  values: Map<string, Contribution>,
): void {
  for (const flow of rule.flows) {
    if (values.has(flow.target)) continue;
    const value = flowedValue(flow, object, resolve);
    if (value === undefined) continue;
    const kind = flow.expression === undefined ? 'direct' : 'expression';
    values.set(flow.target, { value, rule: rule.name, flow: kind, source: sourceNamed(flow, object), from: object });
  }
}

const filters: Readonly<Record<ScopingFilter, (object: AdObject) => boolean>> = {
  'every object': () => true,
  'enabled account': (object) => isEnabled(object) && !isLinkedMailbox(object),
  'not a linked mailbox': (object) => !isLinkedMailbox(object),
  'has a mailbox': (object) =>
    isLinkedMailbox(object) || hasValue(object, 'msExchMailboxGuid') || hasValue(object, 'homeMDB'),
};

function hasValue(object: AdObject, attribute: string): boolean {
  return firstValue(object, attribute) !== undefined;
}

export function isEnabled(object: AdObject): boolean {
  return (flagsOf(object, 'userAccountControl') & accountDisabled) === 0;
}

/** The disabled account that carries a mailbox for an account of another forest; it contributes neither UPN nor anchor. */
export function isLinkedMailbox(object: AdObject): boolean {
  return object.objectType === 'user' && flagsOf(object, 'msExchRecipientTypeDetails') === linkedMailbox;
}

function flowedValue(flow: AttributeFlow, object: AdObject, resolve: ResolveReference): ShadowValue | undefined {
  if (flow.expression) return expressions[flow.expression](object, flow, resolve);
  const values = object.attributes[flow.source];
  return multiValued.has(flow.target) ? values : values?.[0];
}

type Evaluate = (object: AdObject, flow: AttributeFlow, resolve: ResolveReference) => ShadowValue | undefined;

const expressions: Readonly<Record<Expression, Evaluate>> = {
  sourceAnchor: sourceAnchorOf,
  'sAMAccountName@domain': (object) => {
    const accountName = firstValue(object, 'sAMAccountName');
    return accountName === undefined ? undefined : `${accountName}@${object.domain}`;
  },
  accountIsEnabled: isEnabled,
  isSecurityGroup,
  distinguishedName: (object) => object.distinguishedName,
  domainName: (object) => object.domain,
  reference: (object, flow, resolve) => {
    const anchors = (object.attributes[flow.source] ?? []).flatMap((dn) => resolve(dn) ?? []).sort();
    return multiValued.has(flow.target) && anchors.length > 0 ? anchors : anchors[0];
  },
  trim: (object, flow) => mapped(object, flow, (value) => value.trim()),
  lowerCase: (object, flow) => mapped(object, flow, (value) => value.toLowerCase()),
};

function mapped(object: AdObject, flow: AttributeFlow, change: (value: string) => string): ShadowValue | undefined {
  const values = object.attributes[flow.source]?.map(change);
  return multiValued.has(flow.target) ? values : values?.[0];
}

/** The anchor rule reads mS-DS-ConsistencyGuid first and objectGUID where that is empty; lineage names the one it used. */
function sourceNamed(flow: AttributeFlow, object: AdObject): string {
  const fellBack = flow.expression === 'sourceAnchor' && firstValue(object, flow.source) === undefined;
  return fellBack ? 'objectGUID' : flow.source;
}
