/** The page: a bar above, and below it the overview or a session. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { countOf } from '../bytes/units.js'
import { type PageModel, timelineId } from '../render/html/model.js'
import { titleOf } from '../render/html/title.js'
import { Frames } from './held-frames.js'
import { useArrival, useLoaded } from './loading.js'
import { sessionName, sessionOf } from './model.js'
import { NoteDialog, type NoteRequest } from './notes.js'
import { useNotes } from './notes-store.js'
import { Overview } from './overview.js'
import { Printed } from './printed.js'
import { useRoute } from './route.js'
import { SaveDialog } from './saving.js'
import { Session } from './session.js'
import { KeysDialog, useShortcuts } from './shortcuts.js'
import { useTheme } from './theme.js'

export interface AppProps {
  readonly model: PageModel
  /** the page is about to be printed */
  readonly isPrinting: boolean
}

export function App({ model, isPrinting }: AppProps) {
  const [route, go] = useRoute()
  const [notes, act] = useNotes(model)
  const [request, ask] = useState<NoteRequest>()
  const [dialog, setDialog] = useState<'save' | 'keys'>()
  const [areKeysOn, turnKeys] = useShortcuts()
  const [theme, setTheme] = useTheme()
  const isLoaded = useLoaded()
  const frames = useMemo(() => model.captures.map(({ held }, index) => new Frames(index, held)), [model])
  const capture = model.captures[route.capture]
  const find = (index: number, key: string) => sessionOf(model, index, key)
  const isHere = useArrival(route.session === undefined ? undefined : timelineId(route.capture, route.session))
  const isAwaited = route.session !== undefined && !isHere
  const session = route.session === undefined || isAwaited ? undefined : find(route.capture, route.session)
  const [state, held] = [notes[route.capture], frames[route.capture]]
  const unsaved = notes.reduce((sum, one) => sum + one.unsaved, 0)
  const title = titleOf(model)
  const isFirst = useRef(true)
  useEffect(() => {
    if (isAwaited) return
    document.title = session === undefined ? title : `Session ${sessionName(session.key)} · ${title}`
    scrollTo(0, 0)
    // whoever came by a link goes on from the beginning of what it led to
    if (!isFirst.current) document.getElementById('content')?.focus({ preventScroll: true })
    isFirst.current = false
  }, [session, title, isAwaited])
  const isOverview = session === undefined || capture === undefined || state === undefined || held === undefined
  return (
    <>
      <a class="skip" href="#content" onClick={focusContent}>
        Skip to the report
      </a>
      <header class="bar">
        <a class="home" href="#">
          {title}
        </a>
        <div class="buttons">
          <button type="button" class="button" data-key="s" onClick={() => setDialog('save')}>
            Save notes{unsaved > 0 ? ` (${countOf(unsaved, 'change')})` : ''}
          </button>
          <button type="button" class="button" onClick={() => print()}>
            Print
          </button>
          <button
            type="button"
            class="button"
            data-key="t"
            onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
          >
            {theme === 'dark' ? 'Light' : 'Dark'}
          </button>
          <button type="button" class="button" data-key="?" aria-label="Keys" onClick={() => setDialog('keys')}>
            ?
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {isAwaited && !isPrinting ? (
          <p class="faint">…</p>
        ) : isPrinting || isOverview ? (
          <>
            {route.session !== undefined && !isPrinting && (
              <p class="wrong" role="status">
                There is no session {sessionName(route.session)} in this page; these are.
              </p>
            )}
            <Overview model={model} notes={notes} act={act} ask={ask} />
          </>
        ) : (
          <Session
            key={`${route.capture} ${session.key}`}
            index={route.capture}
            capture={capture}
            session={session}
            options={model.shown}
            frames={isLoaded ? held : undefined}
            notes={state}
            route={route}
            go={go}
            act={act}
            ask={ask}
          />
        )}
        {isPrinting && <Printed model={model} notes={notes} />}
      </main>
      <footer class="foot">
        synopsis {model.made.version}: <code>{model.made.command}</code>
      </footer>
      {request !== undefined && isLoaded && (
        <NoteDialog
          request={request}
          packets={model.captures[request.capture]?.packets ?? 0}
          find={(key) => find(request.capture, key)}
          frameAt={(time) => frames[request.capture]?.at(time) ?? 0}
          act={act}
          close={() => ask(undefined)}
        />
      )}
      {dialog === 'save' && isLoaded && (
        <SaveDialog model={model} notes={notes} frames={frames} act={act} close={() => setDialog(undefined)} />
      )}
      {dialog === 'keys' && <KeysDialog isOn={areKeysOn} turn={turnKeys} close={() => setDialog(undefined)} />}
    </>
  )
}

/** The address stays what it is: it says what is shown. */
function focusContent(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
