import { expect, test } from 'vitest';
import { canonicalEngineError, canonicalGraphError } from '../../src/domain/error-family.ts';

test.each([
  ['PropertyConflict', 'UserPrincipalName', 'QuarantinedUserPrincipalName', 'DuplicateValue', 'userPrincipalName'],
  ['PropertyConflict', 'ProxyAddress', 'QuarantinedProxyAddress', 'DuplicateValue', 'proxyAddresses'],
  ['PropertyConflict', 'ProxyAddresses', 'QuarantinedProxyAddress', 'DuplicateValue', 'proxyAddresses'],
  ['PropertyConflict', 'SomethingNew', 'NotUnderstood', 'DuplicateValue', 'SomethingNew'],
  ['PropertyConflict', undefined, 'NotUnderstood', 'DuplicateValue', undefined],
  ['SomethingNew', 'UserPrincipalName', 'NotUnderstood', 'SomethingNew', 'userPrincipalName'],
])('Graph: %s of %s is %s', (category, property, code, family, attribute) => {
  expect(canonicalGraphError(category, property)).toEqual({ code, family, ...(attribute ? { attribute } : {}) });
});

test.each([
  ['AttributeValueMustBeUnique', 'ProxyAddresses', 'DuplicateValue', 'proxyAddresses'],
  ['QuarantinedAttributeValueMustBeUnique', 'UserPrincipalName', 'DuplicateValue', 'userPrincipalName'],
  ['AttributeValueMustBeUnique', 'OnPremiseSecurityIdentifier', 'DuplicateValue', 'onPremisesSecurityIdentifier'],
  ['InvalidSoftMatch', undefined, 'InvalidSoftMatch', undefined],
])('sync engine: %s of %s belongs to the family %s and is not understood yet', (type, name, family, attribute) => {
  expect(canonicalEngineError(type, name)).toEqual({
    code: 'NotUnderstood',
    family,
    ...(attribute ? { attribute } : {}),
  });
});
