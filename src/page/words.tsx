/** Text, made harmless; each frame that it names is a link to that packet, where the page tells it. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { printable } from '../bytes/printable.js'
import type { Homes } from './model.js'
import { hrefOf } from './route.js'

export interface Place {
  readonly capture: number
  readonly homes: Homes
}

export const PlaceContext = createContext<Place>({ capture: 0, homes: { keyOf: () => undefined } })

const FRAME = /(#\d+)/

export function Words({ text }: { readonly text: string }) {
  const { capture, homes } = useContext(PlaceContext)
  const parts = printable(text).split(FRAME)
  return (
    <>
      {parts.map((part, index) => {
        const frame = index % 2 === 1 ? Number(part.slice(1)) : undefined
        const session = frame === undefined ? undefined : homes.keyOf(frame)
        if (frame === undefined || session === undefined) return part
        return (
          <a key={index} href={hrefOf({ capture, session, frame })}>
            {part}
          </a>
        )
      })}
    </>
  )
}
