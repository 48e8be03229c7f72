/**
 * A vitest reporter: names every skipped test, with the reason that its title gives, and ends with one plain line of
 * counts, so that nothing that did not run goes unseen.
 */
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const skipped: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') counts[state]++
        else {
          counts.skipped++
          skipped.push(`${module.relativeModuleId}: ${test.fullName}`)
        }
      }
    }
    if (skipped.length > 0) process.stdout.write(`\nskipped:\n${skipped.map((name) => `  ${name}`).join('\n')}\n`)
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
