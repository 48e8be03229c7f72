/** Measures the project and its peers on the same file: `npm run bench -- --help`. */
import { existsSync, mkdirSync } from 'node:fs'
import { freemem } from 'node:os'
import { parseArgs } from 'node:util'
import { checkSessions } from './check.js'
import { type Contestant, commandLine, contestants, whyAbsent } from './contestants.js'
import { makeCapture, truthPath } from './generator/capture.js'
import { type Profile, profiles } from './generator/profiles.js'
import { type Measurement, measure } from './measure.js'
import { printRatios, printTable, type Result } from './report.js'

const USAGE = `usage: npm run bench -- [--profile NAME] [--scale N] [--rounds N] [--only NAME,NAME]

Makes a capture in bench/data if it is not there, runs the project and its peers on it in turns, prints what they took,
and holds what the project said against the truth.

${Object.values(profiles)
  .map(({ name, about }) => `  --profile ${name.padEnd(9)} ${about}`)
  .join('\n')}
  --scale N           the part of the profile's sessions to make: 0.1 for a tenth (1)
  --rounds N          how often each is run, at most (5); one that has run for half a minute in all is not run again
  --only NAME,NAME    of ${contestants.map(({ name }) => name).join(', ')}`

const SEED = 1
/** seconds after which a program has been measured enough */
const ENOUGH = 30

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'small' },
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
const profile = Object.values(profiles).find(({ name }) => name === values.profile)
const scale = Number(values.scale)
const rounds = Number(values.rounds)
const only = values.only?.split(',') ?? contestants.map(({ name }) => name)
const areKnown = only.every((name) => contestants.some((contestant) => contestant.name === name))
if (values.help === true) {
  console.log(USAGE)
} else if (profile === undefined || !(scale > 0) || !(rounds >= 1) || !areKnown) {
  console.error(USAGE)
  process.exitCode = 1
} else {
  await run(profile)
}

async function run(profile: Profile): Promise<void> {
  const capture = makeData(profile)
  // the file comes into the page cache, and the disk is out of the race
  await measure('cat', [capture])
  const results = await race(profile, capture)
  printTable(results)
  printRatios(results)
  if (results.some(({ contestant }) => contestant.name === 'sessions')) await check(capture)
}

function makeData(profile: Profile): string {
  const path = `bench/data/${profile.name}${scale === 1 ? '' : `-${scale}`}.pcap`
  if (!existsSync(path) || !existsSync(truthPath(path))) {
    mkdirSync('bench/data', { recursive: true })
    console.log(`making ${path}: ${profile.about}${scale === 1 ? '' : `, times ${scale}`}`)
    makeCapture(path, profile, SEED, scale)
  }
  return path
}

/** All of them in turns, so that what else the machine does meanwhile hurts them alike. */
async function race(profile: Profile, capture: string): Promise<Result[]> {
  let racing = contestants.filter((contestant) => {
    if (!only.includes(contestant.name)) return false
    const reason = whyAbsent(contestant, profile.name, scale, freemem())
    if (reason !== undefined) console.log(`${commandLine(contestant)}: skipped, ${reason}`)
    return reason === undefined
  })
  const measured = new Map<Contestant, Measurement[]>(racing.map((contestant) => [contestant, []]))
  for (let round = 1; round <= rounds && racing.length > 0; round++) {
    for (const contestant of racing) {
      process.stderr.write(`round ${round} of ${rounds}: ${commandLine(contestant)}\n`)
      try {
        measured.get(contestant)?.push(await measure(contestant.command, contestant.args(capture)))
      } catch (error) {
        console.log(`${commandLine(contestant)}: failed, ${error instanceof Error ? error.message : error}`)
        if (contestant.isOurs) process.exitCode = 1
        measured.delete(contestant)
      }
    }
    racing = racing.filter((contestant) => {
      const runs = measured.get(contestant)
      return runs !== undefined && runs.reduce((sum, { seconds }) => sum + seconds, 0) < ENOUGH
    })
  }
  return [...measured].map(([contestant, runs]) => ({ contestant, runs }))
}

async function check(capture: string): Promise<void> {
  const { sessions, differences, differenceCount } = await checkSessions(capture)
  if (differenceCount === 0) {
    console.log(
      `\nsynopsis sessions --json says the truth about all ${sessions} sessions: who, how many bytes, which ending.`,
    )
    return
  }
  console.log(`\nsynopsis sessions --json differs from the truth in ${differenceCount} places of ${sessions} sessions:`)
  for (const difference of differences) console.log(`  ${difference}`)
  process.exitCode = 1
}
