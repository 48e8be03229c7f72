import { expect, test } from 'vitest'
import { escapeMarkdown } from '../../src/render/report/markdown.js'

test.each([
  ['a heading', '# one', '\\# one'],
  ['one that is indented', '  # one', '\\# one'],
  ['a list', ' - one', '\\- one'],
  ['a numbered one', '   1. one', '1\\. one'],
  ['a rule, or the line below a heading', ' ===', '\\==='],
  ['code', '    one', 'one'],
  ['a link', '[one](javascript:two)', '\\[one\\](javascript:two)'],
  ['a tag', '<b>', '\\<b\\>'],
])('what would be %s is text', (_, text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected)
})
