/** Standard input, output and permissions, in a real process of its own. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { blocks, concat, hex, integer, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()
const b = blocks(true)
const parts = [
  concat(b.section(), b.interface(1, 0)),
  ...Array.from({ length: 50 }, (_, index) => b.packet(BigInt(index), new Uint8Array(index * 40).fill(index))),
]
const capture = concat(...parts)

const READ = `
import { openCapture } from './files/open.js'
try {
  const source = await openCapture(process.argv[2])
  for await (const batch of source) batch.forEach(({ number, start, end }) => console.log(number, end - start))
  if (source.info.damage) console.log(source.info.damage.message)
} catch (error) {
  console.log([error.name, error.code, error.exitStatus, error.message].join(' '))
}`

const COPY = `
import { openCapture } from './files/open.js'
import { PcapngWriter } from './files/pcapng-writer.js'
import { openSink } from './files/sink.js'
const source = await openCapture(process.argv[2])
const writer = new PcapngWriter(openSink('-'))
writer.addInterface(source.info.interfaces[0] ?? { linkType: 1 })
for await (const batch of source) {
  batch.forEach((packet) => writer.write(packet, 0))
  await writer.flush()
}
await writer.close()`

beforeAll(() => {
  const sources = ['open', 'pcapng-writer', 'sink'].map((name) => `src/files/${name}.ts`)
  const options = ['--ignoreConfig', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck']
  execFileSync(resolve('node_modules/.bin/tsc'), [...sources, ...options, '--outDir', path('')])
  symlinkSync(resolve('node_modules'), path('node_modules'))
  writeFileSync(path('package.json'), '{"type":"module"}')
  writeFileSync(path('read.js'), READ)
  writeFileSync(path('copy.js'), COPY)
})

const expected = parts
  .slice(1)
  .map((_part, index) => `${index + 1} ${index * 40}\n`)
  .join('')

function readStandardInput(input: Uint8Array): string {
  return spawnSync(process.execPath, [path('read.js'), '-'], { input, encoding: 'utf8' }).stdout
}

function start(...args: string[]): { child: ChildProcess; output: () => string; done: Promise<unknown> } {
  const child = spawn(process.execPath, [path('read.js'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return { child, output: () => text, done: new Promise((done) => child.on('close', done)) }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 5))
}

describe('standard input', () => {
  test('from a pipe', () => {
    expect(readStandardInput(capture)).toBe(expected)
  })

  test('from a pipe, compressed', () => {
    expect(readStandardInput(gzipSync(capture))).toBe(expected)
  })

  test('from a file', () => {
    writeFileSync(path('capture'), capture)
    const descriptor = openSync(path('capture'), 'r')
    const { stdout } = spawnSync(process.execPath, [path('read.js'), '-'], { stdio: [descriptor, 'pipe', 'inherit'] })
    closeSync(descriptor)
    expect(stdout.toString()).toBe(expected)
  })

  test('that comes in dribs and drabs', async () => {
    const { child, output, done } = start('-')
    for (let at = 0; at < 400; at += 7) {
      child.stdin?.write(capture.subarray(at, Math.min(at + 7, 400)))
      await new Promise((next) => setTimeout(next, 1))
    }
    child.stdin?.end(capture.subarray(400))
    await done
    expect(output()).toBe(expected)
  })

  test('gives a packet as soon as it has come, not at the end', async () => {
    const { child, output, done } = start('-')
    child.stdin?.write(concat(...parts.slice(0, 2)))
    await until(() => output() === '1 0\n')
    child.stdin?.write(concat(...parts.slice(2, 3)))
    await until(() => output() === '1 0\n2 40\n')
    child.stdin?.end()
    await done
    expect(output()).toBe('1 0\n2 40\n')
  })

  test('that ends in the middle', () => {
    const begins = capture.length - (parts.at(-1)?.length ?? 0)
    expect(readStandardInput(capture.subarray(0, -1))).toBe(
      `${expected.replace('50 1960\n', '')}the file ends at byte ${capture.length - 1}, ` +
        `in the middle of the block that begins at byte ${begins}\n`,
    )
  })

  test.each([
    ['nothing', '', 'FileError EMPTY 2 standard input is empty'],
    ['a text', 'hello, capture', 'FileError NOT_A_CAPTURE 2 - is not a capture file: it looks like text'],
  ])('that is %s', (_name, input, message) => {
    expect(readStandardInput(new Uint8Array(Buffer.from(input)))).toContain(message)
  })

  const script = spawnSync('script', ['--version']).status === 0
  test.skipIf(!script)(`that is a terminal is a mistake in use${script ? '' : ' (skipped: no script(1))'}`, () => {
    const command = `${process.execPath} ${path('read.js')} -`
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    expect(stdout).toContain('UsageError USAGE 1 standard input is a terminal: pipe a capture into it')
  })
})

test('a named pipe reads like standard input', async () => {
  execFileSync('mkfifo', [path('fifo')])
  const { output, done } = start(path('fifo'))
  writeFileSync(path('fifo'), capture)
  await done
  expect(output()).toBe(expected)
})

const root = process.getuid?.() === 0
test.skipIf(!root)(`files without permission${root ? '' : ' (skipped: only root can become another user)'}`, () => {
  mkdirSync(path('closed'), 0o700)
  writeFileSync(path('closed/capture'), capture)
  writeFileSync(path('secret'), capture)
  chmodSync(path('secret'), 0o600)
  chmodSync(path(''), 0o755)
  for (const name of ['secret', 'closed/capture']) {
    const nobody = { uid: 65_534, gid: 65_534, encoding: 'utf8' } as const
    const { stdout } = spawnSync(process.execPath, [path('read.js'), path(name)], nobody)
    expect(stdout).toBe(`FileError DENIED 2 cannot open ${path(name)}: you may not: ask its owner, or try sudo\n`)
  }
})

test('standard output takes a whole capture, however slowly it is read', async () => {
  const record = (index: number): Uint8Array =>
    concat(hex('00000000 00000000 e8030000 e8030000'), integer(index, 1000, true))
  const header = hex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000')
  writeFileSync(path('many.pcap'), concat(header, ...Array.from({ length: 20_000 }, (_, index) => record(index))))
  const child = spawn(process.execPath, [path('copy.js'), path('many.pcap')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Uint8Array[] = []
  for await (const chunk of child.stdout) {
    chunks.push(chunk as Uint8Array)
    if (chunks.length % 50 === 0) await new Promise((next) => setTimeout(next, 1))
  }
  writeFileSync(path('copy.pcapng'), concat(...chunks))
  const { frames, info } = await readFile(path('copy.pcapng'))
  expect(info.damage).toBeUndefined()
  expect(frames.length).toBe(20_000)
  expect(frames.every(({ data }, index) => data === Buffer.from(integer(index, 1000, true)).toString('hex'))).toBe(true)
})
