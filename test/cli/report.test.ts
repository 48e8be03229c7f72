/** `synopsis report`, as a user runs it, on the bundled capture of the message server; `npm run golden` writes the files. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, synopsis } from './synopsis.js'

const folder = mkdtempSync(join(tmpdir(), 'synopsis-report-'))
const goldens = `${root}test/golden/message`
const { GOLDEN: golden } = process.env

function report(...args: string[]): ReturnType<typeof synopsis> {
  return synopsis(['report', 'captures/message.pcapng', ...args])
}

/** The report names the command that made it, and so the folder, which is another each time. */
function content(file: string): string {
  return readFileSync(join(folder, file), 'utf8').replaceAll(folder, 'FOLDER')
}

test.each([
  ['report.md', ['--questions']],
  ['report-tcp0.svg', []],
  ['figure.svg', ['--calls']],
  ['figure.mmd', []],
])('%s is as it is kept', (name, options) => {
  const output = name === 'report-tcp0.svg' ? 'report.md' : name
  expect(report('-o', join(folder, output), ...options)).toMatchObject({ status: 0, stdout: '' })
  const path = `${goldens}/${name}`
  if (golden === 'write') {
    mkdirSync(goldens, { recursive: true })
    writeFileSync(path, content(name))
  }
  expect(content(name)).toBe(readFileSync(path, 'utf8'))
})

test('the same input gives the same bytes, and the figures that the Markdown names are there', () => {
  const output = join(folder, 'twice.md')
  report('-o', output)
  const first = content('twice.md')
  report('-o', output)
  expect(content('twice.md')).toBe(first)
  const named = [...first.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1])
  expect(named).toEqual(['twice-tcp0.svg'])
  expect(readdirSync(folder)).toContain('twice-tcp0.svg')
})

test('notes of a YAML file stand in the report, and in the figure', () => {
  const notes = join(folder, 'notes.yaml')
  writeFileSync(
    notes,
    'notes:\n  - packet: 8\n    text: it <b>closed</b> first\n  - capture: true\n    text: exercise 3\n',
  )
  report('-o', join(folder, 'noted.md'), '--notes', notes)
  expect(content('noted.md')).toContain('> **Note.** \\#8: it \\<b\\>closed\\</b\\> first')
  expect(content('noted.md')).toContain('> **Note.** exercise 3')
  expect(content('noted-tcp0.svg')).toContain('&lt;b&gt;closed')
})

test('a report without a name, of an unknown format, of a session that is not there: one line each', () => {
  for (const args of [[], ['-o', 'report.xyz'], ['-o', join(folder, 'x.md'), '-s', '7']]) {
    const { status, stderr } = report(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^synopsis: [^\n]+\n$/)
  }
})

const latex = spawnSync('pdflatex', ['--version']).status === 0
test.skipIf(!latex)(`LaTeX compiles${latex ? '' : ' (skipped: pdflatex is not installed)'}`, () => {
  report('-o', join(folder, 'report.tex'), '--questions', '--calls')
  const { status, stdout } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'report.tex'], {
    cwd: folder,
  })
  expect(stdout.toString()).not.toMatch(/^!/m)
  expect(status).toBe(0)
})
test('every group, table and environment of the LaTeX is closed', () => {
  report('-o', join(folder, 'report.tex'), '--questions', '--calls')
  const open: string[] = []
  for (const [, what, name = ''] of content('report.tex').matchAll(/\\(begin|end)\{(\w+)\}/g)) {
    if (what === 'begin') open.push(name)
    else expect(open.pop()).toBe(name)
  }
  expect(open).toEqual([])
  const braces = content('report.tex').replace(/\\[{}]/g, '')
  expect(braces.match(/\{/g)?.length).toBe(braces.match(/\}/g)?.length)
})
