import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groupRules } from '../../../src/audit/group-rules.ts';
import { entraRules } from '../../../src/audit/index.ts';

const fileOf = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
const pageOf = (code: string): string => `docs/audit/${fileOf(code)}.md`;
const metas = entraRules.map(({ meta }) => meta);
const oneForEachCode = [...Map.groupBy(metas, ({ code }) => code).values()].flatMap(([first]) => first ?? []);
const stories = readdirSync('test/audit/rules')
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(`test/audit/rules/${name}`, 'utf8'))
  .join('\n');

const headings = [
  '## What it means',
  '## Limit and source',
  '## What is proposed',
  '## What to do when nothing is proposed',
  '## Difference to IdFix',
];

test.each(oneForEachCode.map((meta) => [meta.code, meta] as const))(
  '%s has a page that says what the rule says, and its stories',
  (code, { description }) => {
    const page = readFileSync(pageOf(code), 'utf8');
    expect(code).toMatch(/^(?:[A-Z][a-z]+)+$/);
    expect(page.split('\n')[0]).toBe(`# ${code}`);
    expect(page).toContain(`${description}.`);
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual(headings);
    for (const [, file = ''] of page.matchAll(/`(src\/audit\/[\w/-]+\.ts)`/g))
      expect(existsSync(file), file).toBe(true);
    expect(stories).toContain(`'${code}'`);
  },
);

test.each(oneForEachCode.map(({ code }) => code))('the page of %s names its severity and each attribute', (code) => {
  const page = readFileSync(pageOf(code), 'utf8');
  for (const { attribute, severity } of metas.filter((meta) => meta.code === code)) {
    expect(page.toLowerCase()).toContain(severity);
    expect(page).toContain(attribute.replace(/^(extensionAttribute)\d+$/, '$1'));
  }
});

test('every page belongs to a rule', () => {
  const codes = [...metas, ...groupRules].map(({ code }) => `${fileOf(code)}.md`);
  const aboutNoRule = ['idfix-compat.md', 'predict-export.md'];
  const pages = readdirSync('docs/audit').filter((name) => !aboutNoRule.includes(name));
  expect(pages.filter((page) => !codes.includes(page))).toEqual([]);
});

test('no two rules claim the same code and attribute', () => {
  const claims = metas.map(({ code, attribute }) => `${code} ${attribute}`);
  expect(new Set(claims).size).toBe(claims.length);
});

test('each rule names its source and when it was read', () => {
  for (const { code, source } of metas) expect(source, code).toMatch(/ \(read \d{4}-\d\d-\d\d\)/);
});

test('one code means one thing, whatever the attribute', () => {
  for (const [code, same] of Map.groupBy(metas, (meta) => meta.code)) {
    expect(new Set(same.map(({ description }) => description)).size, code).toBe(1);
  }
});
