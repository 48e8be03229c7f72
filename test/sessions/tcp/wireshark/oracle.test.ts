/** The same analysis as tshark's over real captures: its answers lie beside them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SynopsisError } from '../../../../src/errors.js'
import { plainRow, wiresharkFields } from '../../../support/wireshark-fields.js'
import { captureRows } from '../../../support/wireshark-pass.js'

/** Folders of captures, and beside them one of tshark's answers: FOLDER+FILE.gz, as JSON. */
const { SYNOPSIS_CORPUS = '../shared/corpus' } = process.env
const corpus = resolve(SYNOPSIS_CORPUS)
const oracle = join(dirname(corpus), 'oracle')
const present = existsSync(corpus) && existsSync(oracle)
const skipped = present ? '' : ` (skipped: no corpus in ${corpus})`

/** Where the answers have the fields that the analysis gives; the few that are missing there are not compared. */
const COLUMNS: Readonly<Record<string, number>> = {
  'tcp.stream': 32,
  'tcp.seq': 35,
  'tcp.ack': 37,
  'tcp.window_size': 43,
  'tcp.completeness': 54,
  'tcp.analysis.initial_rtt': 55,
  'tcp.analysis.acks_frame': 56,
  'tcp.analysis.ack_rtt': 57,
  'tcp.analysis.bytes_in_flight': 58,
  'tcp.analysis.retransmission': 59,
  'tcp.analysis.fast_retransmission': 60,
  'tcp.analysis.spurious_retransmission': 61,
  'tcp.analysis.out_of_order': 62,
  'tcp.analysis.lost_segment': 63,
  'tcp.analysis.ack_lost_segment': 64,
  'tcp.analysis.duplicate_ack': 65,
  'tcp.analysis.duplicate_ack_num': 66,
  'tcp.analysis.duplicate_ack_frame': 67,
  'tcp.analysis.keep_alive': 68,
  'tcp.analysis.keep_alive_ack': 69,
  'tcp.analysis.zero_window': 70,
  'tcp.analysis.zero_window_probe': 71,
  'tcp.analysis.zero_window_probe_ack': 72,
  'tcp.analysis.window_update': 73,
  'tcp.analysis.window_full': 74,
  'tcp.analysis.reused_ports': 75,
}
const PROTOCOLS = 4

/** TCP in IP in a link layer, in no tunnel and quoted by no ICMP error. */
const PLAIN = /^(?:(?:eth|sll|raw|null|llc|ethertype|vlan):)*(?:ip|ipv6(?::ipv6\.\w+)*):tcp(?!.*:(?:ip|ipv6|eth|gre)\b)/

/** What differs, and why. */
const KNOWN: ReadonlyMap<string, readonly [reason: string, fields: RegExp]> = new Map([
  ['timestamp_invalid_nano.pcap', ['fractions of more than a second, which tshark does not carry', /rtt/]],
])

test('docs/tshark.md tells of what differs', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/tshark.md'), 'utf8')
  for (const file of KNOWN.keys()) expect(page).toContain(file)
})

interface Difference {
  readonly file: string
  readonly field: string
  readonly text: string
}

async function differencesOf(folder: string, file: string): Promise<Difference[]> {
  const answer = join(oracle, `${folder}+${file}.gz`)
  if (!existsSync(answer)) return []
  const { rows } = JSON.parse(gunzipSync(readFileSync(answer)).toString()) as { rows: string[][] }
  const ours = await captureRows(join(corpus, folder, file)).catch((error: unknown) => {
    // not all files of the corpus are captures
    if (error instanceof SynopsisError) return new Map<number, string[]>()
    throw error
  })
  const found: Difference[] = []
  for (const row of rows) {
    if (!PLAIN.test(row[PROTOCOLS] ?? '')) continue
    const mine = ours.get(Number(row[0])) ?? []
    const theirs = plainRow(wiresharkFields.map((field) => row[COLUMNS[field] ?? -1] ?? ''))
    wiresharkFields.forEach((field, column) => {
      if (!(field in COLUMNS) || theirs[column] === (mine[column] ?? '')) return
      // without a header that makes sense tshark prints no further
      if (theirs[column] === '' && /\.(?:ack|window_size)$/.test(field)) return
      found.push({
        file,
        field,
        text: `${file} frame ${row[0]} ${field}: tshark ${theirs[column]}, here ${mine[column]}`,
      })
    })
  }
  return found
}

describe.skipIf(!present)(`real captures, as tshark has them${skipped}`, () => {
  test('every field of every TCP segment, but for what is known', async () => {
    const found: Difference[] = []
    for (const folder of readdirSync(corpus)) {
      for (const file of readdirSync(join(corpus, folder))) found.push(...(await differencesOf(folder, basename(file))))
    }
    const unknown = found.filter(({ file, field }) => KNOWN.get(file)?.[1].test(field) !== true)
    expect(unknown.map(({ text }) => text)).toEqual([])
    // what no longer differs has no place in the list
    expect([...KNOWN.keys()].filter((file) => !found.some((difference) => difference.file === file))).toEqual([])
  })
})
