/** What the options of `synopsis capture` become. */
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { rotatedName } from '../../src/capture/output-names.js'
import { captureOptions, takesCaptureOptions } from '../../src/cli/capture-options.js'

function parse(...args: string[]) {
  const command = takesCaptureOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  command.parse(args, { from: 'user' })
  return captureOptions(command.opts())
}

const USUAL = { interfaces: [], hostOnly: true, promiscuous: true, engine: 'libpcap' }

describe('options', () => {
  test.each([
    ['', {}],
    ['--host-only', {}],
    ['-i lo -i vmnet1', { interfaces: ['lo', 'vmnet1'], hostOnly: false }],
    ['-p -n -s 96', { promiscuous: false, snapLength: 96 }],
    ['-B 8', { bufferSize: 8 << 20 }],
    ['-B 512K', { bufferSize: 512 << 10 }],
    ['-B 1.5g', { bufferSize: 1.5 * 2 ** 30 }],
    ['-c 5 -a packets:3', { packets: 3 }],
    ['-c 5 -a duration:0.5', { packets: 5, duration: 0.5 }],
    // in thousands of bytes where no unit is given, as tshark has it
    ['-w x -a filesize:20', { file: 'x', fileSize: 20_000 }],
    ['-w x -a filesize:20K', { file: 'x', fileSize: 20_480 }],
    ['-w x -a filesize:20B', { file: 'x', fileSize: 20 }],
    [
      '-w x --rotate filesize:2M --rotate duration:60 --keep 4',
      { file: 'x', rotation: { fileSize: 2 << 20, duration: 60, keep: 4 } },
    ],
    ['-Z nobody --engine cap -f arp', { user: 'nobody', engine: 'cap', filter: 'arp' }],
  ])('%s', (text, expected) => {
    expect(parse(...text.split(' ').filter(Boolean))).toEqual({ ...USUAL, ...expected })
  })

  test.each([
    ['-i lo --host-only', /not both/],
    ['-a size:3', /it must be duration:… or packets:… or filesize:…/],
    ['-a duration:soon', /soon is no number/],
    ['-a packets:1.5', /1.5 is no number/],
    ['-a filesize:1T', /1T is no size/],
    ['-B 3G', /a size below 2G/],
    ['-B 0', /a size below 2G/],
    ['-c 0', /at least 1/],
    ['--engine pcap', /libpcap, cap/],
  ])('%s is refused', (text, message) => {
    expect(() => parse(...text.split(' '))).toThrow(message)
  })
})

test('files of a rotation: number and local time, before the suffix, in their folder', () => {
  const begun = new Date(2024, 0, 31, 9, 5, 7)
  expect(rotatedName('/tmp/a.b/lab.pcapng', 2, begun)).toBe('/tmp/a.b/lab_00002_20240131090507.pcapng')
  expect(rotatedName('lab', 123_456, begun)).toBe('lab_123456_20240131090507')
})
