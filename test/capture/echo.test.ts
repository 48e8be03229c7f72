/** A session between two machines, captured on the host-only adapter with tcpdump beside it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { countsOf, describeLive, framesOf, network, type Program, SYNOPSIS, temporaryFolder } from './live.js'

function output(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
}

describeLive('echo sessions on the host-only adapter', () => {
  const folder = temporaryFolder()
  const ours = join(folder, 'ours.pcapng')
  const theirs = join(folder, 'theirs.pcap')
  // from a wire, as from another machine: straight from another namespace, Linux stamps TCP once for each capture
  const lab = network(true)
  let capture: Program
  let status: number | NodeJS.Signals

  /** A server in the guest, and a client on the host that sends it two lines. */
  async function talk(transport: 'tcp' | 'udp'): Promise<void> {
    const where = ['--transport', transport, '192.168.56.10', '51717']
    const server = lab.onGuest(process.execPath, [SYNOPSIS, 'lab', 'serve', 'echo', ...where])
    await server.until(({ stderr }) => stderr.includes('listens on') || stderr.includes('waits on'), 'the server')
    const client = lab.onHost(process.execPath, [SYNOPSIS, 'lab', 'client', 'echo', ...where])
    client.process.stdin?.end('hello\nworld\n')
    expect(await client.ended).toBe(0)
    expect(client.stdout).toContain('world')
    server.kill('SIGTERM')
    await server.ended
  }

  beforeAll(async () => {
    capture = await lab.capture(['--host-only', '-f', 'tcp or udp', '-w', ours])
    const tcpdump = await lab.tcpdump(theirs, 'tcp or udp')
    await talk('tcp')
    await talk('udp')
    // its last segments are on their way
    await capture.until(({ stdout }) => stdout.includes('closed first'), 'the end of the session')
    capture.kill('SIGINT')
    tcpdump.kill('SIGINT')
    status = await capture.ended
    await tcpdump.ended
  }, 60_000)

  test('the adapter is found and named, and the reason is given', () => {
    expect(capture.stderr).toContain("capturing on vmnet1: it is named vmnet1, VMware's host-only network")
  })

  test('the capture ends well, and counts what it saw', async () => {
    expect(status).toBe(0)
    const frames = await framesOf(ours)
    expect(frames.length).toBeGreaterThanOrEqual(10)
    const n = frames.length
    expect(countsOf(capture)).toEqual({ captured: n, shown: n, kernel: 0, interface: 0, written: n })
  })

  test('every frame is the one that tcpdump captured, with the time of the same kernel, to the nanosecond', async () => {
    const mine = await framesOf(ours)
    expect(mine).toEqual(await framesOf(theirs))
    // a clock read in JavaScript would not resolve them
    expect(mine.some(({ time }) => !time.endsWith('000'))).toBe(true)
  })

  test('tcpdump reads both files the same', () => {
    const read = (file: string) => output('tcpdump', ['-nn', '-t', '-r', file])
    expect(read(ours)).toBe(read(theirs))
  })

  test('tshark reads both files the same', () => {
    const fields = ['frame.number', 'frame.len', 'tcp.stream', 'tcp.seq', 'tcp.ack', 'tcp.flags', 'data.data']
    const read = (file: string) =>
      output('tshark', ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
    expect(read(ours)).toBe(read(theirs))
  })

  test('capinfos finds the system, the interface, the filter and the counts in the file', () => {
    const info = execFileSync('capinfos', [ours]).toString()
    expect(info).toMatch(/Capture hardware: +\S/)
    expect(info).toMatch(/Capture oper-sys: +Linux \d/)
    expect(info).toMatch(/Capture application: +synopsis \d/)
    expect(info).toMatch(/Name = vmnet1/)
    expect(info).toMatch(/Filter string = tcp or udp/)
    expect(info).toMatch(/Time precision = nanoseconds/)
    expect(info).toMatch(/Number of stat entries = 1/)
    expect(info).toMatch(/Strict time order: +True/)
  })

  describe('the timeline grew on standard output', () => {
    const text = () => Buffer.from(capture.stdout, 'latin1').toString('utf8')

    test('under the session, its ends and their states', () => {
      expect(text()).toMatch(/tcp:0 +session 0 {2}TCP {2}192\.168\.56\.1:\d+ → 192\.168\.56\.10:51717/)
      expect(text()).toMatch(/CLOSED.*LISTEN/)
    })

    test('an arrow a packet, with its payload, in the order of time', () => {
      const order = ['SYN 0:0', 'SYN·ACK 0:0', 'ESTABLISHED', '"hello⏎"', '"world⏎"', 'FIN·ACK', 'TIME_WAIT']
      const places = order.map((what) => text().indexOf(what))
      expect(places).toEqual([...places].sort((a, b) => a - b))
      expect(places[0]).toBeGreaterThan(0)
    })

    test('with the verdict at its end', () => {
      expect(text()).toMatch(/tcp:0 +session 0: complete; the client closed first; nothing was lost\n/)
      expect(text()).toMatch(/udp:0 +session 0: 2 requests, 2 replies; answered after [^\n]+\n$/)
    })
  })
}, ['tshark', 'capinfos'])
