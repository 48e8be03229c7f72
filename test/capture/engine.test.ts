/** The second engine, and what is said where either is missing. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { libraryNames, load, loadLibpcap } from '../../src/capture/libpcap.js'
import { openCapture } from '../../src/files/open.js'
import {
  countsOf,
  describeLive,
  FLOOD,
  ip,
  network,
  type Program,
  ROOT,
  SYNOPSIS,
  sequencesOf,
  temporaryFolder,
} from './live.js'

const require = createRequire(import.meta.url)

function hasCap(): boolean {
  try {
    return typeof require('cap').Cap === 'function'
  } catch {
    return false
  }
}

describeLive('--engine cap', () => {
  const folder = temporaryFolder()
  const lab = network()
  const here = hasCap()
  const why = here ? '' : ' (skipped: cap could not be built here)'

  describe.skipIf(!here)(`where it is installed${why}`, () => {
    test('captures, and says in the file and on standard error what it cannot do', async () => {
      const file = join(folder, 'cap.pcapng')
      const capture = await lab.capture(['--engine', 'cap', '-i', 'vmnet1', '-f', FLOOD, '-w', file])
      await lab.flood(200, { rate: 2000 })
      await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
      capture.kill('SIGINT')
      expect(await capture.ended).toBe(0)
      expect(capture.stderr).toContain('times are taken on arrival')
      const { count, gaps, damage } = await sequencesOf(file)
      expect({ count, gaps, damage }).toEqual({ count: 200, gaps: 0, damage: undefined })
      const source = await openCapture(file)
      for await (const batch of source) batch.forEach(() => {})
      expect(source.info.interfaces[0]).toMatchObject({
        timeDigits: 6,
        comments: [expect.stringContaining('on arrival')],
      })
    })

    test('-c, -s and a pcap', async () => {
      const file = join(folder, 'cap.pcap')
      const args = ['--engine', 'cap', '-i', 'vmnet1', '-f', FLOOD, '-c', '5', '-s', '64', '-w', file]
      const capture = await lab.capture(args)
      await lab.flood(50, { length: 200, rate: 1000 })
      expect(await capture.ended).toBe(0)
      expect(countsOf(capture)).toMatchObject({ captured: 5, written: 5 })
      const lengths: number[][] = []
      for await (const batch of await openCapture(file)) {
        batch.forEach(({ start, end, originalLength }) => void lengths.push([end - start, originalLength]))
      }
      expect(lengths).toEqual(Array(5).fill([64, 200]))
    })

    test('when cap aborts, as it does when the interface goes down, that is a message and not a crash', async () => {
      const file = join(folder, 'down.pcapng')
      const capture = await lab.capture(['--engine', 'cap', '-i', 'vmnet1', '-f', FLOOD, '-w', file])
      await lab.flood(20, { rate: 1000 })
      await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
      ip('-n', lab.host, 'link', 'set', 'vmnet1', 'down')
      expect(await capture.ended).toBe(1)
      ip('-n', lab.host, 'link', 'set', 'vmnet1', 'up')
      expect(capture.stderr).toContain(
        'the cap engine has ended (SIGABRT), as it does when the interface goes down or away',
      )
      expect(capture.stderr).not.toContain('Assertion')
      expect((await sequencesOf(file)).damage).toBeUndefined()
    })
  })

  describe('where something is missing', () => {
    const empty = join(folder, 'empty')
    const cap = dirname(require.resolve('cap/package.json'))
    beforeAll(() => void mkdirSync(empty))
    afterAll(() => execFileSync('rmdir', [empty]))

    /** Runs in a mount namespace in which something lies over something else. */
    function with_(over: string, place: string, args: readonly string[]): Program {
      const script = `mount --bind "${over}" "${place}" && exec "$0" "$@"`
      return lab.onHost('unshare', ['-m', 'sh', '-c', script, process.execPath, SYNOPSIS, ...args])
    }

    test('cap: how to get it, and that there is another engine', async () => {
      const capture = with_(empty, cap, ['capture', '--engine', 'cap', '-i', 'vmnet1'])
      expect(await capture.ended).toBe(1)
      expect(capture.stderr).toMatch(/^synopsis: the cap engine is not installed, or could not be built\n/)
      expect(capture.stderr).toContain('npm install cap')
    })

    test('cap: everything else works', async () => {
      const replay = with_(empty, cap, ['sessions', join(ROOT, 'captures/echo.pcapng')])
      expect(await replay.ended).toBe(0)
    })

    test('libpcap: which package to install', async () => {
      const { file } = await loadLibpcap()
      const capture = with_('/dev/null', file, ['capture', '-i', 'vmnet1'])
      expect(await capture.ended).toBe(1)
      expect(capture.stderr).toMatch(/^synopsis: libpcap is not installed/)
      expect(capture.stderr).toContain('sudo apt install libpcap0.8')
      const doctor = with_('/dev/null', file, ['doctor', '--json'])
      expect(await doctor.ended).toBe(1)
      expect(JSON.parse(doctor.stdout).checks[1]).toMatchObject({ name: 'libpcap', status: 'fail' })
    })

    test('koffi: replay works all the same', async () => {
      const koffi = join(ROOT, 'node_modules/koffi')
      const capture = with_(empty, koffi, ['capture', '-i', 'vmnet1'])
      expect(await capture.ended).toBe(1)
      expect(capture.stderr).toMatch(/^synopsis: koffi, .* is not installed/)
      const replay = with_(empty, koffi, ['replay', join(ROOT, 'captures/echo.pcapng')])
      expect(await replay.ended).toBe(0)
    })
  })
})

describe('libpcap', () => {
  test('none of the names leads to one: all that were tried are named', async () => {
    await expect(load(['libno-such.so', '/nowhere/libpcap.so'])).rejects.toMatchObject({
      code: 'NO_LIBPCAP',
      message: expect.stringContaining('libno-such.so, /nowhere/libpcap.so'),
    })
  })

  test('each platform has its names', () => {
    expect(libraryNames('linux')).toContain('libpcap.so.0.8')
    expect(libraryNames('linux')).toContain('libpcap.so.1')
    expect(libraryNames('darwin')[0]).toMatch(/^\/usr\/lib\/libpcap/)
    expect(libraryNames('win32')[0]).toMatch(/Npcap.wpcap\.dll$/)
  })
})
