import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // live tests start processes and wait for the network; none waits for long
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // live tests race the kernel and whatever else the machine does: on a shared one, a test may fail for that once, and is
    // named then; what fails each time fails
    retry: process.env['CI'] === 'true' ? 2 : 0,
    pool: 'forks',
    reporters: ['default', './test/support/closing-line.ts'],
  },
})
