/** Keys: each does what the element with that `data-key` does. They can be turned off (WCAG 2.1.4). */
import { useEffect, useRef, useState } from 'preact/hooks'
import { remember, remembered } from './remembered.js'

const KEYS: readonly (readonly [string, string])[] = [
  ['Tab', 'from part to part: ladder, packets, headers, bytes'],
  ['↑ ↓', 'from the beginning on, while the packets are seen: the packet before or after'],
  ['↑ ↓ Page Up Page Down Home End', 'within a part: the packet, field or byte before or after'],
  ['← →', 'headers: close and open a layer; bytes: one byte; plots: one point'],
  ['Enter', 'ladder: unfold a run; plot: go to the packet of the point'],
  ['/', 'search the sessions'],
  ['[ and ]', 'session before, session after'],
  ['o', 'all sessions'],
  ['n', 'write a note about where you are'],
  ['s', 'save the notes'],
  ['t', 'light or dark'],
  ['?', 'this list'],
]
const SETTING = 'keys'

export function useShortcuts(): readonly [boolean, (on: boolean) => void] {
  const [isOn, setOn] = useState(() => remembered(SETTING) !== 'off')
  useEffect(() => {
    if (!isOn) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      if (document.querySelector('dialog[open]') !== null) return
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type=search]')
        if (search === null) return
        search.focus()
      } else {
        const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`)
        if (element === null) return
        element.click()
      }
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isOn])
  const turn = (on: boolean) => {
    remember(SETTING, on ? undefined : 'off')
    setOn(on)
  }
  return [isOn, turn]
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select')
}

export interface KeysDialogProps {
  readonly isOn: boolean
  readonly turn: (on: boolean) => void
  readonly close: () => void
}

export function KeysDialog({ isOn, turn, close }: KeysDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={isOn} onChange={(event) => turn(event.currentTarget.checked)} />
        single keys do something
      </label>
      <form method="dialog">
        <button type="submit" class="button">
          Close
        </button>
      </form>
    </dialog>
  )
}
