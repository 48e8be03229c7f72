/** Phases and findings as filters, and how the ladder is drawn. */
import { useMemo } from 'preact/hooks'
import { formatCount } from '../bytes/units.js'
import type { PhaseName } from '../sessions/phases.js'
import type { PacketEvent, Timeline } from '../timeline/model.js'
import { findingsIn, type View } from './events.js'

const PHASES: readonly PhaseName[] = ['handshake', 'data', 'teardown']

export interface FiltersProps {
  readonly timeline: Timeline
  readonly view: View
  readonly change: (view: View) => void
}

export function Filters({ timeline, view, change }: FiltersProps) {
  const isTcp = timeline.summary.protocol === 'tcp'
  const findings = useMemo(() => countFindings(timeline), [timeline])
  const toggles: readonly (readonly ['calls' | 'absolute' | 'unfold', string, boolean])[] = [
    ['calls', 'socket calls', isTcp],
    ['absolute', 'numbers as on the wire', isTcp],
    ['unfold', 'nothing folded', true],
  ]
  return (
    <div class="tools filters">
      {isTcp && (
        <fieldset class="chips">
          <legend>Phase</legend>
          {PHASES.map((phase) => (
            <Chip
              key={phase}
              label={phase}
              isOn={view.phases.has(phase)}
              paint={phase}
              toggle={() => change({ ...view, phases: toggled(view.phases, phase) })}
            />
          ))}
        </fieldset>
      )}
      {findings.length > 0 && (
        <fieldset class="chips">
          <legend>Findings</legend>
          {findings.map(({ name, count, isTrouble }) => (
            <Chip
              key={name}
              label={`${name} ${formatCount(count)}`}
              isOn={view.findings.has(name)}
              paint={isTrouble ? 'trouble' : 'note'}
              toggle={() => change({ ...view, findings: toggled(view.findings, name) })}
            />
          ))}
        </fieldset>
      )}
      <fieldset class="checks">
        <legend>Show</legend>
        {toggles.map(
          ([name, label, isThere]) =>
            isThere && (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={view[name]}
                  onChange={(event) => change({ ...view, [name]: event.currentTarget.checked, opened: new Set() })}
                />
                {label}
              </label>
            ),
        )}
      </fieldset>
    </div>
  )
}

interface ChipProps {
  readonly label: string
  readonly isOn: boolean
  readonly paint: string
  readonly toggle: () => void
}

function Chip({ label, isOn, paint, toggle }: ChipProps) {
  return (
    <button type="button" class={`chip paint-${paint}`} aria-pressed={isOn} onClick={toggle}>
      {label}
    </button>
  )
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const changed = new Set(set)
  if (!changed.delete(item)) changed.add(item)
  return changed
}

interface Count {
  readonly name: string
  readonly count: number
  readonly isTrouble: boolean
}

/** Most packets are: they are passed over without a list being made for each. */
function isPlain({ findings, truth, received }: PacketEvent): boolean {
  return findings.length === 0 && truth === undefined && received
}

/** Troubles first, each kind in the order in which it is met. */
function countFindings({ events }: Timeline): Count[] {
  const counts = new Map<string, Count>()
  for (const event of events) {
    if (event.kind !== 'packet' && event.kind !== 'icmp') continue
    if (event.kind === 'packet' && isPlain(event)) continue
    for (const { name, isTrouble } of findingsIn(event)) {
      counts.set(name, { name, isTrouble, count: (counts.get(name)?.count ?? 0) + 1 })
    }
  }
  return [...counts.values()].toSorted((a, b) => Number(b.isTrouble) - Number(a.isTrouble))
}
