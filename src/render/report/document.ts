/** A whole report as a file: its parts written in one language, and put into a template. */
import type { Report } from './compose.js'
import type { Block, Made } from './content.js'
import { LATEX_PREAMBLE, LATEX_TEMPLATE, latexOf } from './latex.js'
import { escapeLatex } from './latex-text.js'
import { escapeMarkdown, MARKDOWN_TEMPLATE, markdownOf } from './markdown.js'
import { svgFiles } from './pictures.js'
import { fillIn } from './template.js'

export interface DocumentOptions {
  readonly made: Made
  /** how the names of the figures' files begin */
  readonly stem: string
  readonly rawNumbers: boolean
  /** the user's own */
  readonly template?: string
}

export interface Document {
  readonly text: string
  /** files that belong beside it */
  readonly figures: readonly (readonly [name: string, content: string])[]
}

/** @throws UsageError when the template is none */
export function documentOf(reports: readonly Report[], format: 'md' | 'tex', options: DocumentOptions): Document {
  const { made, stem, rawNumbers } = options
  const isLatex = format === 'tex'
  const write = (blocks: readonly Block[]) => (isLatex ? latexOf(blocks, rawNumbers) : markdownOf(blocks, stem))
  const safe = isLatex ? escapeLatex : escapeMarkdown
  const all = reports.flatMap(({ capture, overview, sessions }) => [...capture, ...overview, ...sessions])
  const values = {
    title: safe(made.title ?? 'What the capture shows'),
    author: safe(made.author ?? ''),
    version: safe(made.version),
    command: safe(made.command),
    ...(isLatex && { preamble: LATEX_PREAMBLE }),
    body: write(all),
    capture: write(reports.flatMap(({ capture }) => capture)),
    overview: write(reports.flatMap(({ overview }) => overview)),
    sessions: write(reports.flatMap(({ sessions }) => sessions)),
  }
  const template = options.template ?? (isLatex ? LATEX_TEMPLATE : MARKDOWN_TEMPLATE)
  const text = fillIn(template, values, ['body', 'capture', 'overview', 'sessions'])
  return {
    // a report without an author has no empty paragraph in his place
    text: options.template === undefined && !isLatex ? text.replace(/\n{3,}/, '\n\n') : text,
    figures: isLatex ? [] : svgFiles(all, stem, rawNumbers),
  }
}
