import { expect, test } from 'vitest';
import { softMatchPending } from '../../src/errors/soft-match-pending.ts';
import { sightingOf } from '../domain/evidence-builder.ts';

const { value: _, ...report } = sightingOf({
  source: 'directory-audit',
  code: 'SoftMatchPending',
  family: softMatchPending.meta.family,
  originalCode: 'WouldSoftMatch',
  raw: { message: 'What is wrong.', remedy: 'What to do.', holders: ['Anna Berg (CN=Anna)', 'Bo Lind (CN=Bo)'] },
});

test('nothing is gathered and nothing is changed: a runbook has the words, the names and the remedy of the audit', () => {
  expect(softMatchPending.seeks(report)).toBeNull();
  const found = softMatchPending.diagnose(report, null);
  expect(found.message).toBe('What is wrong.');
  expect(found.fixes).toMatchObject([{ kind: 'runbook', recommended: false, changes: [] }]);
  const said = JSON.stringify(found.fixes);
  for (const part of ['What is wrong.', 'What to do.', 'CN=Anna', 'CN=Bo', '00000001-1111-4111-8111-111111111111'])
    expect(said).toContain(part);
});

test('a report that lost its words still has a runbook', () => {
  expect(softMatchPending.diagnose({ ...report, raw: {} }, null).message).toContain('WouldSoftMatch');
});
