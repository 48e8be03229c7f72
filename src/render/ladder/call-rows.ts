/** A socket call beside the lifeline of the program that makes it. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import type { CallEvent } from '../../timeline/model.js'
import { displayWidth, wrap } from '../width.js'
import { blankLeft, type Layout, leftColumns, rows } from './layout.js'

/** columns between the lifeline and the text */
const INDENT = 2

export function callRows(event: CallEvent, layout: Layout): string[] {
  const left = event.inferred ? blankLeft(layout) : leftColumns(layout, '', event.time, '')
  return rows(layout, left, drawCall(event, layout))
}

function drawCall(event: CallEvent, layout: Layout): string[] {
  const { faint, note } = layout.theme
  const room = layout.laneWidth - 2 - 2 * INDENT
  return wrap(describe(event), room).map((line) => {
    const rest = ' '.repeat(room - displayWidth(line) + INDENT)
    const near = ' '.repeat(INDENT)
    const text = event.by === 'client' ? near + note(line) + rest : rest + note(line) + near
    return faint('│') + text + faint('│')
  })
}

/** `connect()`, `connect() = 0`, `write(22)`, `read() = 0 (end of file)`, `connect() = -1 ECONNREFUSED`. */
export function describe({ call, moment, bytes, result, errno, note, inferred }: CallEvent): string {
  const given = bytes === undefined ? '' : `${formatCount(bytes)} B`
  const outcome = result === undefined || (moment === 'made' && result === bytes) ? '' : ` = ${formatCount(result)}`
  const returns = moment === 'returns' && outcome === '' ? ' returns' : ''
  const error = errno === undefined ? '' : ` ${errno}`
  const remark = note === undefined ? '' : ` (${note})`
  return printable(`${inferred ? '≈ ' : ''}${call}(${given})${outcome}${error}${returns}${remark}`)
}
