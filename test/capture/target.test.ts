/** Both ways in which records come out of libpcap give the same ones. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeLive, FLOOD, network, ROOT } from './live.js'

describeLive('by libpcap itself in one call, and each by a call of its own', () => {
  const lab = network()

  test('the same bytes', async () => {
    const program = await lab.onHost(process.execPath, [join(ROOT, 'test/capture/target-program.js'), FLOOD]).ready()
    await lab.flood(1000, { length: 100 })
    program.kill('SIGINT')
    expect(await program.ended, program.stderr).toBe(0)
    const [quick, slow] = JSON.parse(program.stdout)
    expect(quick).toMatchObject({ name: 'StdioTarget', first: 7, count: 1000 })
    expect(slow).toMatchObject({ name: 'CopyTarget', first: 7, count: 1000 })
    expect(Buffer.from(quick.records, 'base64').length).toBe(1000 * (16 + 80))
    expect(slow.records).toBe(quick.records)
  })
})
