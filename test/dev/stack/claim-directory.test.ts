import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeAbandoned } from '../../../dev/stack/abandoned.ts';
import { claimDirectory } from '../../../dev/stack/claim-directory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claim-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first has the folder, a second one a folder inside it', async () => {
  const first = await claimDirectory(folder);
  const second = await claimDirectory(folder);
  expect(first.path).toBe(folder);
  expect(second.path).toBe(join(folder, String(process.pid)));
  second.release();
  first.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that was given back can be had again', async () => {
  (await claimDirectory(folder)).release();
  const again = await claimDirectory(folder);
  expect(again.path).toBe(folder);
  again.release();
});

test('what a stack that was killed left behind does not stand in the way, and is removed', async () => {
  const killed = await claimDirectory(folder);
  killed.release();
  writeFileSync(join(folder, 'claim'), '1');
  writeFileSync(join(folder, 'endpoints.json'), '{"functions": "https://127.0.0.1:1"}');
  const next = await claimDirectory(folder);
  expect(next.path).toBe(folder);
  expect(existsSync(join(folder, 'endpoints.json'))).toBe(false);
  next.release();
});

test('folders inside it go when the stacks that claimed them were killed, and no others', async () => {
  const running = await claimDirectory(join(folder, '11'));
  for (const name of ['12', '13', '14', 'kept']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, '12', 'claim'), '1');
  writeFileSync(join(folder, '12', 'stack.log'), 'api: started');
  writeFileSync(join(folder, '13', 'claim'), '');
  writeFileSync(join(folder, 'kept', 'claim'), '1');
  const next = await claimDirectory(folder);
  // 11 runs; nobody knows of 13 and 14, whose claims may be on their way; kept was not made by a stack.
  expect(readdirSync(folder).sort()).toEqual(['11', '13', '14', 'claim', 'kept']);
  next.release();
  running.release();
});

test('a folder elsewhere that was marked is kept while the stack runs, and removed after it', async () => {
  const secrets = join(folder, 'syncmend-Ab12_x');
  mkdirSync(secrets);
  const stack = await claimDirectory(join(folder, 'local'));
  stack.mark(secrets);
  await removeAbandoned(folder, /^syncmend-/);
  expect(existsSync(secrets)).toBe(true);
  stack.release();
  await removeAbandoned(folder, /^local$/);
  await removeAbandoned(folder, /^syncmend-/);
  expect(readdirSync(folder)).toEqual(['local']);
});

test('a folder in which nothing can be looked up is no obstacle', async () => {
  await expect(removeAbandoned(join(folder, 'nowhere'), /./)).resolves.toBeUndefined();
});
