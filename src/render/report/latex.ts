/** A report in LaTeX that a stock TeX Live compiles with pdflatex: figures are TikZ pictures in the text. */
import { ladderTikz } from '../tikz/ladder.js'
import type { Block, Made } from './content.js'
import { escapeLatex } from './latex-text.js'

const PREAMBLE = [
  '\\documentclass[11pt,a4paper]{article}',
  '\\usepackage[T1]{fontenc}',
  '\\usepackage[utf8]{inputenc}',
  '\\usepackage{lmodern}',
  '\\usepackage{textcomp}',
  '\\usepackage{microtype}',
  '\\usepackage[margin=2cm]{geometry}',
  '\\usepackage{longtable}',
  '\\usepackage{tikz}',
  '\\setlength{\\parindent}{0pt}',
  '\\setlength{\\parskip}{6pt}',
  '\\sloppy',
]
const SECTIONS = { 2: 'section', 3: 'subsection', 4: 'subsubsection' }
/** Centimetres of text on the page, less what stands between columns. */
const TEXT_WIDTH = 16
const LONG_WORD = 12

export function writeLatex(blocks: readonly Block[], { title, author }: Made, rawNumbers: boolean): string {
  return [
    ...PREAMBLE,
    `\\title{${escapeLatex(title ?? 'What the capture shows')}}`,
    `\\author{${escapeLatex(author ?? '')}}`,
    '\\date{}',
    '\\begin{document}',
    '\\maketitle',
    ...blocks.map((block) => write(block, rawNumbers)),
    '\\end{document}',
    '',
  ].join('\n')
}

function write(block: Block, rawNumbers: boolean): string {
  switch (block.kind) {
    case 'heading':
      return `\\${SECTIONS[block.level]}*{${escapeLatex(block.text)}}`
    case 'paragraph':
      return `${escapeLatex(block.text)}\n`
    case 'list':
      return items('itemize', block.items.map(escapeLatex))
    case 'notes':
      return `\\begin{quote}\n${block.items.map((item) => `\\textbf{Note.} ${escapeLatex(item)}`).join('\n\n')}\n\\end{quote}`
    case 'table':
      return table(block.head, block.rows)
    case 'questions':
      return items(
        'enumerate',
        block.answers.map(({ question, answer, why, evidence }) => {
          const reply =
            answer === undefined
              ? `\\emph{This capture does not answer it: ${escapeLatex(why ?? '')}}`
              : escapeLatex(answer)
          const facts = evidence.length > 0 ? `\n${items('itemize', evidence.map(escapeLatex))}` : ''
          return `\\textbf{${escapeLatex(question)}}\\\\ ${reply}${facts}`
        }),
      )
    case 'figure':
      return figure(block.number, block.caption, ladderTikz(block.timeline, rawNumbers))
  }
}

function items(environment: 'itemize' | 'enumerate', texts: readonly string[]): string {
  return [`\\begin{${environment}}`, ...texts.map((text) => `\\item {}${text}`), `\\end{${environment}}`].join('\n')
}

/** Long tables break over pages, and long words (a hash) over lines. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const longest = head.map((title, i) =>
    Math.min(60, Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0))),
  )
  const sum = longest.reduce((total, one) => total + one, 0)
  const columns = longest.map((one) => `p{${Math.round((one / sum) * (TEXT_WIDTH - 0.4 * head.length) * 100) / 100}cm}`)
  const cells = (row: readonly string[]) => `${row.map((cell) => breakable(cell)).join(' & ')} \\\\`
  return [
    `{\\small\\begin{longtable}{${columns.join('')}}`,
    '\\hline',
    ...(head.some((title) => title !== '') ? [cells(head), '\\hline', '\\endhead'] : []),
    ...rows.map(cells),
    '\\hline',
    '\\end{longtable}}',
  ].join('\n')
}

/** A word too long for a column may be broken after every eighth character. */
function breakable(text: string): string {
  return text
    .split(' ')
    .map((word) =>
      (word.length > LONG_WORD ? (word.match(/.{1,8}/gu) ?? []) : [word]).map(escapeLatex).join('\\allowbreak{}'),
    )
    .join(' ')
}

/** A figure that takes several pages goes on below the same number. */
function figure(number: number, caption: string, pictures: readonly string[]): string {
  return [
    '\\begin{center}',
    pictures.map((picture) => `\\resizebox{\\textwidth}{!}{%\n${picture}}`).join('\n\n'),
    '',
    `\\emph{Figure ${number}. ${escapeLatex(caption)}}`,
    '\\end{center}',
  ].join('\n')
}
