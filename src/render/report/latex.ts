/** A report in LaTeX that a stock TeX Live compiles with pdflatex: figures are TikZ pictures in the text. */
import { rangeOf } from '../../bytes/lists.js'
import type { Block } from './content.js'
import { escapeLatex } from './latex-text.js'
import { tikzOf } from './pictures.js'

/** What the pictures and tables need, with pdflatex or lualatex. */
export const LATEX_PREAMBLE = [
  '\\usepackage[T1]{fontenc}',
  '\\usepackage[utf8]{inputenc}',
  '\\usepackage{lmodern,textcomp,microtype}',
  '\\usepackage{array,booktabs,longtable}',
  '\\usepackage{tikz}',
].join('\n')

/** What a report looks like when no other template is given. */
export const LATEX_TEMPLATE = `\\documentclass[11pt,a4paper]{article}
{{preamble}}
\\usepackage[margin=2cm]{geometry}
\\setlength{\\parindent}{0pt}
\\setlength{\\parskip}{6pt}
\\renewcommand{\\topfraction}{0.9}
\\renewcommand{\\floatpagefraction}{0.7}
\\raggedbottom
\\tolerance=2000
\\hbadness=5000
\\emergencystretch=6em
\\title{{{title}}}
\\author{\\parbox{0.9\\textwidth}{\\centering {{author}}}}
\\date{}
\\begin{document}
\\maketitle
{{body}}
\\end{document}
`

/** In what a person wrote. */
const LINE_BREAK = /\r?\n/
const SECTIONS = { 2: 'section', 3: 'subsection', 4: 'subsubsection' }
/** Figures that may wait for their place: TeX holds 18, of older days. */
const MOST_WAITING = 12

export function latexOf(blocks: readonly Block[], rawNumbers: boolean): string {
  const parts: string[] = []
  let waiting = 0
  for (const block of blocks) {
    if (block.kind !== 'figure') {
      parts.push(write(block))
      continue
    }
    const pictures = tikzOf(block.picture, rawNumbers)
    for (const [index, picture] of pictures.entries()) {
      if (++waiting > MOST_WAITING) {
        parts.push('\\clearpage')
        waiting = 1
      }
      const part = pictures.length > 1 ? ` (part ${index + 1} of ${pictures.length})` : ''
      parts.push(figure(picture, `Figure ${block.number}${part}.`, block.caption))
    }
  }
  return parts.join('\n')
}

function write(block: Exclude<Block, { readonly kind: 'figure' }>): string {
  switch (block.kind) {
    case 'heading':
      return `\\${SECTIONS[block.level]}*{${escapeLatex(block.text)}}`
    case 'paragraph':
      return `${breakable(block.text)}\n`
    case 'list':
      return items('itemize', block.items.map(breakable))
    case 'notes':
      return `\\begin{quote}\n${block.items.map((item) => `\\textbf{Note.} ${item.split(LINE_BREAK).map(breakable).join('\\newline\n')}`).join('\n\n')}\n\\end{quote}`
    case 'table':
      return table(block.head, block.rows)
    case 'questions':
      return items(
        'enumerate',
        block.answers.map(({ question, answer, why, evidence }) => {
          const reply =
            answer === undefined
              ? `\\emph{This capture does not answer it: ${breakable(why ?? '')}}`
              : breakable(answer)
          const facts = evidence.length > 0 ? `\n${items('itemize', evidence.map(breakable))}` : ''
          return `\\textbf{${breakable(question)}}\n\n${reply}${facts}`
        }),
      )
  }
}

function items(environment: 'itemize' | 'enumerate', texts: readonly string[]): string {
  return [`\\begin{${environment}}`, ...texts.map((text) => `\\item {}${text}`), `\\end{${environment}}`].join('\n')
}

/** Centimetres: of the text, between two columns, and of a character of small type. */
const TEXT_WIDTH = 17
const BETWEEN = 0.43
const CHARACTER = 0.185
const WIDEST = 60

/** Rows of a table that is kept on one page. */
const MOST_ROWS = 20

/** Long tables break over pages, and long words (a hash) over lines: no column is narrower than its longest word. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cellsOf = (i: number) => [head[i] ?? '', ...rows.map((row) => row[i] ?? '')]
  const least = head.map((_, i) => rangeOf(cellsOf(i).flatMap((cell) => wordsOf(cell).map(unbroken)))[1] * CHARACTER)
  const wish = head.map((_, i) => Math.min(WIDEST, rangeOf(cellsOf(i).map((cell) => cell.length))[1]) * CHARACTER)
  const room = TEXT_WIDTH - BETWEEN * head.length
  const more = wish.map((one, i) => Math.max(0, one - (least[i] ?? 0)))
  const spare = Math.max(0, room - sum(least))
  const share = sum(more) > spare ? spare / sum(more) : 1
  const columns = least.map(
    (one, i) => `>{\\raggedright\\arraybackslash}p{${Math.floor((one + share * (more[i] ?? 0)) * 100) / 100}cm}`,
  )
  const cells = (row: readonly string[]) => `${row.map((cell) => breakable(cell)).join(' & ')} \\\\`
  const isLong = rows.length > MOST_ROWS
  const titles = head.some((title) => title !== '') ? [cells(head), '\\midrule', ...(isLong ? ['\\endhead'] : [])] : []
  const environment = isLong ? 'longtable' : 'tabular'
  return [
    '\\begingroup\\centering\\small',
    `\\begin{${environment}}{${columns.join('')}}`,
    '\\toprule',
    ...titles,
    ...rows.map(cells),
    '\\bottomrule',
    `\\end{${environment}}`,
    '',
    '\\endgroup',
    '',
  ].join('\n')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/** A word longer than this is broken where it must be, after every so many characters; an endpoint before its port. */
const LONG_WORD = 21
const ENDPOINT = /^(.*:)(\d+[:;,.]?)$/

function piecesOf(word: string): readonly string[] {
  const [, address, port] = ENDPOINT.exec(word) ?? []
  return address !== undefined && port !== undefined ? [...shortened(address), port] : shortened(word)
}

function shortened(word: string): readonly string[] {
  return word.length > LONG_WORD ? (word.match(/[\s\S]{1,8}/gu) ?? []) : [word]
}

function unbroken(word: string): number {
  return Math.max(...piecesOf(word).map((piece) => piece.length))
}

/** A number and its unit are one word. */
const BETWEEN_WORDS = /(?<!\d) | (?!(?:[kMG]?(?:B|bit\/s)|[mµn]?s|min|h|d|%)(?![\p{L}\d]))/u

function wordsOf(text: string): string[] {
  return text.split(BETWEEN_WORDS)
}

function breakable(text: string): string {
  return wordsOf(text)
    .map((word) => piecesOf(word).map(tied).join('\\allowbreak{}'))
    .join(' ')
}

function tied(piece: string): string {
  return piece.split(' ').map(escapeLatex).join('~')
}

function figure(picture: string, title: string, caption: string): string {
  return [
    '\\begin{figure}[htbp]',
    '\\centering',
    picture,
    '',
    '\\smallskip',
    `\\parbox{0.96\\textwidth}{\\small\\textbf{${title}} ${breakable(caption)}}`,
    '\\end{figure}',
  ].join('\n')
}
