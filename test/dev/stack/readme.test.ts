import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { usage } from '../../../dev/stack/arguments.ts';
import { startTestStack, type TestStack } from './start-stack.ts';

const readme = readFileSync(new URL('../../../dev/README.md', import.meta.url), 'utf8');
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.stop());

test('dev/README.md explains every control, and none that does not exist', () => {
  const documented = [...readme.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, name = '']) => name);
  const controls = documented.filter((name) => name === 'time' || name.includes('.'));
  expect(controls.sort()).toEqual(stack.controls.map(({ name }) => name).sort());
});

test('dev/README.md explains every option and every key of endpoints.json', () => {
  const options = [...usage.matchAll(/--(\w+)/g)].map(([option]) => option).filter((option) => option !== '--help');
  for (const option of options) expect(readme).toContain(`| \`${option}`);
  for (const key of Object.keys(stack.endpoints)) expect(readme).toMatch(new RegExp(`^\\| .*\`${key}\``, 'm'));
});
