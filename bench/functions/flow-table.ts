/** Finding a packet's flow among few and among many. */
import { FlowTable } from '../../src/sessions/flow-table.js'
import { Random } from '../generator/random.js'
import type { Measured } from './measured.js'

const LOOKUPS = 100_000

export function flowTable(): Measured[] {
  return [4_000, 1_000_000].map((flows) => {
    const random = new Random(flows)
    const table = new FlowTable(random.bits() | 0)
    const keys = Int32Array.from({ length: flows * 3 }, () => random.bits() | 0)
    const keyOf = (flow: number, part: number) => keys[flow * 3 + part] ?? 0
    for (let flow = 0; flow < flows; flow++) {
      const slot = table.find(keyOf(flow, 0), keyOf(flow, 1), keyOf(flow, 2))
      table.set(slot, keyOf(flow, 0), keyOf(flow, 1), keyOf(flow, 2), flow)
    }
    const asked = Int32Array.from({ length: LOOKUPS }, () => random.between(0, flows - 1))
    return {
      name: `flow table of ${flows}: look-up`,
      unit: 'look-up',
      units: LOOKUPS,
      run: () => {
        let sum = 0
        for (const flow of asked) {
          const key = flow * 3
          sum += table.streamAt(table.find(keys[key] ?? 0, keys[key + 1] ?? 0, keys[key + 2] ?? 0))
        }
        return sum
      },
    }
  })
}
