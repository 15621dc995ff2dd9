import fc from 'fast-check';
import { expect, test } from 'vitest';
import { immutableIdOf, objectGuidOf } from '../../src/domain/immutable-id.ts';

test.each([
  ['00112233-4455-6677-8899-aabbccddeeff', 'MyIRAFVEd2aImaq7zN3u/w=='],
  ['897485c7-81a7-42eb-97c6-37ed73077b1f', 'x4V0iaeB60KXxjftcwd7Hw=='],
])('%s is %s in the order of Active Directory', (objectGuid, immutableId) => {
  expect(immutableIdOf(objectGuid)).toBe(immutableId);
  expect(objectGuidOf(immutableId)).toBe(objectGuid);
});

test('the big-endian form is another GUID', () => {
  expect(objectGuidOf('ABEiM0RVZneImaq7zN3u/w==')).not.toBe('00112233-4455-6677-8899-aabbccddeeff');
});

test.each(['employee-4711', '', 'AAAA', 'MyIRAFVEd2aImaq7zN3u_w=='])('%s is the anchor of no GUID', (anchor) => {
  expect(objectGuidOf(anchor)).toBeNull();
});

test('what is no GUID has no immutableId', () => {
  expect(immutableIdOf('not a guid')).toBeNull();
});

test('there and back is the same GUID', () => {
  fc.assert(
    fc.property(fc.uuid(), (objectGuid) => {
      expect(objectGuidOf(immutableIdOf(objectGuid) ?? '')).toBe(objectGuid);
    }),
  );
});
