/** Real captures, by many tools: every frame as tshark sees it, every pcapng rewritten byte for byte. */
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SynopsisError } from '../../src/errors.js'
import { isPcapng } from '../../src/files/pcapng-layout.js'
import { commentOption, replaceOptions } from '../../src/files/pcapng-options.js'
import { rewritePcapng } from '../../src/files/rewrite.js'
import { epoch, readFile, temporaryDirectory } from './support.js'

/** Folders of captures, and beside them one of tshark's answers: FOLDER+FILE.gz, as JSON. */
const { SYNOPSIS_CORPUS = '../shared/corpus' } = process.env
const corpus = resolve(SYNOPSIS_CORPUS)
const oracle = join(dirname(corpus), 'oracle')
const present = existsSync(corpus) && existsSync(oracle)
const skipped = present ? '' : ` (skipped: no corpus in ${corpus})`

const files = present
  ? readdirSync(corpus).flatMap((folder) => readdirSync(join(corpus, folder)).map((file) => join(corpus, folder, file)))
  : []

/** tshark cannot read its link type; the frames are there all the same. */
const BEYOND_TSHARK = ['vtp_asan-2.pcap']

const path = temporaryDirectory()

describe.skipIf(!present)(`the corpus${skipped}`, () => {
  test('every frame has the number, time and lengths that tshark gives it', async () => {
    for (const file of files) {
      if (BEYOND_TSHARK.includes(basename(file))) continue
      const answer = gunzipSync(readFileSync(join(oracle, `${basename(dirname(file))}+${basename(file)}.gz`)))
      const { rows } = JSON.parse(answer.toString()) as { rows: string[][] }
      const ours = await readFile(file).catch((error: unknown) => {
        if (error instanceof SynopsisError) return { frames: [] }
        throw error
      })
      const frames = ours.frames.map((frame) =>
        [frame.number, epoch(frame), frame.originalLength, frame.data.length / 2].join(' '),
      )
      expect(frames, file).toEqual(rows.map((row) => row.slice(0, 4).join(' ')))
    }
  })

  test('every pcapng is the same byte for byte after notes were added everywhere and taken away', async () => {
    const captures = files.filter((file) => isPcapng(readFileSync(file)))
    expect(captures.length).toBeGreaterThan(0)
    const copy = path('copy.pcapng')
    for (const file of captures) {
      copyFileSync(file, copy)
      await rewritePcapng(copy, () => undefined)
      expect(readFileSync(copy).equals(readFileSync(file)), file).toBe(true)
      await rewritePcapng(copy, (block) =>
        replaceOptions(block, (options) => [...options, commentOption('a note', block.little)]),
      )
      const { frames } = await readFile(copy)
      const notes = frames.filter(({ comments }) => comments.at(-1) === 'a note').length
      const timed = frames.filter(({ timeDigits }) => timeDigits >= 0).length
      expect(notes, file).toBe(timed)
      await rewritePcapng(copy, (block) => replaceOptions(block, (options) => options.slice(0, -1)))
      expect(readFileSync(copy).equals(readFileSync(file)), file).toBe(true)
    }
  })
})
