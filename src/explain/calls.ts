/** A logged call in one line: what stands in the program's source, what it gave back, what it waited for or sent. */
import { printable } from '../bytes/printable.js'
import { countOf, formatCount, formatDuration } from '../bytes/units.js'
import { wayOf } from '../calls/transfers.js'
import { isWait } from '../calls/waits.js'
import type { CallEvent } from '../timeline/model.js'

/** Characters of a string that are shown. */
const MOST_TEXT = 40
/** More frames than this are given as a range. */
const NAMED_FRAMES = 3
/** Descriptors that are named, of many. */
const NAMED_DESCRIPTORS = 5
/** ns of waiting that are worth telling. */
const WORTH_TELLING = 100e3

/**
 * `accept(3)` when it is made and does not return at once, `accept = 4, waited 720 ms for #3` when it does;
 * `write(4, 18 B) → #6` of one that nothing happens during.
 */
export function describeLogged(event: CallEvent): string {
  const { call, moment, returned } = event
  const isWhole = moment === 'made' && (hasOutcome(event) || returned === undefined)
  if (call === 'signal') return printable(`${event.arguments?.[0] ?? 'a signal'} arrives`)
  if (call === 'ended' || (call === 'exit' && isKill(event))) return printable(howEnded(event))
  if (isOutput(event)) return moment === 'returns' ? '' : printable(`prints ${textIn(event) ?? ''}`)
  const given = `${call}(${isWait(call) ? waitedOn(event) : argumentsOf(event)})`
  if (moment === 'made' && !isWhole) return printable(given)
  const named = moment === 'returns' ? call : given
  const outcome = isWait(call) ? foundBy(event) : outcomeOf(event)
  return printable(`${named}${outcome}${tiesOf(event)}${skippedBy(event)}`)
}

function hasOutcome({ result, errno }: CallEvent): boolean {
  return result !== undefined || errno !== undefined
}

/** What a program prints, or reads, is none of the session's; it belongs to its story. */
function isOutput({ on, call }: CallEvent): boolean {
  return on === 'process' && (call === 'write' || call === 'writev')
}

function isKill({ status }: CallEvent): boolean {
  return status !== undefined && 'signal' in status
}

function howEnded({ status }: CallEvent): string {
  if (status === undefined) return 'ends'
  return 'exited' in status ? `exits with ${status.exited}` : `is killed by ${status.signal}`
}

function argumentsOf({ call, descriptor, bytes, arguments: given = [] }: CallEvent): string {
  switch (call) {
    case 'socket':
      return given.slice(0, 2).join(', ')
    case 'bind':
    case 'connect':
      return `${descriptor ?? ''}, ${addressIn(given[1] ?? '')}`
    case 'setsockopt':
    case 'getsockopt':
      return `${descriptor ?? ''}, ${given[2] ?? ''}`
    case 'fcntl':
      return [descriptor ?? '', ...given.slice(1)].join(', ')
    case 'listen':
    case 'shutdown':
    case 'dup2':
      return `${descriptor ?? ''}, ${given[1] ?? ''}`
    case 'exit':
      return given[0] ?? ''
    default:
      return [
        ...(descriptor === undefined ? [] : [String(descriptor)]),
        ...(bytes === undefined ? [] : [`${formatCount(bytes)} B`]),
      ].join(', ')
  }
}

/** `192.0.2.1:80` of `{sa_family=AF_INET, sin_port=htons(80), sin_addr=…}`; a path of a Unix-domain one. */
function addressIn(argument: string): string {
  const port = /port=htons\((\d+)\)/.exec(argument)?.[1]
  const four = /sin_addr=(?:inet_addr\()?"([^"]+)"/.exec(argument)?.[1]
  const six = /(?:inet_pton\(AF_INET6, |sin6_addr=)"([^"]+)"/.exec(argument)?.[1]
  const path = /sun_path=@?"([^"]*)"/.exec(argument)?.[1]
  if (port !== undefined) return `${six === undefined ? (four ?? '*') : `[${six}]`}:${port}`
  return path === undefined ? '…' : `"${path}"`
}

