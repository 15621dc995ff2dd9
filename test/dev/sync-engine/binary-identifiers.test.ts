import { expect, test } from 'vitest';
import {
  anchorInDistinguishedName,
  entraDistinguishedName,
  guidOf,
  octetsOfGuid,
  sidOf,
} from '../../../dev/sync-engine/binary-identifiers.ts';

test.each([
  ['00112233-4455-6677-8899-aabbccddeeff', 'MyIRAFVEd2aImaq7zN3u/w=='],
  ['897485c7-81a7-42eb-97c6-37ed73077b1f', 'x4V0iaeB60KXxjftcwd7Hw=='],
])('the GUID %s has the octets that AD stores', (guid, anchor) => {
  expect(octetsOfGuid(guid).toString('base64')).toBe(anchor);
  expect(guidOf(Buffer.from(anchor, 'base64'))).toBe(guid);
});

test('a security identifier is shown in its text form', () => {
  expect(sidOf(Buffer.from('0105000000000005150000000100000002000000ffffffffe8030000', 'hex'))).toBe(
    'S-1-5-21-1-2-4294967295-1000',
  );
});

test('the name of an Entra object is the hex of its base64 anchor, and can be read back', () => {
  const name = 'CN={783456306961654236304B58786A66746377643748773D3D}';
  expect(entraDistinguishedName('x4V0iaeB60KXxjftcwd7Hw==')).toBe(name);
  expect(anchorInDistinguishedName(name.toLowerCase())).toBe('x4V0iaeB60KXxjftcwd7Hw==');
});

test.each(['CN=ann,DC=contoso,DC=com', 'CN={}', 'CN={abc}', 'CN={zz}'])('%s is no name of an Entra object', (name) => {
  expect(anchorInDistinguishedName(name)).toBeUndefined();
});
