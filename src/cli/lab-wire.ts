/** `synopsis lab wire`: what the wire does to frames, from now on. */
import { type Command, Option } from 'commander'
import { formatOrdinal } from '../bytes/units.js'
import {
  type Impairment,
  parseChance,
  parseMilliseconds,
  parsePick,
  parseRate,
  UNIMPAIRED,
} from '../labs/virtual/impairment.js'
import { NODES, type Node } from '../labs/virtual/names.js'
import { tellWire } from '../labs/virtual/wire.js'
import { labOf, type NameOptions, takesName } from './lab-name.js'
import { inTheLabsWords } from './lab-options.js'
import { collect, parseCount } from './options.js'
import { complain } from './screen.js'

interface Options extends NameOptions {
  readonly to?: Node
  readonly clean?: boolean
  readonly loss?: string
  readonly burst?: number
  readonly duplicate?: string
  readonly corrupt?: string
  readonly reorder?: string
  readonly ahead?: string
  readonly delay?: string
  readonly jitter?: string
  readonly overtaking?: boolean
  readonly rate?: string
  readonly queue?: number
  readonly cut?: boolean
  readonly mend?: boolean
  readonly pick?: readonly string[]
}

const EXAMPLES = `
Examples:
  sudo synopsis lab wire --loss 5% --delay 20ms
  sudo synopsis lab wire --to server --pick 'drop the 3rd data segment'
  sudo synopsis lab wire --rate 1mbit --queue 20
  sudo synopsis lab wire --cut                     and --mend
  sudo synopsis lab wire --clean                   a perfect wire again

Frames to pick: ACTION WHICH KIND. ACTION is drop, duplicate, corrupt or hold (until the next one has passed); WHICH is
first, 3rd, 2-4 or every, counted from now; KIND is frame, arp, icmp, udp, fragment, syn, syn-ack, ack, data, fin or rst.
What became of every frame is in /run/synopsis/NAME/wire.ndjson.`

export function configure(command: Command): void {
  takesName(command)
    .summary('make the wire lossy, slow, cut: for both directions, or --to one node')
    .description('Changes what the wire does to frames, while it runs. Without an option, shows what it does.')
    .addOption(new Option('--to <node>', 'only for frames to this node').choices(NODES))
    .option('--clean', 'forget everything that was set before')
    .option('--loss <chance>', 'lose frames: 5%')
    .option('--burst <n>', 'lose so many in a row, on average', parseCount)
    .option('--duplicate <chance>', 'let frames arrive twice')
    .option('--corrupt <chance>', 'flip a bit in frames')
    .option('--reorder <chance>', 'hold frames back until the next one has passed')
    .option('--ahead <chance>', 'let frames pass without the delay, past all that wait')
    .option('--delay <time>', 'each frame takes so long: 20ms')
    .option('--jitter <time>', 'so much more or less than the delay')
    .option('--overtaking', 'the jitter lets frames overtake each other')
    .option('--rate <rate>', 'so many bits a second: 1mbit')
    .option('--queue <n>', 'so many frames wait for the rate at most, the others are dropped', parseCount)
    .addOption(new Option('--cut', 'nothing passes').conflicts('mend'))
    .option('--mend', 'frames pass again')
    .option('--pick <frame>', 'single frames; may be given again', collect)
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      inTheLabsWords(async () => {
        const { to } = options
        const impairment = impairmentOf(options)
        const clean = options.clean ? UNIMPAIRED : {}
        const answer = await tellWire(labOf(options), {
          change: { ...(to && { to }), impairment: { ...clean, ...impairment } },
        })
        for (const node of NODES) complain(`to ${node}: ${describeImpairment(answer[node])}`)
      }),
    )
}

function impairmentOf(options: Options): Partial<Impairment> {
  const { loss, burst, duplicate, corrupt, reorder, ahead, delay, jitter, overtaking, rate, queue, cut, mend, pick } =
    options
  return {
    ...(loss !== undefined && { loss: parseChance(loss) }),
    ...(burst !== undefined && { burst }),
    ...(duplicate !== undefined && { duplicate: parseChance(duplicate) }),
    ...(corrupt !== undefined && { corrupt: parseChance(corrupt) }),
    ...(reorder !== undefined && { reorder: parseChance(reorder) }),
    ...(ahead !== undefined && { ahead: parseChance(ahead) }),
    ...(delay !== undefined && { delay: parseMilliseconds(delay) }),
    ...(jitter !== undefined && { jitter: parseMilliseconds(jitter) }),
    ...(overtaking !== undefined && { overtaking }),
    ...(rate !== undefined && { rate: parseRate(rate) }),
    ...(queue !== undefined && { queue }),
    ...((cut || mend) && { cut: cut ?? false }),
    ...(pick && { picks: pick.map(parsePick) }),
  }
}

/** `loses 5%, delays by 20 ms`; `perfect`. */
export function describeImpairment(impairment: Impairment): string {
  const { loss, burst, duplicate, corrupt, reorder, ahead, delay, jitter, overtaking, rate, queue, cut, picks } =
    impairment
  const percent = (chance: number) => `${+(chance * 100).toFixed(3)} %`
  const words = [
    cut && 'cut: nothing passes',
    loss > 0 && `loses ${percent(loss)}${burst > 1 ? `, ${burst} in a row on average` : ''}`,
    duplicate > 0 && `duplicates ${percent(duplicate)}`,
    corrupt > 0 && `corrupts ${percent(corrupt)}`,
    reorder > 0 && `reorders ${percent(reorder)}`,
    (delay > 0 || jitter > 0) &&
      `delays by ${delay} ms${jitter > 0 ? ` ± ${jitter} ms${overtaking ? ', frames overtake each other' : ''}` : ''}`,
    ahead > 0 && `lets ${percent(ahead)} pass without delay`,
    rate > 0 && `carries ${rate} bit/s, ${queue} frames may wait`,
    ...picks.map(({ action, kind, first, last }) => {
      const until = first === last ? '' : ` to ${formatOrdinal(last)}`
      const which = last === Number.MAX_SAFE_INTEGER ? 'every' : `the ${formatOrdinal(first)}${until}`
      return `${action}s ${which} ${kind}`
    }),
  ]
  return words.filter(Boolean).join(', ') || 'perfect'
}
