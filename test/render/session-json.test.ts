import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCapture } from '../../bench/generator/capture.js'
import { profiles } from '../../bench/generator/profiles.js'
import { openCapture } from '../../src/files/open.js'
import { SessionLines } from '../../src/render/session-json.js'
import { summarize } from '../../src/sessions/summarize.js'
import { surveySessions } from '../../src/survey.js'

const { SYNOPSIS_CORPUS: CORPUS = '../shared/corpus' } = process.env
const folder = mkdtempSync(join(tmpdir(), 'synopsis-lines-'))
const generated = join(folder, 'generated.pcap')

beforeAll(() => {
  makeCapture(generated, profiles.small, 5, 0.01)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Holds the line of each session of a capture against its summary; returns how many there were. */
async function compare(path: string, analyse: boolean): Promise<number> {
  let count = 0
  let lines: SessionLines | undefined
  await surveySessions(
    await openCapture(path),
    (session, addresses) => {
      lines ??= new SessionLines(addresses)
      const line = Buffer.from(lines.line(session)).toString()
      expect(line).toBe(`${JSON.stringify(summarize(session, addresses))}\n`)
      count++
    },
    { analyse },
  )
  return count
}

const captures = readdirSync('captures')
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => join('captures', name))

describe.each([
  ['with each segment analysed', true],
  ['without', false],
])('the line written from the record is what JSON.stringify makes of the summary, %s', (_, analyse) => {
  test.each(captures)('%s', async (path) => {
    await compare(path, analyse)
  })

  test('a capture of every kind of session', async () => {
    expect(await compare(generated, analyse)).toBeGreaterThan(1000)
  })

  test.skipIf(!existsSync(CORPUS))(
    'captures of other projects',
    async () => {
      const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => /cap/.test(name))
      let count = 0
      for (const name of names) {
        const path = join(CORPUS, name)
        try {
          count += await compare(path, analyse)
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error
        }
      }
      expect(count).toBeGreaterThan(1000)
    },
    300_000,
  )
})
