import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/cli/audit/html-text.ts';
import { writeHtml } from '../../../src/cli/audit/write-html.ts';
import { batches, context, row, textOf } from './found.ts';

const page = (...rows: readonly ReturnType<typeof row>[]): Promise<string> =>
  textOf(writeHtml(batches(...rows), context));

const findingsIn = (text: string): unknown =>
  JSON.parse(/<script type="application\/json" id="findings">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? 'null');

describe('the HTML report', () => {
  it('is one file: it names no other, and its policy allows its own style and script alone', async () => {
    const text = await page(row());
    expect(text).not.toMatch(/\b(?:src|srcset|action)=|@import|url\(|https?:\/\//);
    expect(text.match(/href="(?!#)/)).toBeNull();
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text) ?? [];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(text) ?? [];
    const hash = (inline: string): string => `&#39;sha256-${createHash('sha256').update(inline).digest('base64')}&#39;`;
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src ${hash(style)}; script-src ${hash(script)}; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(text).not.toMatch(/ style="| on\w+="/);
  });

  it('counts by severity, rule and attribute', async () => {
    const text = await page(row(), row({ rule: 'MailFormat', attribute: 'mail', severity: 'warning' }));
    expect(text).toContain('<b>2</b><span>findings</span>');
    expect(text).toContain('aria-label="By rule: MailFormat 1, UserPrincipalNameCharacters 1"');
    expect(text).toContain('aria-label="By severity: error 1, warning 1, information 0"');
    expect(text).toContain('<a href="#attribute=mail">');
  });

  it('gives every finding to its script as it is, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (evil) => {
        const object = `</script><script>alert(1)</script><!--${evil}`;
        const text = await page(row({ object, value: evil, rule: `<b>${evil}` }));
        expect(findingsIn(text)).toMatchObject([{ object, value: evil }]);
        expect(text.match(/<script/g)).toHaveLength(2);
        expect(text).not.toContain('<b>"');
        expect(text.split('<b>').length).toBe(6);
      }),
    );
  });

  it('lists 50,000 at most and says so; the counts are of all', async () => {
    const many = Array.from({ length: 50_001 }, () => row());
    const text = await textOf(
      writeHtml(
        (async function* () {
          yield many.map((one) => ({ json: {}, row: one }));
        })(),
        context,
      ),
    );
    expect(findingsIn(text)).toHaveLength(50_000);
    expect(text).toContain('The first 50,000 of 50,001 are listed here.');
    expect(text).toContain('<b>50,001</b><span>findings</span>');
  });

  it('shows what is carried over from IdFix apart', async () => {
    const text = await page(row(), row({ isNote: true, idFix: 'settled: <gone>', object: 'Old & gone' }));
    expect(text).toContain('Carried over from IdFix: 1 value without a finding');
    expect(text).toContain('Old &#38; gone');
    expect(text).toContain('settled: &#60;gone&#62;');
    expect(findingsIn(text)).toHaveLength(1);
  });

  it('of a clean directory is a page too', async () => {
    const text = await page();
    expect(text).toContain('<h2>Nothing found</h2>');
    expect(text.match(/<script/g)).toHaveLength(1);
  });
});

it('a piece of a page escapes what is put in, once', () => {
  const inner = html`<i>${'a<b'}</i>`;
  expect(html`<p title="${'"x"'}">${inner}${[inner, inner]}</p>`.toString()).toBe(
    '<p title="&#34;x&#34;"><i>a&#60;b</i><i>a&#60;b</i><i>a&#60;b</i></p>',
  );
});
