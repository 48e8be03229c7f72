/** A report in GitHub's Markdown: figures as files beside it, and as Mermaid for where those are not at hand. */
import { printable } from '../../bytes/printable.js'
import { headerText } from '../header/text.js'
import { drawMermaid } from '../mermaid.js'
import type { Block, Picture } from './content.js'
import { fileName } from './pictures.js'

/** Characters of a diagram beside its figure: GitHub does not show a file of more than half a megabyte. */
const MOST_DIAGRAM = 12_000

/** `stem`: how the names of the figures' files begin. */
export function markdownOf(blocks: readonly Block[], stem: string): string {
  return blocks.map((block) => write(block, stem)).join('\n\n')
}

/** What a report looks like when no other template is given. */
export const MARKDOWN_TEMPLATE = '# {{title}}\n\n{{author}}\n\n{{body}}\n'

function write(block: Block, stem: string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}`
    case 'paragraph':
      return escapeMarkdown(block.text)
    case 'list':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n')
    case 'notes':
      return block.items
        .map((item) => `> **Note.** ${item.split(/\r?\n/).map(escapeMarkdown).join('\\\n> ')}`)
        .join('\n>\n')
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
      const file = encodeURIComponent(fileName(stem, block.name))
      const same = sameIn(block.picture)
      return [
        `![Figure ${block.number}](${file.replace(/[()]/g, (found) => (found === '(' ? '%28' : '%29'))})`,
        '',
        `*Figure ${block.number}. ${escapeMarkdown(block.caption)}*`,
        ...(same === undefined
          ? []
          : ['', '<details><summary>The same as a diagram</summary>', '', same, '', '</details>']),
      ].join('\n')
    }
  }
}

/** For where the figure's file is not at hand. */
function sameIn(picture: Picture): string | undefined {
  switch (picture.kind) {
    case 'ladder':
      return `\`\`\`mermaid\n${drawMermaid(picture.timeline, MOST_DIAGRAM)}\n\`\`\``
    case 'headers':
      return `\`\`\`text\n${[...headerText(picture.diagrams)].join('\n')}\n\`\`\``
    case 'plot':
      return undefined
  }
}

/** One line of text in which nothing is markup, whoever wrote it: no tag, link, emphasis, list, heading or formula. */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .trim()
    .replace(/[\\`*_{}[\]<>|~$&]/g, '\\$&')
    .replace(/:\/\/|\bwww\./gi, (found) => (found === '://' ? '\\://' : `${found.slice(0, -1)}\\.`))
    .replace(/@/g, '\\@')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/^[#+=-]/, '\\$&')
}
