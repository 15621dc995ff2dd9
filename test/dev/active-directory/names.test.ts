import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDn, parseDn } from '../../../dev/active-directory/distinguished-name.ts';
import { foldText } from '../../../dev/active-directory/fold-text.ts';
import { formatGuid, newGuid, parseGuid } from '../../../dev/active-directory/object-guid.ts';
import { readSid, sidOctets } from '../../../dev/active-directory/security-identifier.ts';

it('turns the first three groups of a GUID around, as AD stores them', () => {
  expect(formatGuid('78563412bc9af0de0123456789abcdef')).toBe('12345678-9abc-def0-0123-456789abcdef');
  expect(parseGuid('12345678-9ABC-DEF0-0123-456789ABCDEF')).toBe('78563412bc9af0de0123456789abcdef');
  expect(parseGuid('12345678')).toBeUndefined();
  const guid = newGuid();
  expect(parseGuid(formatGuid(guid))).toBe(guid);
});

it('keeps every name through a DN', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      const dn = names.map((value) => ({ type: 'CN', value }));
      expect(parseDn(formatDn(dn))).toEqual(dn);
    }),
  );
});

it('takes only spaces around a value for no part of it', () => {
  expect(parseDn('CN= a\u00a0 ,CN=\u2000\\ ')).toEqual([
    { type: 'CN', value: 'a\u00a0' },
    { type: 'CN', value: '\u2000 ' },
  ]);
});

it('reads a SID from the octets that it writes', () => {
  const sid = 'S-1-5-21-1004336348-1177238915-682003330-512';
  expect(sidOctets(sid).toString('hex')).toBe('010500000000000515000000dcf4dc3b833d2b46828ba62800020000');
  expect(readSid(sidOctets(sid))).toBe(sid);
});

it('takes texts for equal that differ in case, accents or width', () => {
  expect(foldText('MÜLLER')).toBe(foldText('muller'));
  expect(foldText('Ａda')).toBe(foldText('ada'));
  expect(foldText('ada')).not.toBe(foldText('adb'));
});