/** `3 4 5`; and for how long, unless it is for ever. */
function waitedOn({ call, waitsOn = [], waitsOnMore = 0, arguments: given = [] }: CallEvent): string {
  const all = waitsOn.length + waitsOnMore
  const few = all <= NAMED_DESCRIPTORS ? waitsOn : waitsOn.slice(0, NAMED_DESCRIPTORS - 1)
  const rest = all > few.length ? ` and ${all - few.length} more` : ''
  const patience = patienceOf(call, given)
  return `${few.join(' ')}${rest}${patience === undefined ? '' : `${waitsOn.length > 0 ? ', ' : ''}${patience}`}`
}

/** How long it waits at most; undefined for ever. */
function patienceOf(call: string, given: readonly string[]): string | undefined {
  const last = given[call.endsWith('select') ? 4 : call.startsWith('epoll') ? 3 : 2] ?? ''
  const structure = /tv_sec=(\d+), tv_(n|u)sec=(\d+)/.exec(last)
  const milliseconds = /^(\d+)(?: ms)?$/.exec(last)
  if (structure === null && milliseconds === null) return undefined
  const time =
    structure === null
      ? Number(milliseconds?.[1]) * 1e6
      : Number(structure[1]) * 1e9 + Number(structure[3]) * (structure[2] === 'n' ? 1 : 1000)
  return time === 0 ? '0' : formatDuration(time)
}

/** ` = 2: 4 readable, 5 writable` */
function foundBy({ result, errno, ready = [], entered = 0, returned }: CallEvent): string {
  if (errno !== undefined) return ` = -1 ${errno}`
  if (result === undefined) return returned === undefined ? ' does not return' : ''
  if (result === 0) return ` = 0, in vain for ${formatDuration((returned ?? entered) - entered)}`
  const few = ready.slice(0, NAMED_DESCRIPTORS).map(({ descriptor, how }) => `${descriptor} ${HOW[how]}`)
  return ` = ${result}${few.length > 0 ? `: ${few.join(', ')}` : ''}${ready.length > few.length ? ', …' : ''}`
}

const HOW = { readable: 'readable', writable: 'writable', error: 'failed or ended' }

function skippedBy({ moment, skipped, returned }: CallEvent): string {
  if (skipped === undefined || (moment === 'made' && returned === undefined)) return ''
  return `, after ${countOf(skipped, 'wait')} for others`
}

function outcomeOf(event: CallEvent): string {
  const { call, result, errno, bytes, on, returned } = event
  if (errno !== undefined) return ` = -1 ${errno}`
  if (result === undefined) return returned === undefined && call !== 'exit' ? ' does not return' : ''
  // 0 says only that it went well, where it does not say how much
  if (result === 0 && on !== undefined && wayOf(event) !== 'read') return ''
  if (result === bytes) return ''
  return ` = ${/fork|clone|wait/.test(call) ? result : formatCount(result)}`
}

function tiesOf({ sends = [], takes = [], waited }: CallEvent): string {
  const sent = sends.length > 0 ? ` → ${frames(sends)}` : ''
  if (takes.length === 0) return sent
  if (waited === undefined || waited < WORTH_TELLING) return `${sent} ← ${frames(takes)}`
  return `${sent}, waited ${formatDuration(waited)} for ${frames(takes)}`
}

function frames(list: readonly number[]): string {
  if (list.length <= NAMED_FRAMES) return list.map((frame) => `#${frame}`).join(' ')
  return `#${list[0]}…#${list.at(-1)}`
}

/** The text that a call wrote, with its quotation marks, as it stands in the log. */
function textIn({ arguments: given = [] }: CallEvent): string | undefined {
  const text = /"(?:[^"\\]|\\.)*"/.exec(given[1] ?? '')?.[0]
  if (text === undefined || text.length <= MOST_TEXT + 2) return text
  return `${text.slice(0, MOST_TEXT).replace(/\\$/, '')}…"`
}
