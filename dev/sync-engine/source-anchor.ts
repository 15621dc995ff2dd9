import { type AdObject, firstValue } from './ad-object.ts';
import { octetsOfGuid } from './binary-identifiers.ts';

/** Users: mS-DS-ConsistencyGuid when it has a value, else objectGUID; all others: objectGUID. Base64 of the octets as AD stores them. */
export function sourceAnchorOf(object: AdObject): string {
  const consistencyGuid = object.objectType === 'user' ? firstValue(object, 'mS-DS-ConsistencyGuid') : undefined;
  return consistencyGuid ?? octetsOfGuid(object.objectGuid).toString('base64');
}
