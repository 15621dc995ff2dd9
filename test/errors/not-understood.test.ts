import { expect, test } from 'vitest';
import { kindOf } from '../../src/errors/index.ts';
import { notUnderstood } from '../../src/errors/not-understood.ts';
import { guid, sightingOf } from '../domain/evidence-builder.ts';

const strange = sightingOf({
  code: 'NotUnderstood',
  originalCode: 'InvalidSoftMatch',
  source: 'sync-engine',
  identities: { cloudId: guid(1), distinguishedName: "CN=O'Neil,DC=contoso,DC=com" },
  raw: { errorMessage: 'Unable to update this object', tracking: ['a', 'b'] },
});

test('every word of the report is in the runbook, and so is the way to the object', () => {
  const found = notUnderstood.diagnose(strange, null);
  const text = found.fixes[0]?.runbook.map((step) => step.text).join('\n') ?? '';
  expect(found.reason).toBe('NotUnderstood');
  expect(found.message).toContain('InvalidSoftMatch');
  for (const part of ['Unable to update this object', '"tracking":["a","b"]', guid(1), "CN=O'Neil"])
    expect(text).toContain(part);
});

test('no evidence is gathered and nothing is changed', () => {
  expect(notUnderstood.seeks(strange)).toBeNull();
  expect(
    notUnderstood
      .diagnose(strange, null)
      .fixes.every(({ kind, changes }) => kind === 'runbook' && changes.length === 0),
  ).toBe(true);
});

test('an unknown code ends here', () => {
  expect(kindOf('InvalidSoftMatch')).toBe(notUnderstood);
});
