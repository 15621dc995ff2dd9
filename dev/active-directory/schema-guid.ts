import { createHash } from 'node:crypto';
import { type GuidKey, parseGuid } from './object-guid.ts';

/** schemaIDGUIDs that clients know by heart. Source: [MS-ADA1], [MS-ADA3], [MS-ADSC]. */
const wellKnown: ReadonlyMap<string, string> = new Map([
  ['user', 'bf967aba-0de6-11d0-a285-00aa003049e2'],
  ['group', 'bf967a9c-0de6-11d0-a285-00aa003049e2'],
  ['contact', '5cb41ed0-0e4c-11d0-a286-00aa003049e2'],
  ['computer', 'bf967a86-0de6-11d0-a285-00aa003049e2'],
  ['inetorgperson', '4828cc14-1437-45bc-9b07-ad6f015e5f28'],
  ['organizationalunit', 'bf967aa5-0de6-11d0-a285-00aa003049e2'],
  ['mail', 'bf967961-0de6-11d0-a285-00aa003049e2'],
  ['proxyaddresses', 'bf967a06-0de6-11d0-a285-00aa003049e2'],
  ['userprincipalname', '28630ebb-41d5-11d1-a9c1-0000f80367c1'],
  ['targetaddress', 'f0f8ff9f-1191-11d0-a060-00aa006c33ed'],
  ['mailnickname', 'bf9679b3-0de6-11d0-a285-00aa003049e2'],
  ['displayname', 'bf967953-0de6-11d0-a285-00aa003049e2'],
  ['ms-ds-consistencyguid', '23773dc2-b63a-11d2-90e1-00c04fd91ab1'],
  ['member', 'bf9679c0-0de6-11d0-a285-00aa003049e2'],
]);

/** The schemaIDGUID of an attribute or class. Those that nobody knows by heart are derived from the name. */
function schemaGuid(kind: string, name: string): GuidKey {
  const known = wellKnown.get(name.toLowerCase());
  const guid = known && parseGuid(known);
  return guid ?? createHash('sha256').update(`${kind}:${name.toLowerCase()}`).digest('hex').slice(0, 32);
}

export const attributeGuid = (name: string): GuidKey => schemaGuid('attribute', name);

export const classGuid = (name: string): GuidKey => schemaGuid('class', name);
