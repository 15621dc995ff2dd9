import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/*
 * dist/app: both Functions apps (SYNCMEND_APP decides which) as one bundle, with its own host.json and package.json.
 * dist/relay: the on-premises relay with its PowerShell scripts.
 * SDKs are split off and loaded where they are first used: registration must be quick at a cold start.
 */

/** CommonJS packages inside an ES module bundle still ask for Node's own modules with require. */
const requireForCommonJs =
  "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);";

/** zod brings its messages in fifty languages, a third of the bundle, and configures itself with the English ones. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // A CommonJS package behind a dynamic import would export nothing but `default`: the Graph client has both forms.
  mainFields: ['module', 'main'],
  format: 'esm',
  splitting: true,
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  banner: { js: requireForCommonJs },
  plugins: [englishOnly],
  logLevel: 'warning',
  // The Functions worker provides this module at run time.
  external: ['@azure/functions-core'],
} satisfies BuildOptions;

await rm('dist', { recursive: true, force: true });
await build({ ...shared, entryPoints: { main: 'src/functions/main.ts' }, outdir: 'dist/app' });
await build({ ...shared, entryPoints: { main: 'src/relay/main.ts' }, outdir: 'dist/relay' });
await mkdir('dist/relay/adsync', { recursive: true });
await cp('src/relay/adsync', 'dist/relay/adsync', { recursive: true, filter: (path) => !path.endsWith('.ts') });
await cp('host.json', 'dist/app/host.json');
await writeFile(
  'dist/app/package.json',
  `${JSON.stringify({ name: 'syncmend-app', private: true, type: 'module', main: 'main.js' }, null, 2)}\n`,
);
await writeFile(
  'dist/relay/package.json',
  `${JSON.stringify({ name: 'syncmend-relay', private: true, type: 'module', main: 'main.js' }, null, 2)}\n`,
);
