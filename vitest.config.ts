import { defineConfig } from 'vitest/config';

/** Suites that start whole stacks or build hundreds of organisations: one file at a time, after everything else. */
const stories = [
  'test/scenarios/**/*.test.ts',
  'test/laws/**/*.test.ts',
  'test/dev/stack/**/*.test.ts',
  'test/dev/demo/**/*.test.ts',
];

const shared = {
  setupFiles: 'test/setup.ts',
  testTimeout: 20_000,
  hookTimeout: 60_000,
  pool: 'forks',
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: stories,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'stories',
          include: stories,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
