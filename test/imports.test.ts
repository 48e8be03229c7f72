/** Dependencies point one way (docs/architecture.md): reads every import of src/ and holds it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** Each part, and the parts it may import from. A part is a folder of src/, or a file beside them. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  bytes: [],
  packet: [],
  source: ['packet'],
  files: ['bytes', 'packet', 'source', 'errors'],
  capture: ['bytes', 'packet', 'source', 'errors', 'files'],
  decode: ['bytes', 'packet'],
  calls: ['bytes', 'errors'],
  labs: ['bytes', 'packet', 'decode', 'calls', 'errors'],
  sessions: ['bytes', 'packet', 'decode'],
  pipeline: ['packet', 'source', 'decode', 'sessions'],
  timeline: ['bytes', 'packet', 'decode', 'sessions', 'calls'],
  trace: ['bytes', 'packet', 'source', 'errors', 'files', 'calls', 'sessions', 'timeline', 'survey'],
  survey: ['packet', 'source', 'sessions', 'pipeline'],
  timelines: ['packet', 'source', 'sessions', 'survey', 'timeline'],
  notes: ['bytes', 'packet', 'source', 'errors', 'files', 'sessions', 'survey'],
  explain: ['bytes', 'packet', 'source', 'decode', 'calls', 'sessions', 'timeline'],
  plots: ['bytes', 'sessions', 'timeline', 'explain'],
  render: [
    'calls',
    'bytes',
    'packet',
    'source',
    'decode',
    'sessions',
    'timeline',
    'explain',
    'plots',
    'notes',
    'errors',
  ],
  page: ['bytes', 'packet', 'source', 'files', 'decode', 'sessions', 'timeline', 'explain', 'plots', 'notes', 'render'],
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))

function partOf(path: string): string {
  return path.split(/[/\\]/)[0]?.replace(/\.ts$/, '') ?? path
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const paths = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '')
  return paths.map((path) => relative(src, join(src, dirname(file), path)).replace(/\.js$/, '.ts'))
}

describe('dependencies point one way', () => {
  for (const file of files) {
    const part = partOf(file)
    const allowed = ALLOWED[part]
    if (allowed === undefined) continue
    it(file, () => {
      const foreign = importsOf(file).filter((path) => partOf(path) !== part && !allowed.includes(partOf(path)))
      expect(foreign).toEqual([])
    })
  }

  it('no protocol imports another: decoders return the next one and a loop dispatches', () => {
    const isDecoder = (file: string) =>
      /export function decode\(packet: Packet\)/.test(readFileSync(join(src, file), 'utf8'))
    const decoders = files.filter((file) => partOf(file) === 'decode' && isDecoder(file))
    expect(decoders.length).toBeGreaterThan(8)
    for (const file of decoders) {
      expect(importsOf(file).filter((path) => decoders.includes(path))).toEqual([])
    }
  })
})
