/** Each end traced on its own node of the virtual lab: both logs beside one capture give both sides. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing } from '../labs/virtual/virtual.js'
import { compiled, describeTraced, folderOf, mistakesIn, SYNOPSIS, synopsis, timelinesIn } from './support.js'

const NAME = `trace${process.pid % 1000}`
const PORT = '51717'
const CLIENT = `
import socket
s = socket.create_connection(('192.168.56.10', ${PORT}))
s.sendall(b'over the wire\\n')
s.recv(100)
s.close()`

describeTraced('over the virtual lab', () => {
  describe.skipIf(missing !== undefined)(`with its wire${missing ? ` (skipped: ${missing})` : ''}`, () => {
    const folder = folderOf('trace-virtual')
    const server = compiled(folder, 'fork-server')
    const file = (name: string) => join(folder, name)

    beforeAll(async () => expect((await synopsis(['lab', 'up', '--name', NAME])).status).toBe(0), 60_000)
    afterAll(async () => void (await synopsis(['lab', 'down', '--name', NAME])), 60_000)

    const traced = (node: string, ...program: string[]) => {
      const kept = ['-w', file(`${node}.pcapng`), '--keep-calls', file(`${node}.ndjson`)]
      const words = [process.execPath, SYNOPSIS, 'trace', ...kept, '--', ...program]
      return synopsis(['lab', 'exec', '--name', NAME, node, '--', ...words])
    }

    test('trace runs on a node, and replay merges what both have kept', { timeout: 120_000 }, async () => {
      const serving = traced('server', server, PORT)
      const listens = ['sh', '-c', `until ss -ltn | grep -q ${PORT}; do sleep 0.1; done`]
      const shown = ['lab', 'exec', '--name', NAME, 'server', '--', ...listens]
      expect((await synopsis(shown)).status).toBe(0)
      await pause(200)
      expect((await traced('client', 'python3', '-c', CLIENT)).status).toBe(0)
      expect((await serving).status).toBe(0)
      for (const node of ['client', 'server']) expect(existsSync(file(`${node}.pcapng`))).toBe(true)

      const logs = ['server', 'client'].flatMap((node) => ['--calls', file(`${node}.ndjson`)])
      const { stdout } = await synopsis(['replay', '--json', file('client.pcapng'), ...logs])
      expect(mistakesIn(stdout)).toEqual([])
      const [{ summary, observed = [] } = { summary: undefined }] = timelinesIn(stdout)
      expect(summary?.client.address).toBe('192.168.56.1')
      const own = observed.filter(({ on }) => on === 'socket')
      expect(new Set(own.map(({ by }) => by))).toEqual(new Set(['client', 'server']))
      const moved = own.filter(({ call, result = -1 }) => /^(?:read|write|send|recv)/.test(call) && result >= 0)
      expect(moved.length).toBeGreaterThanOrEqual(5)
      for (const { by, call, sends, takes } of moved)
        expect([by, call, sends.length + takes.length > 0]).toEqual([by, call, true])
      expect(own.find(({ call }) => call === 'accept')?.waited).toBeGreaterThan(0)
    })
  })
})
