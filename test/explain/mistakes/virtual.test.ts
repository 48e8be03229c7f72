/** The same over the virtual lab's wire, captured on the client's side: two hosts, two addresses. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADAPTERS, labNamed, type Node, namespaceOf } from '../../../src/labs/virtual/names.js'
import { synopsis } from '../../cli/synopsis.js'
import { missing as noLab } from '../../labs/virtual/virtual.js'
import { compile, namesOf, missing as noTrace, type Result, Stage, until } from './traced.js'

const missing = noLab ?? noTrace
const NAME = `mistakes${process.pid % 1000}`
const on = (node: Node) => ['ip', 'netns', 'exec', namespaceOf(labNamed(NAME), node)]
const PORT = '51717'

describe.skipIf(missing !== undefined)(`over the virtual lab${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(() => expect(synopsis(['lab', 'up', '--name', NAME]).status).toBe(0))
  afterAll(() => void synopsis(['lab', 'down', '--name', NAME]))

  async function played(server: readonly string[], client: readonly string[]): Promise<Result> {
    const stage = new Stage()
    await stage.capture(`port ${PORT}`, ADAPTERS.client.name, on('client'))
    const serving = stage.trace([...server, PORT], ['-yy'], on('server'))
    await until('the server', () => /(?:listen\(|bind\(3<UDP).* = 0/.test(readLogText(serving.log)))
    const [program = '', ...words] = client
    await stage.trace([program, '192.168.56.10', PORT, ...words], ['-yy'], on('client')).ended
    await serving.interrupt()
    return stage.judge()
  }

  test('correct programs are not accused, over TCP and UDP', async () => {
    const fork = await played([compile('fork')], [compile('echo_client')])
    expect(fork.mistakes).toEqual([])
    expect(fork.timelines[0]?.summary.client.address).toBe('192.168.56.1')
    expect((await played([compile('udp_server')], [compile('udp_client'), 'x'.repeat(3000)])).mistakes).toEqual([])
  })

  test('mistakes are found, with the frames of the wire', async () => {
    const part = await played(
      [compile('whole', 'PART', 'SMALL_RECEIVE_BUFFER'), '20000'],
      [compile('big_client'), '20000'],
    )
    expect(namesOf(part)).toEqual(['partial-read'])
    expect(part.mistakes[0]?.evidence[0]?.frames.length).toBeGreaterThan(0)
    expect(namesOf(await played([compile('fork', 'CHILD_KEEPS')], [compile('echo_client')]))).toEqual([
      'child-keeps-listener',
    ])
    expect(
      namesOf(await played([compile('udp_server', 'ROOM=8')], [compile('udp_client'), 'a longer datagram'])),
    ).toEqual(['cut-datagram'])
  })
})

function readLogText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
