/** At more than 500,000 frames a second, or as many as the machine can send: nothing is lost without being counted. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countsOf, describeLive, FLOOD, network, ROOT, sequencesOf, temporaryFolder } from './live.js'

const FRAMES = 1_000_000
const RATE = 600_000

describeLive('a million frames, with the display on and the main thread busy, and dumpcap beside it', () => {
  const folder = temporaryFolder()
  const lab = network()

  test('what was sent is in the file, or counted as dropped, which is no more than dumpcap drops', async () => {
    const ours = join(folder, 'ours.pcapng')
    // with the kernel's buffer as large as ours
    const beside = ['-q', '-i', 'vmnet1', '-B', '16', '-f', FLOOD, '-w', join(folder, 'theirs.pcapng')]
    const dumpcap = lab.onHost('dumpcap', beside)
    await dumpcap.until(({ stderr }) => stderr.includes('File:'), 'dumpcap')
    const busy = `--import=${join(ROOT, 'test/capture/busy.js')}`
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', ours], { NODE_OPTIONS: busy })
    const { sent, rate } = await lab.flood(FRAMES, { rate: RATE })
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    dumpcap.kill('SIGINT')
    await dumpcap.ended

    const counts = countsOf(capture)
    const file = await sequencesOf(ours)
    const theirs = Number(/received\/dropped on interface 'vmnet1': \d+\/(\d+)/.exec(dumpcap.stderr)?.[1])
    console.log(
      `${Math.round(rate)} frames a second: ours ${file.count} in the file, ${counts.kernel} dropped, ` +
        `${counts.shown} shown; dumpcap ${theirs} dropped`,
    )
    expect(sent).toBe(FRAMES)
    expect(file.damage).toBeUndefined()
    expect(file.count).toBe(counts.written)
    expect(file.dropped).toBe(BigInt(counts.kernel))
    expect(counts.captured).toBe(counts.written)
    expect(file.count + counts.kernel + counts.interface).toBe(sent)
    expect(counts.kernel).toBeLessThanOrEqual(theirs)
    if (counts.kernel === 0) expect(file).toMatchObject({ first: 0, last: FRAMES - 1, gaps: 0 })
  })

  test('the display skips, says so, and says where the packets are', async () => {
    const ours = join(folder, 'shown.pcapng')
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', ours])
    await lab.flood(100_000)
    capture.kill('SIGINT')
    await capture.ended
    const counts = countsOf(capture)
    const text = Buffer.from(capture.stdout, 'latin1').toString('utf8')
    expect(counts.written).toBe(100_000 - counts.kernel)
    expect(counts.shown).toBeLessThan(counts.written)
    const told = [...text.matchAll(/… ([\d,]+) packets? /g)].map(([, n = '']) => Number(n.replaceAll(',', '')))
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(counts.captured - counts.shown)
    expect(text).toContain(`${ours} has them`)
  })

  test('memory stays bounded where nobody reads what is written', async () => {
    // its standard output is a pipe that we stop to read: the kernel drops, and counts what it drops
    const capture = lab.synopsis(['capture', '-q', '-i', 'vmnet1', '-f', FLOOD, '-B', '4', '-w', '-'])
    capture.process.stdout?.pause()
    await capture.ready()
    await lab.flood(500_000)
    await lab.flood(500_000)
    const status = readFileSync(`/proc/${capture.pid}/status`, 'utf8')
    const megabytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
    capture.kill('SIGKILL')
    capture.process.stdout?.resume()
    await capture.ended
    console.log(`${Math.round(megabytes)} MiB resident`)
    // 106 MiB of records were sent; what is held is a few slots of two MiB and what Node itself takes
    expect(megabytes).toBeLessThan(160)
  })
}, ['dumpcap'])
