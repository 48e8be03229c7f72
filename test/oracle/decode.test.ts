/**
 * The decoded fields of every packet in a folder of captures, against what tshark 4.0 printed of them, where the packet is of
 * a protocol stack that the project reads. The captures are nobody's to commit, so that the folder may be absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { FileError } from '../../src/errors.js'
import { isClaimed } from '../support/claimed.js'
import { decodedRows } from './decoded-rows.js'

const SHARED = join(import.meta.dirname, '../../../shared')
const CORPUS = join(SHARED, 'corpus')
const isThere = existsSync(CORPUS) && existsSync(join(SHARED, 'oracle'))
const WHY = isThere ? '' : ' (skipped: there is no ../shared with captures and tshark’s answers)'

/** The columns that tshark was asked for, in order: what is in oracle.py. */
const columns: readonly string[] = isThere
  ? (/FIELDS = """([^"]*)"""/.exec(readFileSync(join(SHARED, 'tools/oracle.py'), 'utf8'))?.[1] ?? '').split(/\s+/)
  : []

/** What depends on more than the packet is the sessions' to answer. */
const ofSessions =
  /^(tcp\.(stream|seq|ack|window_size|completeness|analysis\..*|options\.sack_[lr]e)|udp\.stream|frame\.protocols)$/
const fields = columns.filter((name) => name !== '' && !ofSessions.test(name))

/** What differs, and why: capture, frame, field. */
const knownDifferences: ReadonlyMap<string, string> = new Map()

/** Numbers in hexadecimal and decimal are the same, and so are the ways to write yes and no. */
function normal(name: string, value: string): string {
  if (name === 'frame.time_epoch') return value === '' ? '' : Number(value).toFixed(9)
  return /^0x[0-9a-f]+$/i.test(value) ? String(Number(value)) : value.replace(/^True$/, '1').replace(/^False$/, '0')
}

function theirs(folder: string, name: string): string[][] {
  const answers = readFileSync(join(SHARED, 'oracle', `${folder}+${name}.gz`))
  return JSON.parse(gunzipSync(answers).toString()).rows
}

async function* differences(folder: string, name: string): AsyncGenerator<string> {
  const reference = theirs(folder, name)
  const rows = await decodedRows(join(CORPUS, folder, name), fields).catch((error: unknown) => {
    // not a capture at all, to tshark neither
    if (error instanceof FileError && reference.length === 0) return []
    throw error
  })
  for (const [index, row] of reference.entries()) {
    if (!isClaimed(row[columns.indexOf('frame.protocols')] ?? '')) continue
    for (const [column, field] of fields.entries()) {
      const wanted = normal(field, row[columns.indexOf(field)] ?? '')
      const found = normal(field, rows[index]?.[column] ?? '')
      const place = `${folder}/${name} #${index + 1} ${field}`
      if (wanted !== found && !knownDifferences.has(place)) yield `${place}: ${found}, and ${wanted} in tshark`
    }
  }
}

const folders = isThere ? readdirSync(CORPUS) : []

test.skipIf(!isThere).each(isThere ? folders : [''])(`the fields of the captures in %s${WHY}`, async (folder) => {
  const found: string[] = []
  for (const name of readdirSync(join(CORPUS, folder))) {
    for await (const difference of differences(folder, name)) found.push(difference)
  }
  expect(found).toEqual([])
})
