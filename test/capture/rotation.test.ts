/** One file after the other: nothing is lost where one ends and the next begins. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countsOf, describeLive, FLOOD, network, sequencesOf, temporaryFolder } from './live.js'

describeLive('--rotate', () => {
  const folder = temporaryFolder()
  const lab = network()
  /** Files of a rotation, as their names sort. */
  const files = (prefix: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${prefix}_`))
      .sort()
      .map((name) => join(folder, name))

  test.each(['pcapng', 'pcap'])(
    'by size under load, %s: the files together have every packet, in order',
    async (suffix) => {
      const path = join(folder, `size.${suffix}`)
      const capture = await lab.capture(['-q', '-i', 'vmnet1', '-f', FLOOD, '-w', path, '--rotate', 'filesize:1M'])
      await lab.flood(200_000)
      capture.kill('SIGINT')
      expect(await capture.ended).toBe(0)
      const found = files('size').filter((name) => name.endsWith(`.${suffix}`))
      expect(found.length).toBeGreaterThan(12)
      expect(found[1]).toMatch(/size_00002_20\d{12}\.pcap(ng)?$/)
      const { kernel, written } = countsOf(capture)
      let total = 0
      for (const name of found) {
        const { count, first, gaps, damage } = await sequencesOf(name)
        if (kernel === 0) expect({ gaps, damage, first }).toEqual({ gaps: 0, damage: undefined, first: total })
        expect(statSync(name).size).toBeLessThanOrEqual(2 ** 20)
        total += count
      }
      expect(total).toBe(written)
      expect(total).toBe(200_000 - kernel)
      // each is a whole capture by itself
      execFileSync('tcpdump', ['-r', found[3] ?? '', '-w', '/dev/null'], { stdio: 'ignore' })
    },
  )

  test('--keep: only the newest are left', async () => {
    const path = join(folder, 'kept.pcapng')
    const args = ['-q', '-i', 'vmnet1', '-f', FLOOD, '-w', path, '--rotate', 'filesize:100K', '--keep', '3']
    const capture = await lab.capture(args)
    const { sent } = await lab.flood(20_000)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    const found = await Promise.all(files('kept').map(sequencesOf))
    expect(found.length).toBe(3)
    expect(found[1]?.first).toBe((found[0]?.last ?? 0) + 1)
    expect(found[2]?.first).toBe((found[1]?.last ?? 0) + 1)
    expect(found[2]?.last).toBe(sent - 1)
  })

  test('by duration: no file spans more, and none is missing a packet', async () => {
    const path = join(folder, 'time.pcapng')
    const capture = await lab.capture(['-q', '-i', 'vmnet1', '-f', FLOOD, '-w', path, '--rotate', 'duration:0.5'])
    const { sent } = await lab.flood(2000, { rate: 1000 })
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    const found = files('time')
    expect(found.length).toBeGreaterThanOrEqual(3)
    let next = 0
    for (const name of found) {
      const { first, last, gaps } = await sequencesOf(name)
      expect({ first, gaps }).toEqual({ first: next, gaps: 0 })
      next = last + 1
      // with tsharks's own arithmetic
      const span = execFileSync('capinfos', ['-u', '-T', '-r', '-m', name]).toString().trim().split(',')[1]
      expect(Number(span)).toBeLessThanOrEqual(0.5)
    }
    expect(next).toBe(sent)
  })

  test.each([
    [['--rotate', 'filesize:1M'], /no file is written/],
    [['-w', '-', '--rotate', 'filesize:1M'], /standard output is one file/],
    [['-w', 'x.pcapng', '--rotate', 'size:1M'], /it must be duration:… or filesize:…/],
    [['-w', 'x.pcapng', '--rotate', 'filesize:0'], /0 is no size/],
    [['-w', 'x.pcapng', '--keep', '3'], /--keep goes with --rotate/],
    [['-w', 'x.pcapng', '--rotate', 'filesize:1M', '-a', 'filesize:1M'], /not both/],
  ])('%j is a mistake in use', async (args, message) => {
    const program = lab.synopsis(['capture', '-i', 'vmnet1', ...args])
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(message)
  })
}, ['capinfos'])
