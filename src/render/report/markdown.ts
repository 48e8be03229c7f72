/** A report in GitHub's Markdown: figures as files beside it, and as Mermaid for where those are not at hand. */
import { printable } from '../../bytes/printable.js'
import { drawMermaid } from '../mermaid.js'
import { figureName } from './compose.js'
import type { Block, Made } from './content.js'

/** `stem`: how the names of the figures' files begin. */
export function writeMarkdown(blocks: readonly Block[], { title, author }: Made, stem: string): string {
  const parts = [`# ${escapeMarkdown(title ?? 'What the capture shows')}`]
  if (author !== undefined) parts.push(escapeMarkdown(author))
  parts.push(...blocks.map((block) => write(block, stem)))
  return `${parts.join('\n\n')}\n`
}

function write(block: Block, stem: string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}`
    case 'paragraph':
      return escapeMarkdown(block.text)
    case 'list':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n')
    case 'notes':
      return block.items.map((item) => `> **Note.** ${escapeMarkdown(item)}`).join('\n>\n')
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows.map((row) => row.map(escapeMarkdown))]
        .map((row) => `| ${row.join(' | ')} |`)
        .join('\n')
    case 'questions':
      return block.answers
        .map(({ question, answer, why, evidence }, index) => {
          const reply =
            answer === undefined
              ? `*This capture does not answer it: ${escapeMarkdown(why ?? '')}*`
              : escapeMarkdown(answer)
          const facts = evidence.map((fact) => `   - ${escapeMarkdown(fact)}`)
          return [`${index + 1}. **${escapeMarkdown(question)}**`, '', `   ${reply}`, '', ...facts].join('\n').trimEnd()
        })
        .join('\n\n')
    case 'figure': {
      const { summary } = block.timeline
      const file = encodeURIComponent(figureName(stem, summary, block.capture))
      return [
        `![Figure ${block.number}](${file.replace(/[()]/g, (found) => (found === '(' ? '%28' : '%29'))})`,
        '',
        `*Figure ${block.number}. ${escapeMarkdown(block.caption)}*`,
        '',
        '<details><summary>The same as a diagram</summary>',
        '',
        '```mermaid',
        drawMermaid(block.timeline),
        '```',
        '',
        '</details>',
      ].join('\n')
    }
  }
}

/** One line of text in which nothing is markup, whoever wrote it: no tag, link, emphasis, list, heading or formula. */
function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>|~$&]/g, '\\$&')
    .replace(/:\/\/|\bwww\./gi, (found) => (found === '://' ? '\\://' : `${found.slice(0, -1)}\\.`))
    .replace(/@/g, '\\@')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/^[#+=-]/, '\\$&')
}
