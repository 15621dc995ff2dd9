import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, expect, it } from 'vitest';
import { fixtureApp, type LocalHost, startLocalHost } from './local-host.ts';

let local: LocalHost | undefined;

afterEach(() => local?.host.stop());

it.each([
  ['ES module', 'esm', 'mjs'],
  ['CommonJS', 'cjs', 'cjs'],
] as const)(
  'an app that is bundled as %s, @azure/functions included, is loaded like its source',
  async (_, format, ending) => {
    const outfile = join(mkdtempSync(join(tmpdir(), 'functions-bundle-')), `main.${ending}`);
    const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await build({
      entryPoints: [join(import.meta.dirname, 'fixtures', 'second-app.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format,
      external: ['@azure/functions-core'],
      ...(format === 'esm' && { banner: { js: banner } }),
    });
    local = await startLocalHost([{ ...fixtureApp('second-app.ts'), entry: outfile }]);
    expect((await local.ask('/secondOnly')).body).toBe('second');
  },
);
