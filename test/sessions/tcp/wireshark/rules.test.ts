/** Each rule by itself, on a list of packets small enough to read. tshark.test.ts asks the real tshark the same. */
import { describe, expect, test } from 'vitest'
import { linesOf, ruleCases } from './rule-cases.js'
import { flagsOf, run } from './story.js'

describe("Wireshark's rules", () => {
  test.each(ruleCases)('$rule', (ruleCase) => {
    let last = ''
    run(linesOf(ruleCase), (result) => {
      last = flagsOf(result)
    })
    expect(last).toBe(ruleCase.flags)
  })
})
