/** `synopsis doctor` and `synopsis interfaces`, in namespaces with and without a host-only adapter. */
import { describe, expect, test } from 'vitest'
import type { Examination } from '../../src/capture/doctor.js'
import { describeLive, ip, network, type Program, SYNOPSIS } from './live.js'

describeLive('what there is to capture on', () => {
  const lab = network()

  describe('synopsis doctor', () => {
    async function examine(program: Program): Promise<Examination> {
      await program.ended
      return JSON.parse(program.stdout)
    }

    const find = ({ checks }: Examination, name: string) => checks.find((check) => check.name === name)

    test('where all is well', async () => {
      const ping = lab.onHost('ping', ['-i', '0.1', '-c', '30', '-q', '192.168.56.10'])
      const program = lab.synopsis(['doctor', '--json'])
      const found = await examine(program)
      expect(await program.ended).toBe(0)
      expect(found.live).toBe(true)
      expect(find(found, 'node')).toMatchObject({ status: 'ok' })
      expect(find(found, 'libpcap')).toMatchObject({
        status: 'ok',
        finding: expect.stringMatching(/libpcap version \d.*\/.*libpcap\.so/),
      })
      expect(find(found, 'rights')).toMatchObject({ status: 'ok' })
      expect(find(found, 'adapter')).toMatchObject({
        status: 'ok',
        finding: expect.stringContaining('vmnet1 is the host-only adapter'),
      })
      expect(find(found, 'traffic')).toMatchObject({
        status: 'ok',
        finding: expect.stringMatching(/vmnet1 sees traffic: \d+ packets/),
      })
      expect(find(found, 'promiscuous')).toMatchObject({ status: 'ok' })
      expect(find(found, 'clock')?.finding).toContain('nanoseconds')
      // a veth leaves checksums and segments to hardware that is not there
      expect(find(found, 'offload')).toMatchObject({
        status: 'warn',
        finding: expect.stringContaining('checksums that are not filled in yet'),
      })
      expect(find(found, 'wireshark')).toBeDefined()
      ping.kill('SIGINT')
      await ping.ended
    })

    test('what ethtool turned off is seen', async () => {
      const ethtool = lab.onHost('ethtool', ['-K', 'vmnet1', 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'])
      if ((await ethtool.ended) !== 0) return
      const found = await examine(lab.synopsis(['doctor', '--json']))
      expect(find(found, 'offload')).toMatchObject({ status: 'ok' })
      expect(find(found, 'traffic')).toMatchObject({ status: 'warn', remedy: [expect.stringContaining('ping')] })
    })

    test('an adapter without an address, and one that is down', async () => {
      ip('-n', lab.host, 'addr', 'flush', 'dev', 'vmnet1')
      const without = await examine(lab.synopsis(['doctor', '--json']))
      expect(find(without, 'adapter')).toMatchObject({
        status: 'warn',
        remedy: ['sudo ip addr add 192.168.56.1/24 dev vmnet1'],
      })
      ip('-n', lab.host, 'link', 'set', 'vmnet1', 'down')
      const down = await examine(lab.synopsis(['doctor', '--json']))
      expect(find(down, 'adapter')).toMatchObject({ status: 'warn', remedy: ['sudo ip link set vmnet1 up'] })
      expect(down.live).toBe(true)
      ip('-n', lab.host, 'link', 'set', 'vmnet1', 'up')
      ip('-n', lab.host, 'addr', 'add', '192.168.56.1/24', 'dev', 'vmnet1')
    })

    test('no host-only adapter: what else there is, and how to get one', async () => {
      const found = await examine(lab.onGuest(process.execPath, [SYNOPSIS, 'doctor', '--json']))
      const adapter = find(found, 'adapter')
      expect(adapter?.finding).toContain(
        'there is no host-only adapter; others that are up: eth0 (plain), lo (loopback)',
      )
      expect(adapter?.remedy.some((step) => step.includes('vmware-networks --start'))).toBe(true)
    })

    test('no rights: it fails, says what gives them, and the exit status says so', async () => {
      const identity = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all']
      const program = lab.onHost('setpriv', [...identity, process.execPath, SYNOPSIS, 'doctor'])
      expect(await program.ended).toBe(1)
      expect(program.stdout).toMatch(/fails +rights +no right to capture on vmnet1/)
      expect(program.stdout).toContain('sudo setcap cap_net_raw+ep')
      expect(program.stdout).toMatch(/A live capture will not work yet\.\n$/)
    })
  })

  describe('synopsis interfaces', () => {
    test('name, kind, state, addresses, link types and the reason', async () => {
      const program = lab.synopsis(['interfaces'])
      expect(await program.ended).toBe(0)
      expect(program.stdout).toMatch(
        /^vmnet1 +VMware host-only +up +192\.168\.56\.1\/24\n +00:50:56:c0:00:01; EN10MB, DOCSIS; it is named vmnet1/m,
      )
      expect(program.stdout).toMatch(/^lo +loopback +up +127\.0\.0\.1\/8/m)
      expect(program.stdout).toMatch(/^any +no network of its own/m)
    })

    test('--json, and --host-only of it', async () => {
      const all = lab.synopsis(['interfaces', '--json'])
      expect(await all.ended).toBe(0)
      const list = JSON.parse(all.stdout)
      const one = list.find(({ name }: { name: string }) => name === 'vmnet1')
      expect(one).toMatchObject({
        kind: 'vmware-host-only',
        certain: true,
        linkTypes: [{ number: 1, name: 'EN10MB' }, {}],
      })
      const chosen = lab.synopsis(['interfaces', '--json', '--host-only'])
      expect(await chosen.ended).toBe(0)
      expect(JSON.parse(chosen.stdout)).toEqual(one)
    })

    test('--host-only where there are several: which, why, and what to do', async () => {
      ip('link', 'add', 'vboxnet0', 'netns', lab.host, 'type', 'veth', 'peer', 'name', 'eth9', 'netns', lab.guest)
      const program = lab.synopsis(['interfaces', '--host-only'])
      expect(await program.ended).toBe(1)
      expect(program.stderr).toBe(
        `synopsis: there are 2 host-only adapters: vmnet1, vboxnet0
  vmnet1 (up, 192.168.56.1): it is named vmnet1, VMware's host-only network
  vboxnet0 (down): it is named vboxnet0, VirtualBox's host-only network
  → take one by name: synopsis capture -i vmnet1
`,
      )
      const doctor = lab.synopsis(['doctor', '--json'])
      await doctor.ended
      const finding = 'there are 2 host-only adapters: vmnet1, vboxnet0; others that are up: lo (loopback)'
      expect(JSON.parse(doctor.stdout).checks).toContainEqual(expect.objectContaining({ name: 'adapter', finding }))
      const json = lab.synopsis(['capture', '--host-only', '--json'])
      expect(await json.ended).toBe(1)
      expect(JSON.parse(json.stdout).error).toMatchObject({
        code: 'SEVERAL_HOST_ONLY',
        candidates: [{ name: 'vmnet1' }, { name: 'vboxnet0', up: false }],
      })
      ip('-n', lab.host, 'link', 'del', 'vboxnet0')
    })

    test('-D of capture lists them, too', async () => {
      const [capture, interfaces] = [lab.synopsis(['capture', '-D']), lab.synopsis(['interfaces'])]
      expect(await capture.ended).toBe(0)
      await interfaces.ended
      expect(capture.stdout).toBe(interfaces.stdout)
    })
  })
})
