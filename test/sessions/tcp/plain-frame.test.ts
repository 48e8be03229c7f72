/**
 * The short ways that plain segments take (src/sessions/tcp/plain.ts and plain-frame.ts) lead where the long way does: every
 * session's line and what was observed of the capture are the same when nothing is ever taken to be plain.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeCapture } from '../../../bench/generator/capture.js'
import { profiles } from '../../../bench/generator/profiles.js'
import { openCapture } from '../../../src/files/open.js'
import { Random } from '../../support/random.js'

const { SYNOPSIS_CORPUS: CORPUS = '../shared/corpus' } = process.env
const folder = mkdtempSync(join(tmpdir(), 'synopsis-plain-'))
const generated = join(folder, 'generated.pcap')

type Modules = Awaited<ReturnType<typeof load>>
let short: Modules
let long: Modules

/** The modules that follow sessions, as they are or with no segment plain. */
async function load(isPlainEver: boolean) {
  vi.resetModules()
  if (!isPlainEver) {
    vi.doMock('../../../src/sessions/tcp/plain.js', async (original) => ({
      ...(await original<typeof import('../../../src/sessions/tcp/plain.js')>()),
      plainBits: () => 0,
    }))
  }
  const { surveySessions } = await import('../../../src/survey.js')
  const { SessionLines } = await import('../../../src/render/session-json.js')
  const { Pipeline } = await import('../../../src/pipeline.js')
  const { PlainFrames } = await import('../../../src/sessions/tcp/plain-frame.js')
  vi.doUnmock('../../../src/sessions/tcp/plain.js')
  return { surveySessions, SessionLines, Pipeline, PlainFrames }
}

beforeAll(async () => {
  makeCapture(generated, profiles.small, 11, 0.005)
  short = await load(true)
  long = await load(false)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true }))

async function story({ surveySessions, SessionLines }: Modules, path: string, analyse: boolean): Promise<unknown[]> {
  const told: unknown[] = []
  let lines: InstanceType<Modules['SessionLines']> | undefined
  const { observations } = await surveySessions(
    await openCapture(path),
    (session, addresses) => {
      lines ??= new SessionLines(addresses)
      told.push(Buffer.from(lines.line(session)).toString())
    },
    { analyse },
  )
  told.push({ ...observations })
  return told
}

async function compare(path: string, analyse: boolean): Promise<void> {
  expect(await story(short, path, analyse)).toEqual(await story(long, path, analyse))
}

describe.each([
  ['with each segment analysed', true],
  ['without', false],
])('the short ways lead where the long one does, %s', (_, analyse) => {
  test('on a capture of every kind of session, most of whose frames are plain', async () => {
    await compare(generated, analyse)
  })

  test('on the same with bytes changed anywhere in its headers', async () => {
    const bytes = readFileSync(generated)
    const random = new Random(12)
    const changed = join(folder, 'changed.pcap')
    for (let at = 24; at + 16 < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
      const captured = bytes.readUInt32LE(at + 8)
      if (random.chance(0.2)) bytes[at + 16 + random.below(Math.min(captured, 90))] = random.below(256)
      // cut, or with bytes on the wire that its lengths do not know of
      if (random.chance(0.02)) bytes.writeUInt32LE(Math.max(0, captured + random.below(40) - 20), at + 12)
    }
    writeFileSync(changed, bytes)
    await compare(changed, analyse)
  })

  test.each(readdirSync('captures').filter((name) => name.endsWith('.pcapng')))('on captures/%s', async (name) => {
    await compare(join('captures', name), analyse)
  })

  test.skipIf(!existsSync(CORPUS))(
    'on captures of other projects',
    async () => {
      for (const name of readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })) {
        if (!/cap/.test(name)) continue
        try {
          await compare(join(CORPUS, name), analyse)
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error
        }
      }
    },
    300_000,
  )
})

test.each([true, false])(
  'most frames of the generated capture need not be decoded, each segment analysed: %s',
  async (analyse) => {
    const take = vi.spyOn(short.PlainFrames.prototype, 'take')
    const pipeline = new short.Pipeline({ analyse })
    await pipeline.run(await openCapture(generated))
    const taken = take.mock.results.filter(({ value }) => value === true).length
    take.mockRestore()
    expect(taken / pipeline.observations.packets).toBeGreaterThan(0.6)
  },
)
