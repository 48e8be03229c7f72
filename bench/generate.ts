/** Makes captures to measure with: `npm run bench:generate -- --help`. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { makeCapture, truthPath } from './generator/capture.js'
import { profiles } from './generator/profiles.js'

const USAGE = `usage: generate [--profile NAME] [--scale N] [--seed N] FILE

Writes FILE, a classic pcap, and FILE.truth.ndjson, what is in it. The same seed gives the same bytes.

${Object.values(profiles)
  .map(({ name, about }) => `  --profile ${name.padEnd(9)} ${about}`)
  .join('\n')}
  --scale N           the part of the sessions to make: 0.1 for a tenth (1)
  --seed N            (1)`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'string', default: 'small' },
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
})
const profile = Object.values(profiles).find(({ name }) => name === values.profile)
const [path] = positionals
const scale = Number(values.scale)
const seed = Number(values.seed)
if (values.help === true) {
  console.log(USAGE)
} else if (profile === undefined || path === undefined || !(scale > 0) || !Number.isInteger(seed)) {
  console.error(USAGE)
  process.exitCode = 1
} else {
  mkdirSync(dirname(path), { recursive: true })
  const start = performance.now()
  const { packets, bytes, tcpSessions, udpSessions } = makeCapture(path, profile, seed, scale)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${path}: ${packets} packets, ${bytes} bytes, ${tcpSessions} TCP and ${udpSessions} UDP sessions`)
  console.log(`${truthPath(path)}: made in ${seconds} s`)
}
