import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHtml } from '../../../src/cli/audit/write-html.ts';
import { batches, context, row, textOf } from './found.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const run = promisify(execFile);

let folder = '';
let report = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  report = join(folder, 'report.html');
  const rows = Array.from({ length: 250 }, (_, number) =>
    row({ object: `User ${number}`, rule: number % 5 === 0 ? 'MailFormat' : 'UserPrincipalNameCharacters' }),
  );
  const evil = row({ object: '<img src=x onerror="document.title=1">', value: 'a\u200bb ', severity: 'warning' });
  await writeFile(report, await textOf(writeHtml(batches(...rows, evil), context)));
});
afterAll(() => rm(folder, { recursive: true }));

/** The page after its script has run, as text. @param address what stands after # */
async function shown(address: string): Promise<string> {
  const { stdout } = await run(
    browser ?? '',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${folder}/profile`,
      '--dump-dom',
      `${pathToFileURL(report)}#${address}`,
    ],
    { maxBuffer: 2 ** 26 },
  );
  return stdout.slice(stdout.indexOf('<main>'));
}

const objectsIn = (page: string): string[] =>
  [...page.matchAll(/<td class="object">(.*?)<small>/g)].map(([, name = '']) => name);

describe.skipIf(browser === undefined && process.env['CI'] !== 'true')(
  browser === undefined ? 'The page in a browser (skipped: chromium is not installed)' : 'The page in a browser',
  () => {
    it('shows a hundred findings at a time', async () => {
      const page = await shown('');
      expect(objectsIn(page)).toHaveLength(100);
      expect(page).toContain('251 of 251 listed');
      expect(page).toContain('Page 1 of 3');
    });

    it('filters, sorts by number as people do, and says so to a screen reader', async () => {
      const page = await shown('rule=MailFormat&sort=object&order=descending');
      expect(objectsIn(page).slice(0, 3)).toEqual(['User 245', 'User 240', 'User 235']);
      expect(page).toContain('50 of 251 listed');
      expect(page).toMatch(/data-column="object" aria-sort="descending"/);
    });

    it('searches all that is said of a finding, and shows text as text and what cannot be seen', async () => {
      const page = await shown('q=onerror');
      expect(objectsIn(page)).toEqual(['&lt;img src=x onerror="document.title=1"&gt;']);
      expect(page).toContain('<span class="unseen" title="cannot be seen">U+200B</span>');
      expect(page).toContain('<span class="unseen" title="cannot be seen">␣</span>');
    });
  },
);
