import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { diagnosis as diagnosisSchema } from '../../src/domain/diagnosis.ts';
import { evidence as evidenceSchema } from '../../src/domain/evidence.ts';
import { kindOf, kinds } from '../../src/errors/index.ts';
import { sightingOf } from '../domain/evidence-builder.ts';
import { everyStory } from './every-story.ts';

const fileOf = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
const headings = (page: string): string[] => page.split('\n').filter((line) => line.startsWith('## '));
const page = (code: string): string => readFileSync(`docs/errors/${fileOf(code)}.md`, 'utf8');

test.each(kinds.map(({ meta }) => [meta.code, meta] as const))(
  '%s has a file, a test and a page that says what the kind says',
  (code, meta) => {
    expect(existsSync(`src/errors/${fileOf(code)}.ts`)).toBe(true);
    expect(existsSync(`test/errors/${fileOf(code)}.test.ts`)).toBe(true);
    expect(page(code).split('\n')[0]).toBe(`# ${code}`);
    expect(page(code)).toContain(`${meta.description}.`);
  },
);

test('every page belongs to a kind', () => {
  const pages = readdirSync('docs/errors').filter((name) => name !== 'old-recipes.md');
  expect(pages.sort()).toEqual(kinds.map(({ meta }) => `${fileOf(meta.code)}.md`).sort());
});

test('every page has the same headings', () => {
  const [first = '', ...others] = kinds.map(({ meta }) => page(meta.code));
  expect(headings(first).length).toBeGreaterThan(5);
  for (const other of others) expect(headings(other)).toEqual(headings(first));
});

test('no two kinds claim the same code and attribute', () => {
  const claims = kinds.map(({ meta }) => `${meta.code} ${meta.attribute ?? '*'}`);
  expect(new Set(claims).size).toBe(claims.length);
});

test('a code is found, and an unknown one is not understood', () => {
  for (const kind of kinds) expect(kindOf(kind.meta.code)).toBe(kind);
  expect(kindOf('SomethingNew').meta.code).toBe('NotUnderstood');
});

/** Modules that are gone, and advice of older guides that is wrong. */
const retired = [
  /\b[A-Z][a-z]+-Msol\w+/,
  /\b[A-Z][a-z]+-AzureAD\w+/,
  /Set-ADSyncScheduler\s+-SyncCycleEnabled/,
  /(?:Export|Import)-ADSyncServerConfiguration/,
  /Disable-ADSyncExportDeletionThreshold/,
  /DirectorySync"/,
  /regedit|HKLM/i,
];

function textOf({ fixes, message }: Diagnosis): string {
  return [
    message,
    ...fixes.flatMap(({ runbook, notes }) => [
      ...notes,
      ...runbook.flatMap(({ text, command = '' }) => [text, command]),
    ]),
  ].join('\n');
}

test.each(Object.entries(everyStory))(
  '%s: evidence and diagnosis keep their schema, and no runbook has a retired command',
  (_story, evidence) => {
    evidenceSchema.parse(evidence);
    for (const { diagnose } of kinds) {
      const found = diagnose(sightingOf(), evidence);
      diagnosisSchema.parse(found);
      for (const pattern of retired) expect(textOf(found)).not.toMatch(pattern);
      expect(found.fixes.filter(({ recommended }) => recommended).length).toBeLessThanOrEqual(1);
      expect(new Set(found.fixes.map(({ id }) => id)).size).toBe(found.fixes.length);
      for (const fix of found.fixes)
        expect(fix.kind === 'changes' ? fix.changes.length : fix.runbook.length).toBeGreaterThan(0);
    }
  },
);

test.each(Object.entries(everyStory))(
  '%s: diagnosing changes nothing in the evidence, and says the same twice',
  (_story, evidence) => {
    const copy = structuredClone(evidence);
    for (const { diagnose } of kinds) expect(diagnose(sightingOf(), evidence)).toEqual(diagnose(sightingOf(), copy));
    expect(evidence).toEqual(copy);
  },
);
