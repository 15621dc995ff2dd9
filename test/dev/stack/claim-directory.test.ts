import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
