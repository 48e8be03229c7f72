import { describe, expect, test } from 'vitest'
import { describe as describeProgress } from '../../src/cli/progress.js'
import { knowsUnicode, outputWidth, wantsColour } from '../../src/cli/terminal.js'

describe('colour, where the output is no terminal', () => {
  test.each([
    ['auto', {}, false],
    ['auto', { FORCE_COLOR: '1' }, true],
    ['auto', { FORCE_COLOR: '0' }, false],
    ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['auto', { NO_COLOR: '1' }, false],
    ['always', { NO_COLOR: '1' }, true],
    ['never', { FORCE_COLOR: '1' }, false],
  ] as const)('--color=%s with %o', (choice, environment, colour) => {
    expect(wantsColour(choice, environment)).toBe(colour)
  })
})

test('the locale says whether there is UTF-8; none at all is no reason to doubt it', () => {
  expect(knowsUnicode({})).toBe(true)
  expect(knowsUnicode({ LANG: 'en_US.UTF-8' })).toBe(true)
  expect(knowsUnicode({ LANG: 'de_DE.utf8' })).toBe(true)
  expect(knowsUnicode({ LANG: 'C' })).toBe(false)
  expect(knowsUnicode({ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' })).toBe(false)
})

test('COLUMNS says how wide, but never less than 80', () => {
  expect(outputWidth({ COLUMNS: '132' })).toBe(132)
  expect(outputWidth({ COLUMNS: '40' })).toBe(80)
  expect(outputWidth({ COLUMNS: 'wide' })).toBe(100)
})

test('progress says bytes, packets, rate and time left', () => {
  expect(describeProgress(400e6, 2_310_000, 800, 1000e6)).toBe(
    '400 of 1,000 MB (40%) · 2,310,000 packets · 500 MB/s · 1.20 s left',
  )
  expect(describeProgress(400e6, 2_310_000, 800, undefined)).toBe('400 MB · 2,310,000 packets · 500 MB/s')
})
