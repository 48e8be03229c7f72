/** Several interfaces at once, in one file. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countsOf, describeLive, ip, network, temporaryFolder } from './live.js'

describeLive('two interfaces that a session passes in turn', () => {
  const folder = temporaryFolder()
  const lab = network()

  test('one file, an interface block each, frames in the order of time, none lost', async () => {
    // requests go out by vmnet1, replies come back by vmnet2: neither sees both
    ip('link', 'add', 'vmnet2', 'netns', lab.host, 'type', 'veth', 'peer', 'name', 'eth1', 'netns', lab.guest)
    for (const [space, name] of [
      [lab.host, 'vmnet2'],
      [lab.guest, 'eth1'],
    ] as const) {
      ip('-n', space, 'link', 'set', name, 'up')
    }
    ip('-n', lab.guest, 'addr', 'del', '192.168.56.10/24', 'dev', 'eth0')
    ip('-n', lab.guest, 'addr', 'add', '192.168.56.10/32', 'dev', 'eth0')
    ip('-n', lab.guest, 'route', 'add', '192.168.56.1', 'dev', 'eth1', 'src', '192.168.56.10')
    for (const space of [lab.host, lab.guest]) {
      execFileSync('ip', [
        'netns',
        'exec',
        space,
        'sh',
        '-c',
        'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done',
      ])
    }
    const file = join(folder, 'two.pcapng')
    const capture = await lab.capture(['-i', 'vmnet1', '-i', 'vmnet2', '-f', 'icmp', '-w', file])
    const ping = lab.onHost('ping', ['-f', '-c', '2000', '-q', '192.168.56.10'])
    await ping.ended
    expect(ping.stdout).toContain('2000 received')
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(countsOf(capture)).toMatchObject({ captured: 4000, written: 4000 })

    const info = execFileSync('capinfos', [file]).toString()
    expect(info).toMatch(/Number of interfaces in file: 2/)
    expect(info).toMatch(/Strict time order: +True/)
    const fields = ['frame.interface_id', 'frame.interface_name', 'icmp.type', 'icmp.seq']
    const rows = execFileSync(
      'tshark',
      ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
      .toString()
      .trim()
      .split('\n')
    // each reply right after its request, although they came by different ways
    const wanted = Array.from({ length: 2000 }, (_, n) => [`0\tvmnet1\t8\t${n + 1}`, `1\tvmnet2\t0\t${n + 1}`]).flat()
    expect(rows).toEqual(wanted)
  })

  test('a pcap cannot tell them apart, and says so', async () => {
    const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-i', 'lo', '-w', join(folder, 'x.pcap')])
    expect(await capture.ended).toBe(1)
    expect(capture.stderr).toContain('write a pcapng')
  })
}, ['capinfos', 'tshark'])
