/** What each interface is, over lists as other platforms and other machines have them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/capture/device-list.js'
import { type CaptureInterface, chooseHostOnly, findInterface, HostOnlyError } from '../../src/capture/interfaces.js'
import { classify } from '../../src/capture/kinds.js'
import type { Surroundings } from '../../src/capture/surroundings.js'

interface Recorded {
  readonly name: string
  readonly alias?: string
  readonly description?: string
  readonly mac?: string
  readonly addresses?: readonly string[]
  readonly up?: boolean
  readonly loopback?: boolean
  readonly wireless?: boolean
  /** the kind, with a question mark where it is not certain */
  readonly expect: string
}

interface Machine extends Surroundings {
  readonly about: string
  readonly interfaces: readonly Recorded[]
  /** host-only adapters to choose from: one is chosen, several are refused */
  readonly chosen: readonly string[]
}

function deviceOf(recorded: Recorded): Device {
  const { name, alias, description, mac, addresses = [] } = recorded
  return {
    name,
    ...(alias !== undefined && { alias }),
    ...(description !== undefined && { description }),
    ...(mac !== undefined && { mac }),
    addresses: addresses.map((address) => ({ family: 'ipv4', address })),
    up: recorded.up ?? false,
    running: recorded.up ?? false,
    loopback: recorded.loopback ?? false,
    wireless: recorded.wireless ?? false,
  }
}

const folder = new URL('interfaces/', import.meta.url)

describe.each(readdirSync(folder))('%s', (file) => {
  const machine = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Machine
  const all: CaptureInterface[] = machine.interfaces.map((recorded) => {
    const device = deviceOf(recorded)
    return { ...device, ...classify(device, machine) }
  })

  test.each(
    machine.interfaces.map(({ alias, description, name, expect }) => [alias ?? description ?? name, name, expect]),
  )('%s', (_title, name, expected) => {
    const found = all.find((one) => one.name === name)
    expect(`${found?.kind}${found?.certain ? '' : '?'}`).toBe(expected)
    expect(found?.reason).toMatch(/\w/)
  })

  test('--host-only', () => {
    const nameOf = (one: CaptureInterface) => one.alias ?? (one.name.startsWith('\\') ? one.description : one.name)
    if (machine.chosen.length === 1) {
      expect(nameOf(chooseHostOnly(all, machine.platform))).toBe(machine.chosen[0])
      return
    }
    let refusal: unknown
    try {
      chooseHostOnly(all, machine.platform)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(HostOnlyError)
    const { code, candidates, remedy } = refusal as HostOnlyError
    expect(code).toBe(machine.chosen.length === 0 ? 'NO_HOST_ONLY' : 'SEVERAL_HOST_ONLY')
    if (machine.chosen.length > 0) expect(candidates.map(nameOf)).toEqual(machine.chosen)
    expect(remedy.length).toBeGreaterThan(0)
  })
})

test('where host-only cannot be told from NAT, the reason says so', () => {
  const guest = deviceOf({
    name: 'ens37',
    mac: '00:0c:29:00:00:01',
    addresses: ['192.168.56.10'],
    up: true,
    expect: '',
  })
  const around = { platform: 'linux', defaultRoutes: [], vmwareNetworks: [], kernelTypes: {} } as const
  expect(classify(guest, around).reason).toContain('a NAT network whose route is not used would look the same')
  expect(classify({ ...guest, addresses: [] }, around).reason).toContain("host-only can't be told from NAT")
})

test('an interface is found by the name that people know, too', () => {
  const one = {
    ...deviceOf({ name: '\\Device\\NPF_{1}', alias: 'Ethernet 2', expect: '' }),
    kind: 'plain',
    certain: true,
    reason: '',
  } as const
  expect(findInterface([one], 'Ethernet 2')).toBe(one)
  expect(findInterface([one], '\\Device\\NPF_{1}')).toBe(one)
  expect(() => findInterface([one], 'Ethernet 3')).toThrow('there is no interface Ethernet 3; there are Ethernet 2')
})
