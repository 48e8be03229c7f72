/** The real tshark, where it is installed. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The version that the project's analysis reproduces. */
export const hasTshark = /TShark \(Wireshark\) 4\.0\./.test(
  spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)

/** What `tshark -n -2 -T fields` prints of a capture: a row a frame, a string a field. */
export async function tsharkFields(capture: Uint8Array | string, fields: readonly string[]): Promise<string[][]> {
  if (typeof capture === 'string') return fieldsOf(capture, fields)
  const folder = await mkdtemp(join(tmpdir(), 'synopsis-tshark-'))
  try {
    const file = join(folder, 'capture.pcap')
    await writeFile(file, capture)
    return await fieldsOf(file, fields)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function fieldsOf(file: string, fields: readonly string[]): Promise<string[][]> {
  const options = ['-n', '-2', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
  const { stdout } = await run('tshark', options, { maxBuffer: 1 << 30 })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}
