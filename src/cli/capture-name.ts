/** What a capture may be called: an ending that promises something else is a slip, found now and not in an hour. */
import { extname } from 'node:path'
import { UsageError } from '../errors.js'

/** Endings of what is made from a capture, and the command that makes it; of others, none. */
const MAKERS: Readonly<Record<string, string | undefined>> = {
  '.html': 'report CAPTURE -o FILE',
  '.htm': 'report CAPTURE --format html -o FILE',
  '.md': 'report CAPTURE -o FILE',
  '.tex': 'report CAPTURE -o FILE',
  '.svg': 'report CAPTURE -s 0 -o FILE',
  '.mmd': 'report CAPTURE -s 0 -o FILE',
  '.png': 'plot CAPTURE -o FILE',
  '.csv': 'plot CAPTURE -o FILE',
  '.txt': 'replay CAPTURE > FILE',
  '.json': 'replay --json CAPTURE > FILE',
  '.ndjson': 'replay --json CAPTURE > FILE',
  '.yaml': undefined,
  '.pdf': undefined,
  '.gz': undefined,
}

/** @throws UsageError when the name is that of another kind of file */
export function expectCaptureName(name: string | undefined): void {
  const ending = extname(name ?? '').toLowerCase()
  if (name === undefined || !(ending in MAKERS)) return
  const capture = `${name.slice(0, -ending.length)}.pcapng`
  const maker = MAKERS[ending]?.replace('CAPTURE', capture).replace('FILE', name)
  const then = maker === undefined ? '' : `, then synopsis ${maker}`
  throw new UsageError(`${name}: -w keeps packets, in a .pcapng, or a .pcap: -w ${capture}${then}`)
}
