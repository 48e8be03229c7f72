/** `synopsis report`, as a user runs it, on the bundled capture of the message server; `npm run golden` writes the files. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { root, synopsis } from './synopsis.js'

const folder = mkdtempSync(join(tmpdir(), 'synopsis-report-'))
afterAll(() => rmSync(folder, { recursive: true }))
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
  ['report-tcp0-syn.svg', []],
  ['figure.svg', ['--calls']],
  ['figure.mmd', []],
])('%s is as it is kept', (name, options) => {
  const output = name.startsWith('report-') ? 'report.md' : name
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
  expect(named).toEqual(['twice-tcp0.svg', 'twice-tcp0-syn.svg'])
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(named))
})

test('what went wrong around the sessions stands in the report, where there are none, too', () => {
  const output = join(folder, 'none.md')
  expect(synopsis(['report', 'captures/no-such-host.pcapng', '-o', output]).status).toBe(0)
  expect(content('none.md')).toMatch(/What went wrong around the sessions:\n\n- no such host: .* asked 3 times/)
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

test('a note that is one endless row of ports is broken for LaTeX', () => {
  const notes = join(folder, 'ports.yaml')
  writeFileSync(notes, `notes:\n  - packet: 8\n    text: "${'1:'.repeat(30_000)}"\n`)
  expect(report('-o', join(folder, 'ports.tex'), '--notes', notes)).toMatchObject({ status: 0, stdout: '' })
  expect(content('ports.tex')).toContain('1:1:1:1:\\allowbreak{}1:1:1:1:')
})

test('a number stays on one line with its unit in LaTeX', () => {
  report('-o', join(folder, 'units.tex'))
  const text = content('units.tex')
  expect(text).toMatch(/192\.168\.56\.10:.* & \d+~B & [\d.]+~s & complete/)
  expect(text.split('\n').filter((line) => !/^\\(node|author)|%/.test(line) && /\d (B|s|ms|µs)\b/.test(line))).toEqual(
    [],
  )
})

test('a report without a name, of an unknown format, of a session that is not there: one line each', () => {
  for (const args of [[], ['-o', 'report.xyz'], ['-o', join(folder, 'x.md'), '-s', '7']]) {
    const { status, stderr } = report(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^synopsis: [^\n]+\n$/)
  }
})

test('- is standard output, for what is one file', () => {
  report('-o', join(folder, 'as-file.svg'))
  expect(report('-o', '-', '--format', 'svg')).toEqual({ status: 0, stdout: content('as-file.svg'), stderr: '' })
  expect(report('-o', '-', '--format', 'html').stdout).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n?$/i)
  for (const args of [['--format', 'md'], []]) {
    const { status, stdout, stderr } = report('-o', '-', ...args)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^synopsis: standard output: [^\n]*--format html[^\n]*\n$/)
  }
  expect(existsSync(join(root, '-'))).toBe(false)
})

test('a figure of a TCP and a UDP session of one number: the message names what to say', () => {
  const both = join(folder, 'both.pcapng')
  const parts = ['message', 'udp-refused'].map((name) => readFileSync(`${root}captures/${name}.pcapng`))
  writeFileSync(both, Buffer.concat(parts))
  const of = (...args: string[]) => synopsis(['report', both, '-o', join(folder, 'one.svg'), ...args])
  expect(of('-s', '0').stderr).toBe('synopsis: a figure shows one session: say which, with -s tcp:0 or udp:0\n')
  expect(of('-s', 'udp:0').status).toBe(0)
})

test('plots stand where they say something, numbered, with a caption that names the frames', () => {
  synopsis(['report', 'captures/lossy-wire.pcapng', '-o', join(folder, 'lossy.md')])
  const text = content('lossy.md')
  expect(text).toContain('](lossy-tcp0-tcptrace-client.svg)')
  expect(text).toMatch(/\*Figure 3\. .* The retransmission \\?#40 at 0\.228 s/)
  expect(content('lossy-tcp0-tcptrace-client.svg')).toContain('>retransmission</text>')
})

describe('a template', () => {
  const template = join(folder, 'template.md')
  const filled = (text: string, ...options: string[]) => {
    writeFileSync(template, text)
    const outcome = report('-o', join(folder, 'filled.md'), '--template', template, ...options)
    return { ...outcome, content: outcome.status === 0 ? content('filled.md') : '' }
  }

  test('has places for the title, the author, and the parts of the report', () => {
    const { content } = filled(
      '# {{title}} by {{author}}\n\n{{sessions}}\n',
      '--title',
      'Lab *3*',
      '--author',
      'A. Student',
    )
    expect(content).toMatch(/^# Lab \\\*3\\\* by A\. Student\n\n### Session 0, TCP\n/)
    expect(content).not.toContain('SHA-256')
  })

  test('with a place that there is nothing for, or none for the report: one line', () => {
    for (const text of ['{{body}} {{date}}', 'nothing']) {
      const { status, stderr } = filled(text)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^synopsis: the template [^\n]+\{\{body\}\}[^\n]*\n$/)
    }
  })
})

const latex = spawnSync('pdflatex', ['--version']).status === 0

/** Everything that LaTeX could take for a command, or has no glyph for. */
const HOSTILE = `\\input{x} \\end{document} %$_^~&#{}[] "\`'<>|--- µ→漢字 ÷−≥ \u202e\u001b[31m é ß Ω 𝕏 \\begin{tikzpicture} ^^4d`

describe.skipIf(!latex)(`LaTeX${latex ? '' : ' (skipped: pdflatex is not installed)'}`, () => {
  test.each(['message', 'lossy-wire', 'ipv6', 'slow-reader', 'reordering', 'udp-refused', 'no-such-host'])(
    '%s compiles, with nothing that reaches over the edge',
    (name) => {
      synopsis(['report', `captures/${name}.pcapng`, '-o', join(folder, `${name}.tex`), '--questions', '--calls'])
      compile(name)
    },
    60_000,
  )

  test('hostile text compiles, in notes, title and author', () => {
    const notes = join(folder, 'hostile.yaml')
    const text = JSON.stringify(HOSTILE)
    writeFileSync(notes, `notes:\n  - packet: 4\n    text: ${text}\n  - capture: true\n    text: ${text}\n`)
    report('-o', join(folder, 'hostile.tex'), '--notes', notes, '--title', HOSTILE, '--author', HOSTILE)
    compile('hostile')
  }, 60_000)

  function compile(name: string): void {
    const { status, stdout } = spawnSync('pdflatex', ['-interaction=nonstopmode', `${name}.tex`], { cwd: folder })
    expect(stdout.toString()).not.toMatch(/^!|^Overfull/m)
    expect(status).toBe(0)
  }
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
