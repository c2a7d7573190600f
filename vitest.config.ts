import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const outside = ['**/node_modules/**', '**/dist/**', '**/dist.*/**', 'e2e/**']

export default defineConfig({
  plugins: [react()],
  cacheDir: process.env.MOLE_CACHE ?? 'node_modules/.vite',
  test: {
    // A missing snapshot is a failure, not a new truth; `vitest -u` writes one on purpose.
    update: 'none',
    setupFiles: ['scripts/test/fixed-seed.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...outside, '**/*.kernel.test.ts', '**/*.aws.test.ts'],
          // Left to itself it takes one worker less than there are cores.
          maxWorkers: 2,
          // A process for each of three hundred files would take longer than what is in them. What a test changes of its process it
          // puts back: `vitest --project=unit --sequence.shuffle.files` finds those that do not.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        // Real namespaces, WireGuard and traffic: each file in a process and in worlds of its own, two at a time.
        extends: true,
        test: {
          name: 'kernel',
          globalSetup: ['scripts/test/compile-ahead.mjs'],
          include: ['**/*.kernel.test.ts'],
          exclude: outside,
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // The same, with AWS beside it: see engine/cloud/aws/testing/open-aws-world.ts. Each file has a world of its own and
        // waits more than it works: two at a time.
        extends: true,
        test: {
          name: 'aws',
          globalSetup: ['scripts/test/compile-ahead.mjs'],
          include: ['**/*.aws.test.ts'],
          exclude: outside,
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
