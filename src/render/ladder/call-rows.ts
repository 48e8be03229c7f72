/** What stands beside one end's lifeline: a socket call of its program, or what its kernel says of the socket. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import { describeLogged } from '../../explain/calls.js'
import type { Role } from '../../sessions/summary.js'
import type { CallEvent, NetstatEvent } from '../../timeline/model.js'
import type { Paint } from '../style.js'
import { displayWidth, wrap } from '../width.js'
import { blankLeft, emptyLane, type Layout, leftColumns, row, rows } from './layout.js'

/** columns between the lifeline and the text */
const INDENT = 2

export function callRows(event: CallEvent, layout: Layout): string[] {
  const left = event.inferred ? blankLeft(layout) : leftColumns(layout, '', event.time, '')
  const whose = layout.severalProcesses.has(event.by) && event.pid !== undefined ? `${event.pid} ` : ''
  const text = describe(event)
  // that output has been written is no news
  if (text === '') return []
  return besideRows(event.by, whose + text, layout.theme.note, left, cornerOf(event), layout)
}

export function netstatRows(event: NetstatEvent, layout: Layout): string[] {
  const left = leftColumns(layout, '', event.time, '')
  return besideRows(event.by, describe(event), layout.theme.state, left, undefined, layout)
}

function besideRows(
  by: Role,
  text: string,
  paint: Paint,
  left: string,
  corner: string | undefined,
  layout: Layout,
): string[] {
  if (layout.outside === undefined) return rows(layout, left, drawBeside(by, text, paint, layout))
  const { note } = layout.theme
  return wrap(text, layout.outside[by]).map((line, index) => {
    const before = layout.brackets?.[by] ?? ' '
    const bracket =
      index === 0 ? (corner === undefined ? before : note(corner)) : corner === OPENS[by] ? note(WAITING) : ' '
    const brackets = { client: ' ', server: ' ', ...layout.brackets, [by]: bracket }
    const told = { ...layout, brackets, theme: { ...layout.theme, state: paint } }
    return row(told, index === 0 ? left : blankLeft(layout), emptyLane(layout), ...sides(by, line))
  })
}

function sides(by: Role, line: string): [client: string, server: string] {
  return by === 'client' ? [line, ''] : ['', line]
}

/** The bracket of a call, outside of the lifeline: from where it is entered to where it returns, it waits. */
const OPENS: Readonly<Record<Role, string>> = { client: '┐', server: '┌' }
const CLOSES: Readonly<Record<Role, string>> = { client: '┘', server: '└' }
export const WAITING = '╎'

function cornerOf(event: CallEvent): string | undefined {
  if (event.moment === 'returns') return CLOSES[event.by]
  return isUnderWay(event) ? OPENS[event.by] : '─'
}

/** It is told twice: something happens before it returns. */
export function isUnderWay({ call, inferred, moment, result, errno, returned }: CallEvent): boolean {
  if (call === 'signal' || call === 'ended') return false
  return !inferred && moment === 'made' && returned !== undefined && result === undefined && errno === undefined
}

function drawBeside(by: Role, text: string, paint: (text: string) => string, layout: Layout): string[] {
  const { faint } = layout.theme
  const room = layout.laneWidth - 2 - 2 * INDENT
  return wrap(text, room).map((line) => {
    const rest = ' '.repeat(room - displayWidth(line) + INDENT)
    const near = ' '.repeat(INDENT)
    return faint('│') + (by === 'client' ? near + paint(line) + rest : rest + paint(line) + near) + faint('│')
  })
}

/** A call, or what netstat shows. */
export function describe(event: CallEvent | NetstatEvent): string {
  return printable(event.kind === 'call' ? describeCall(event) : describeNetstat(event))
}

/** `netstat: LISTEN, ESTABLISHED` */
function describeNetstat({ state, listens }: NetstatEvent): string {
  const states = [...(listens ? ['LISTEN'] : []), ...(state === undefined ? [] : [state])]
  return `netstat: ${states.join(', ') || 'no socket'}`
}

/** `connect()`, `connect() = 0`, `write(22)`, `read() = 0 (end of file)`, `connect() = -1 ECONNREFUSED`. */
function describeCall(event: CallEvent): string {
  if (!event.inferred) return describeLogged(event)
  const { call, moment, bytes, result, errno, note } = event
  const given = bytes === undefined ? '' : `${formatCount(bytes)} B`
  const outcome = result === undefined || (moment === 'made' && result === bytes) ? '' : ` = ${formatCount(result)}`
  const returns = moment === 'returns' && outcome === '' ? ' returns' : ''
  const error = errno === undefined ? '' : ` ${errno}`
  const remark = note === undefined ? '' : ` (${note})`
  return `≈ ${call}(${given})${outcome}${error}${returns}${remark}`
}
