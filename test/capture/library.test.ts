/** The capture as programs use it: `for await (const batch of capture({…}))`. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { capture } from '../../src/capture/capture.js'
import { describeLive, FLOOD, network, type Program, ROOT, sequencesOf, temporaryFolder } from './live.js'

describeLive('the library', () => {
  const folder = temporaryFolder()
  const lab = network()
  const program = (name: string, file = '') =>
    lab.onHost(process.execPath, [join(ROOT, 'test/capture/library-program.js'), name, file, FLOOD])

  async function said(running: Program): Promise<unknown> {
    expect(await running.ended, running.stderr).toBe(0)
    return JSON.parse(running.stdout)
  }

  test('frames, numbered as in the file, until the count is reached', async () => {
    const file = join(folder, 'packets.pcapng')
    const running = await program('packets', file).ready()
    await lab.flood(2000)
    expect(await said(running)).toMatchObject({
      reason: 'packets',
      captured: 500,
      shown: 500,
      written: 500,
      frames: 500,
      counted: true,
      files: [file],
      info: { name: 'vmnet1', linkType: 1, timeDigits: 9, snapLength: 262_144, filter: FLOOD },
    })
    expect(await sequencesOf(file)).toMatchObject({ count: 500, gaps: 0 })
  })

  test('an AbortSignal ends it as stop does: with all that the kernel has', async () => {
    const running = await program('abort').ready()
    await lab.flood(300)
    expect(await said(running)).toEqual({ reason: 'stopped', frames: 300, counted: true })
  })

  test('one that was aborted before is thrown', async () => {
    expect(await said(program('aborted'))).toEqual({ name: 'AbortError' })
  })

  test('leaving the loop closes it, and the process can end', async () => {
    const file = join(folder, 'left.pcapng')
    const running = await program('leave', file).ready()
    await lab.flood(300)
    expect(await said(running)).toMatchObject({ reason: 'closed' })
    expect((await sequencesOf(file)).damage).toBeUndefined()
  })

  test('without a file, the capture waits for whoever looks, and the kernel counts what it drops', async () => {
    const running = await program('slow').ready()
    const { sent } = await lab.flood(600_000)
    running.kill('SIGINT')
    const seen = (await said(running)) as Record<string, number | boolean>
    expect(seen).toMatchObject({ skipped: 0, counted: true, captured: seen['frames'], shown: seen['frames'] })
    expect(Number(seen['droppedByKernel'])).toBeGreaterThan(0)
    expect(Number(seen['captured']) + Number(seen['droppedByKernel'])).toBe(sent)
  })

  test('with a file, nobody has to look', async () => {
    const file = join(folder, 'unseen.pcapng')
    const running = await program('unseen', file).ready()
    await lab.flood(250_000)
    expect(await said(running)).toEqual({ reason: 'packets', captured: 200_000, written: 200_000, shown: 0 })
    expect(await sequencesOf(file)).toMatchObject({ count: 200_000, damage: undefined })
  })

  test('what keeps it from starting is thrown wherever it is awaited', async () => {
    expect(await said(program('refused'))).toEqual(Array(3).fill([true, 'FILTER']))
  })

  test('the interfaces', async () => {
    expect(await said(program('interfaces'))).toMatchObject({
      kind: 'vmware-host-only',
      certain: true,
      mac: '00:50:56:c0:00:01',
      up: true,
      addresses: [{ family: 'ipv4', address: '192.168.56.1', netmask: '255.255.255.0' }],
    })
  })
})

describe('options that make no sense', () => {
  test.each([
    [{}, /name the interfaces/],
    [{ hostOnly: true, interfaces: ['lo'] }, /name the interfaces/],
    [{ interfaces: ['lo', 'lo'] }, /named twice/],
    [{ interfaces: ['lo'], packets: 0 }, /packets is 0/],
    [{ interfaces: ['lo'], snapLength: 1.5 }, /snapLength is 1.5/],
    [{ interfaces: ['lo'], duration: -1 }, /a duration/],
    [{ interfaces: ['lo'], fileSize: 1000 }, /no file is written/],
    [{ interfaces: ['lo'], file: 'x', rotation: {} }, /after a size, or a time/],
    [{ interfaces: ['lo', 'eth0'], file: 'x.pcap' }, /several interfaces/],
    [{ interfaces: ['lo', 'eth0'], engine: 'cap' }, /on one interface/],
    [{ interfaces: ['lo'], promiscuous: false, engine: 'cap' }, /for others, too/],
  ] as const)('%j', async (options, message) => {
    await expect(capture(options).ready).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    })
  })
})
