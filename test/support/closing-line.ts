/**
 * A vitest reporter: names every skipped test, with the reason that its title gives, and every one that passed only when it
 * was tried again, and ends with one plain line of counts, so that nothing goes unseen.
 */
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const skipped: string[] = []
    const retried: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        const name = `${module.relativeModuleId}: ${test.fullName}`
        if (test.diagnostic()?.flaky) retried.push(name)
        if (state === 'passed' || state === 'failed') counts[state]++
        else {
          counts.skipped++
          skipped.push(name)
        }
      }
    }
    list('skipped', skipped)
    list('passed only when tried again', retried)
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}

function list(title: string, names: readonly string[]): void {
  if (names.length > 0) process.stdout.write(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}\n`)
}
