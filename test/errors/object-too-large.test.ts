import { expect, test } from 'vitest';
import { objectTooLarge } from '../../src/errors/object-too-large.ts';
import { sightingOf } from '../domain/evidence-builder.ts';

const { value: _, ...report } = sightingOf({
  source: 'directory-audit',
  code: 'ObjectTooLarge',
  family: objectTooLarge.meta.family,
  originalCode: 'CertificateCount',
  raw: { message: 'What is wrong.', remedy: 'What to do.', holders: ['Anna Berg (CN=Anna)', 'Bo Lind (CN=Bo)'] },
});

test('nothing is gathered and nothing is changed: a runbook has the words, the names and the remedy of the audit', () => {
  expect(objectTooLarge.seeks(report)).toBeNull();
  const found = objectTooLarge.diagnose(report, null);
  expect(found.message).toBe('What is wrong.');
  expect(found.fixes).toMatchObject([{ kind: 'runbook', recommended: false, changes: [] }]);
  const said = JSON.stringify(found.fixes);
  for (const part of ['What is wrong.', 'What to do.', 'CN=Anna', 'CN=Bo', '00000001-1111-4111-8111-111111111111'])
    expect(said).toContain(part);
});

test('a report that lost its words still has a runbook', () => {
  expect(objectTooLarge.diagnose({ ...report, raw: {} }, null).message).toContain('CertificateCount');
});
