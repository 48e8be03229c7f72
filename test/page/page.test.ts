/** `synopsis report -o report.html`, in a browser, as who hands it in and who reads it use it. */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { synopsis } from '../cli/synopsis.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'
import { browsing, hasChromium, why } from './browser.js'

const { path, report, open } = browsing()
const MESSAGE = 'captures/message.pcapng'

/** The text of what is chosen in a part of the page. */
const chosen = (page: Page, part: string) => page.locator(`${part} [aria-selected=true]`).allInnerTexts()
const litBytes = async (page: Page) => (await page.locator('.hex .hit').allInnerTexts()).join(' ')

async function save(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: /^Save notes/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  const file = path(download.suggestedFilename())
  await download.saveAs(file)
  return file
}

async function write(page: Page, about: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a note' }).click()
  await page.getByLabel('About').selectOption({ label: about })
  await page.getByLabel('Note', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Add note' }).click()
}

describe.skipIf(!hasChromium)(`the page${why}`, () => {
  const file = hasChromium ? report(MESSAGE, 'message.html', '--questions') : ''
  const lossy = hasChromium ? report('captures/lossy-wire.pcapng', 'lossy.html') : ''
  const three = hasChromium ? report('captures/three-clients.pcapng', 'three.html') : ''

  test('opens from a file without a message or a request, and says what the report says', async () => {
    const { page, incidents } = await open(file)
    await expect(page.locator('h1').innerText()).resolves.toBe('message.pcapng')
    const text = await page.locator('main').innerText()
    expect(text).toContain('Nothing went wrong in 1 session')
    expect(text).toContain(createHash('sha256').update(readFileSync(MESSAGE)).digest('hex'))
    await page.getByRole('link', { name: 'TCP 0' }).click()
    await page.getByText('How was the connection closed').waitFor()
    const told = await page.locator('main').innerText()
    expect(told).toContain('complete; the server closed first; nothing was lost')
    expect(told).toContain('initial sequence number')
    expect(told).toContain('How was the connection closed, and who is in TIME_WAIT?')
    expect(incidents).toEqual([])
  })

  test('an arrow that is clicked selects its packet, its field and its bytes', async () => {
    const { page, incidents } = await open(file, { at: '#0/tcp0' })
    await page.locator('.ladder [data-from="4"]').click()
    expect((await chosen(page, '.packets')).join()).toContain('hello from the client')
    expect((await chosen(page, '.headers')).join()).toContain('22 bytes')
    expect(await litBytes(page)).toBe(Buffer.from('hello from the client\n').toString('hex').replace(/..\B/g, '$& '))
    await page.locator('.ladder [data-from="8"]').click()
    expect((await chosen(page, '.packets')).join()).toContain('FIN')
    expect((await chosen(page, '.headers')).join()).toMatch(/Fin\s+set/)
    expect(incidents).toEqual([])
  })

  test('a row, a field and a byte select each other and the arrow', async () => {
    const { page } = await open(file, { at: '#0/tcp0/1' })
    await page.locator('.packet', { hasText: 'I got your message' }).click()
    expect(await page.locator('.ladder [aria-selected=true]').getAttribute('data-from')).toBe('6')
    await page.locator('.headers .field', { hasText: 'Destination Port' }).click()
    expect(await litBytes(page)).toMatch(/^[0-9a-f]{2} [0-9a-f]{2}$/)
    // bytes 26 to 29 of an Ethernet frame with IPv4 are the source address
    await page.locator('.hex [data-byte="27"]').click()
    expect((await chosen(page, '.headers')).join()).toContain('192.168.56.10')
    expect(await litBytes(page)).toBe('c0 a8 38 0a')
    expect(await page.evaluate('location.hash')).toBe('#0/tcp0/6')
  })

  test('the address opens a packet, and the links in sentences lead to theirs', async () => {
    const { page } = await open(file, { at: '#0/tcp0/9' })
    expect(await page.locator('.packet[aria-selected=true]').getAttribute('id')).toBe('packet-9')
    await page.locator('.prose a', { hasText: '#4' }).first().click()
    await page.locator('#packet-4[aria-selected=true]').waitFor()
  })

  test('the arrow keys lead from packet to packet as soon as it is open, and scroll where no packets are seen', async () => {
    const { page } = await open(file, { at: '#0/tcp0' })
    const at = () => page.evaluate('[location.hash, scrollY]')
    const place = page.locator('#packet-3[aria-selected=true]')
    await page.locator('.headers [aria-selected=true]').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await place.waitFor()
    await page.keyboard.press('ArrowUp')
    expect(await at()).toEqual(['#0/tcp0/2', 0])
    // of a key that is held down, each repetition counts, however soon it comes
    await page.evaluate(`(async () => {
      for (let i = 0; i < 8; i++) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: i < 4 ? 'ArrowDown' : 'ArrowUp', bubbles: true }))
        await new Promise((done) => setTimeout(done))
        if (i === 3) window.furthest = location.hash
      }
    })()`)
    expect(await page.evaluate('[furthest, location.hash]')).toEqual(['#0/tcp0/6', '#0/tcp0/2'])
    // in a field of text they stay the field's own
    await write(page, 'the whole capture', 'a note')
    expect(await page.evaluate('location.hash')).toBe('#0/tcp0/2')
    await page.locator('.prose h2').first().click()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    const bottom = (await page.evaluate('scrollY')) as number
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => page.evaluate('scrollY')).toBeLessThan(bottom)
    expect(await page.evaluate('location.hash')).toBe('#0/tcp0/2')
  })

  test('an address of a packet or a session that is not there says so, and where the packet is', async () => {
    const said = async (report: string, at: string) =>
      (await (await open(report, { at })).page.getByRole('status').allInnerTexts()).join()
    expect(await said(file, '#0/tcp0/999')).toBe('There is no packet 999: the capture has 10 packets.')
    expect(await said(file, '#0/tcp7')).toContain('There is no session TCP 7')
    expect(await said(file, '#0/tcp0/4')).toBe('')
    const { page } = await open(three, { at: '#0/tcp2/1' })
    expect(await page.getByRole('status').innerText()).toBe('Packet #1 is not in TCP 2: it is in TCP 0.')
    await page.getByRole('status').getByRole('link', { name: '#1' }).click()
    await page.locator('#packet-1[aria-selected=true]').waitFor()
  })

  test('phases and findings filter what is shown', async () => {
    const { page } = await open(lossy, { at: '#0/tcp0' })
    const rows = () => page.locator('.packets').getAttribute('aria-rowcount')
    expect(await rows()).toBe('85')
    await page.getByRole('button', { name: 'handshake', exact: true }).click()
    expect(await rows()).toBe('3')
    await page.getByRole('button', { name: 'handshake', exact: true }).click()
    await page.getByRole('button', { name: /^retransmission 2/ }).click()
    expect(await page.locator('.packets .number:first-child').allInnerTexts()).toEqual(['40', '81'])
    expect(await page.locator('.ladder [data-from]').count()).toBe(2)
  })

  test('plots say what the pointer is at, and lead to the packet', async () => {
    const { page } = await open(lossy, { at: '#0/tcp0' })
    const plot = page.locator('.plot').first()
    await plot.locator('[tabindex]').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    const reading = await plot.locator('.reading').innerText()
    expect(reading).toMatch(/\d\.\d{6} s: .*#\d+/)
    await page.keyboard.press('Enter')
    const frame = /#(\d+)/.exec(reading)?.[1]
    expect(await page.locator('.packet[aria-selected=true] .number').first().innerText()).toBe(frame)
  })

  test('sessions are searched, filtered and sorted', async () => {
    const { page } = await open(three)
    const names = () => page.locator('.sessions tbody th').allInnerTexts()
    expect(await names()).toEqual(['TCP 0', 'TCP 1', 'TCP 2'])
    await page.getByRole('button', { name: 'session' }).click()
    expect(await names()).toEqual(['TCP 2', 'TCP 1', 'TCP 0'])
    const port = /:(\d+)/.exec(await page.locator('.sessions tbody td').first().innerText())?.[1] ?? ''
    await page.getByRole('searchbox').fill(`56.1:${port}`)
    expect(await names()).toEqual(['TCP 2'])
  })

  test('a note written there is in the YAML saved, and synopsis annotate takes it', async () => {
    const { page } = await open(file, { at: '#0/tcp0/8' })
    const text = 'server\'s FIN: "it" closed first\nand: <b>so</b> #4 it is'
    await write(page, 'packet #8', text)
    await write(page, 'its teardown', 'an orderly release')
    expect(await page.locator('.ladder').innerHTML()).toContain('✎')
    const yaml = await save(page, 'Save as YAML')
    expect(yaml).toMatch(/message\.pcapng\.notes\.yaml$/)
    const capture = path('annotated.pcapng')
    copyFileSync(MESSAGE, capture)
    const applied = synopsis(['annotate', capture, '--from', yaml])
    expect(applied).toMatchObject({ status: 0 })
    const listed = synopsis(['annotate', capture, '--json'])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(listed).toContainEqual(expect.objectContaining({ target: { kind: 'packet', frame: 8 }, text }))
    expect(listed).toContainEqual(
      expect.objectContaining({ target: { kind: 'session', session: '0', phase: 'teardown' } }),
    )
  })

  test('saved as pcapng it is the capture with the note in it, and byte for byte the capture without', async () => {
    const { page } = await open(file, { at: '#0/tcp0/8' })
    await write(page, 'packet #8', 'closed first')
    const saved = await save(page, 'Save as pcapng')
    const notes = synopsis(['annotate', saved, '--json']).stdout.trim().split('\n')
    const number = notes.findIndex((line) => line.includes('"closed first"')) + 1
    expect(number).toBeGreaterThan(0)
    synopsis(['annotate', saved, '--remove', String(number)])
    expect(readFileSync(saved).equals(readFileSync(MESSAGE))).toBe(true)
    // what was saved as a note in the capture can be changed and removed in the page of that capture
    synopsis(['annotate', saved, '-p', '4', 'first words'])
    const again = await open(report(saved, 'again.html'), { at: '#0/tcp0' })
    await again.page.getByRole('button', { name: 'Remove the note on #4' }).click()
    const stripped = await save(again.page, 'Save as pcapng')
    expect(readFileSync(stripped).equals(readFileSync(MESSAGE))).toBe(true)
  })

  test('a note on a range of packets and one on a moment stand on the packets where these begin', async () => {
    const { page } = await open(file, { at: '#0/tcp0/4' })
    await page.getByRole('button', { name: 'Add a note' }).click()
    await page.getByLabel('About').selectOption({ label: 'packets from #4 on' })
    await page.getByLabel('Note', { exact: true }).fill('one line, one answer')
    const last = page.getByLabel('to packet number')
    // a range that ends before it begins, or nowhere, is no note
    for (const wrong of ['4', '2', '99']) {
      await last.fill(wrong)
      await page.getByRole('button', { name: 'Add note' }).click()
      expect(await page.locator('dialog[open]').count()).toBe(1)
    }
    await last.fill('7')
    await page.getByRole('button', { name: 'Add note' }).click()
    const moment = await page
      .getByRole('button', { name: 'Add a note' })
      .click()
      .then(() => page.locator('option', { hasText: 'the moment' }).innerText())
    await page.getByLabel('About').selectOption({ label: moment })
    await page.getByLabel('Note', { exact: true }).fill('here it speaks')
    await page.getByRole('button', { name: 'Add note' }).click()
    const saved = await save(page, 'Save as pcapng')
    const notes = synopsis(['annotate', saved, '--json'])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(notes).toContainEqual(
      expect.objectContaining({ target: { kind: 'range', from: 4, to: 7 }, text: 'one line, one answer' }),
    )
    expect(notes).toContainEqual(
      expect.objectContaining({ target: expect.objectContaining({ kind: 'time' }), text: 'here it speaks' }),
    )
    if (!hasTshark) return
    const shown = await tsharkFields(saved, ['frame.number', 'frame.comment'])
    expect(shown.join('\n')).toMatch(/^4,\[#4–#7\] one line, one answer,\[at [\d.]+\] here it speaks$/m)
  })

  test.each([
    ['light', false],
    ['dark', true],
  ])(
    'axe finds nothing, in %s, on the overview, a session and the dialogs',
    async (_name, dark) => {
      const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
      // dark is another set of colours, and nothing else
      const rules = dark ? `{ runOnly: ['color-contrast'] }` : ''
      const lossy = report('captures/lossy-wire.pcapng', 'lossy.html')
      for (const [name, at, before] of [
        [file, '', undefined],
        [lossy, '#0/tcp0/40', undefined],
        [file, '#0/tcp0/4', 'n'],
        [file, '#0/tcp0/4', 's'],
        [file, '#0/tcp0/4', '?'],
      ] as const) {
        const { page } = await open(name, { at, dark })
        if (at !== '') await page.locator('.plots').waitFor()
        if (before !== undefined) await page.keyboard.press(before)
        // the policy lets no script in, and a test is no exception to it: axe comes through the debugger
        await page.evaluate(readFileSync(axe, 'utf8'))
        const found = (await page.evaluate(`axe.run(${rules})`)) as {
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
        }
        expect(
          found.violations.map(({ id, nodes }) => `${at} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`),
        ).toEqual([])
        await page.context().close()
      }
    },
    300_000,
  )

  test('several captures: how each went is said at the top and under its own heading', async () => {
    const both = path('both.html')
    expect(synopsis(['report', MESSAGE, 'captures/refused.pcapng', '-o', both])).toMatchObject({ status: 0 })
    const { page } = await open(both)
    expect(await page.locator('.contents li').allInnerTexts()).toEqual([
      expect.stringMatching(/message\.pcapng\s+nothing went wrong in 1 session/),
      expect.stringMatching(/refused\.pcapng\s+1 of 1 session went wrong/),
    ])
    expect(await page.locator('h2').allInnerTexts()).toEqual(['message.pcapng', 'refused.pcapng'])
  })

  test('the keyboard alone goes from the overview to a byte, and writes a note', async () => {
    const { page } = await open(file)
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return
      }
      throw new Error(`Tab never comes to ${selector}`)
    }
    await tabTo('.sessions a')
    await page.keyboard.press('Enter')
    await page.locator('.ladder').waitFor()
    await tabTo('.ladder')
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown')
    expect((await chosen(page, '.packets')).join()).toContain('hello from the client')
    await tabTo('.headers')
    await page.keyboard.press('ArrowUp')
    expect((await chosen(page, '.headers')).join()).toContain('hello from the client')
    await tabTo('.bytes')
    await page.keyboard.press('Home')
    expect((await chosen(page, '.headers')).join()).toMatch(/Destination|Ethernet/)
    await page.keyboard.press('n')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('by keys alone')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.note-list', { hasText: 'by keys alone' }).waitFor()
    await page.keyboard.press('o')
    await page.locator('.sessions').waitFor()
  })

  test.each([
    ['', 390],
    ['#0/tcp0/40', 390],
    ['#0/tcp0/40', 1366],
  ])('%s does not scroll sideways at %i pixels', async (at, width) => {
    const { page } = await open(lossy, { at, width, height: 844 })
    await page.waitForTimeout(200)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    if (at !== '')
      expect(await page.evaluate(`document.querySelector('.ladder').scrollWidth`)).toBeLessThanOrEqual(width)
  })

  test.each([390, 1366])('a session opens at its beginning, at %i pixels', async (width) => {
    const view = { width, height: 844 }
    const { page } = await open(lossy, { at: '#0/tcp0', ...view })
    await page.locator('.headers [aria-selected=true]').first().waitFor()
    await page.waitForTimeout(200)
    expect(await page.evaluate('scrollY')).toBe(0)
    const { page: overview } = await open(lossy, view)
    await overview.locator('.sessions a').first().click()
    await overview.locator('.headers [aria-selected=true]').first().waitFor()
    await overview.waitForTimeout(200)
    expect(await overview.evaluate('scrollY')).toBe(0)
  })

  test('on paper it is the whole report: capture, sessions, ladders, words', async () => {
    const { page } = await open(three)
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    const text = await page.locator('main').innerText()
    for (const name of ['TCP 0', 'TCP 1', 'TCP 2']) expect(text).toContain(`Session ${name}`)
    expect(await page.locator('.printed .sheet svg').count()).toBe(3)
    expect(text).toContain('Figure 3.')
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`)
    expect(await page.locator('.printed').count()).toBe(0)
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })
})

test('the same input gives the same bytes', () => {
  const make = () => {
    expect(synopsis(['report', MESSAGE, '-o', path('same.html')])).toMatchObject({ status: 0 })
    return readFileSync(path('same.html'), 'utf8')
  }
  expect(make()).toBe(make())
})

test('the policy in the page names its script and its style by their hashes, and lets nothing else in', () => {
  synopsis(['report', MESSAGE, '-o', path('same.html')])
  const html = readFileSync(path('same.html'), 'utf8')
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? ''
  const hash = (text: string | undefined) =>
    createHash('sha256')
      .update(text ?? '')
      .digest('base64')
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1]
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1]
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src 'sha256-${hash(script)}'`,
    `style-src 'sha256-${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ])
})
