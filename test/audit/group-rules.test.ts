import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groupRules } from '../../src/audit/group-rules.ts';
import { entraRules } from '../../src/audit/index.ts';

const pageOf = (code: string): string =>
  `docs/audit/${code.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;
const stories = ['duplicates', 'placing', 'soft-match']
  .map((name) => readFileSync(`test/audit/${name}.test.ts`, 'utf8'))
  .join('\n');

test.each(groupRules.map((rule) => [rule.code, rule] as const))(
  '%s has a page that says what the rule says, and its stories',
  (code, { description, severity, attribute }) => {
    const page = readFileSync(pageOf(code), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${code}`);
    expect(page).toContain(`${description}.`);
    expect(page).toContain(`Severity: ${severity}`);
    if (code !== 'JoinedDuplicate') expect(page).toContain(`\`${attribute}\``);
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## What it means',
      '## Limit and source',
      '## What is proposed',
      '## What to do when nothing is proposed',
      '## Difference to IdFix',
    ]);
    for (const [, file = ''] of page.matchAll(/`(src\/audit\/[\w/-]+\.ts)`/g))
      expect(existsSync(file), file).toBe(true);
    expect(stories).toContain(`'${code}'`);
  },
);

test('no code is that of an attribute rule, and each rule names its source and when it was read', () => {
  const codes = new Set(entraRules.map(({ meta }) => meta.code));
  for (const { code, source } of groupRules) {
    expect(codes.has(code), code).toBe(false);
    expect(source, code).toMatch(/ \(read \d{4}-\d\d-\d\d\)$/);
  }
});
