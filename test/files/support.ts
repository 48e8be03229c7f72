/** Bytes written as hex with a comment per field, and what a reader makes of a file of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import type { Packet } from '../../src/packet.js'
import type { SourceInfo } from '../../src/source.js'

/** Bytes of hex; everything from `#` to the line's end is a comment. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replace(/#.*$/gm, '').replace(/\s+/g, ''), 'hex'))
}

/** An integer of `length` bytes in the byte order given, for tables that hold in both. */
export function integer(value: number | bigint, length: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = BigInt.asUintN(8 * length, BigInt(value))
  for (let index = 0; index < length; index++) {
    bytes[little ? index : length - 1 - index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** Builds blocks of pcapng in one byte order, independently of the writer. */
export function blocks(little: boolean) {
  const u16 = (value: number): Uint8Array => integer(value, 2, little)
  const u32 = (value: number): Uint8Array => integer(value, 4, little)
  const u64 = (value: number | bigint): Uint8Array => integer(value, 8, little)
  const pad = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(-bytes.length & 3))
  const block = (type: number, ...body: Uint8Array[]): Uint8Array => {
    const whole = concat(...body)
    return concat(u32(type), u32(whole.length + 12), whole, u32(whole.length + 12))
  }
  const option = (code: number, value: Uint8Array | string): Uint8Array => {
    const bytes = typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : value
    return concat(u16(code), u16(bytes.length), pad(bytes))
  }
  const timestamp = (time: bigint): Uint8Array => concat(u32(Number(time >> 32n)), u32(Number(time & 0xffff_ffffn)))
  return {
    u16,
    u32,
    u64,
    pad,
    block,
    option,
    timestamp,
    end: new Uint8Array(4),
    section: (...options: Uint8Array[]) => block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(-1), ...options),
    interface: (linkType: number, snapLength: number, ...options: Uint8Array[]) =>
      block(1, u16(linkType), u16(0), u32(snapLength), ...options),
    packet: (time: bigint, data: Uint8Array, original = data.length, id = 0, ...options: Uint8Array[]) =>
      block(6, u32(id), timestamp(time), u32(data.length), u32(original), pad(data), ...options),
  }
}

export interface Frame {
  number: number
  seconds: number
  nanoseconds: number
  timeDigits: number
  data: string
  originalLength: number
  linkType: number
  interfaceId: number
  direction: number
  comments: readonly string[]
}

export function copyFrame(packet: Packet): Frame {
  const { number, seconds, nanoseconds, timeDigits, originalLength, linkType, interfaceId, direction, comments } =
    packet
  const { buffer, byteOffset } = packet.frame
  const data = Buffer.from(buffer, byteOffset + packet.start, packet.end - packet.start).toString('hex')
  return {
    number,
    seconds,
    nanoseconds,
    timeDigits,
    data,
    originalLength,
    linkType,
    interfaceId,
    direction,
    comments: [...comments],
  }
}

/** `frame.time_epoch` as tshark prints it. */
export function epoch(frame: Frame): string {
  if (frame.timeDigits < 0) return ''
  const sign = frame.nanoseconds < 0 ? '-' : ''
  return `${sign}${frame.seconds}.${String(Math.abs(frame.nanoseconds)).padStart(9, '0')}`
}

export interface Result {
  frames: Frame[]
  info: SourceInfo
}

export async function readFile(name: string): Promise<Result> {
  const source = await openCapture(name)
  const frames: Frame[] = []
  for await (const batch of source) {
    batch.forEach((packet) => {
      frames.push(copyFrame(packet))
    })
  }
  return { frames, info: source.info }
}

/** A directory that is gone after the tests of the file that asked for it. */
export function temporaryDirectory(): (name: string) => string {
  const directory = mkdtempSync(join(tmpdir(), 'synopsis-files-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return (name) => join(directory, name)
}

/** Reads bytes as a file would be read. */
export function byteReader(): (bytes: Uint8Array) => Promise<Result> {
  const name = temporaryDirectory()('capture')
  return (bytes) => {
    writeFileSync(name, bytes)
    return readFile(name)
  }
}
