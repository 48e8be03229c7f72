/** What README shows is what the program prints: captures that are made anew change both. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root, synopsis } from './synopsis.js'

const README = readFileSync(`${root}README.md`, 'utf8')

test('the first screen is the demo', () => {
  const { stdout } = synopsis(['replay', 'captures/message.pcapng'])
  expect(README).toContain(`\`\`\`\n${stdout.trim()}\n\`\`\`\n`)
})

test('each command that is shown with its output prints it', () => {
  const shown = [...README.matchAll(/^```\n\$ synopsis (.+)\n([^`]+)^```$/gm)]
  expect(shown).not.toEqual([])
  for (const [, words = '', output] of shown) expect(synopsis(words.split(' ')).stdout).toBe(output)
})
