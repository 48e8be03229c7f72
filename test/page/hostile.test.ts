/** Captures that mean harm, and large ones, as pages. */
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { blocks, concat } from '../files/support.js'
import { Conversation, type Frame } from '../support/conversation.js'
import { browsing, hasChromium, why } from './browser.js'

const { path, report, open } = browsing()
const b = blocks(true)

const SCRIPT = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>'
const BIDI = '\u202egnp.exe\u2066'
const ANSI = '\x1b[31mred\x1b]0;title\x07'

function capture(name: string, frames: readonly Frame[], comment?: string): string {
  const packets = frames.map(({ bytes, time }, index) =>
    b.packet(
      1_700_000_000_000_000n + BigInt(Math.round(time / 1000)),
      bytes,
      bytes.length,
      0,
      ...(comment !== undefined && index === 3 ? [b.option(1, comment), b.end] : []),
    ),
  )
  const about = comment === undefined ? [] : [b.option(1, comment), b.option(4, comment), b.end]
  const card = comment === undefined ? [] : [b.option(2, comment), b.option(1, comment), b.end]
  const file = path(name)
  writeFileSync(file, concat(b.section(...about), b.interface(1, 0, ...card), ...packets))
  return file
}

describe.skipIf(!hasChromium)(`what means harm shows as text${why}`, () => {
  test('in HTTP lines, payloads, comments, interface names, file names and titles', async () => {
    const evil = `${SCRIPT} ${BIDI} ${ANSI} {{7*7}} <!--`
    const talk = new Conversation(40_000, 80)
      .handshake()
      .client('PA', { text: `GET /${evil} HTTP/1.0\r\n\r\n` })
      .server('PA', { text: `HTTP/1.0 200 ${evil}\r\n\r\n${evil}` })
    const file = capture(`${'<img src=x onerror=alert(2)> \u202e'}.pcapng`, talk.frames, evil)
    const page = report(file, 'hostile.html', '--title', evil, '--author', evil, '--questions', '--calls')
    for (const at of ['', '#0/tcp0/4', '#0/tcp0/5']) {
      const { page: opened, incidents } = await open(page, { at })
      await opened.waitForTimeout(200)
      expect(incidents).toEqual([])
      expect(await opened.locator('img').count()).toBe(0)
      expect(await opened.locator('script:not([type]), main script').count()).toBe(1)
      expect(await opened.title()).not.toBe('owned')
      const text = (await opened.locator('body').innerText()).replace(/\n/g, '')
      expect(text).toContain('onerror=alert(1)')
      expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/)
    }
  })

  test('data cannot end its element', async () => {
    const html = (await import('node:fs')).readFileSync(path('hostile.html'), 'utf8')
    const model = /<script type="application\/json" id="model">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? ''
    expect(model).not.toContain('<')
    expect(JSON.parse(model).captures).toHaveLength(1)
  })
})

test.skipIf(!hasChromium)(`a telephone shows all, however long a word is${why}`, async () => {
  const talk = new Conversation().handshake()
  for (let i = 0; i < 6; i++) talk.client('A', { text: 'x'.repeat(1460) })
  talk.client('PA', { seq: 1001, text: 'x'.repeat(1460) }).server('A')
  const file = report(capture('long.pcapng', talk.frames), 'long.html', '--questions')
  const { page } = await open(file, { at: '#0/tcp0', width: 375 })
  await page.locator('.plot svg text').first().waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375)
  const scrolled = `[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth).length`
  expect(await page.evaluate(scrolled)).toBe(0)
  // a plot is drawn for the width that there is, not shrunk until nobody can read its numbers
  const heights = await page
    .locator('.plot svg text.small:not([transform])')
    .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height))
  expect(Math.min(...heights)).toBeGreaterThan(9)
})

/** Sessions of `packets` packets each, one after the other. */
function many(sessions: number, packets: number): Frame[] {
  const frames: Frame[] = []
  for (let i = 0; i < sessions; i++) {
    const talk = new Conversation(1024 + i, 7).handshake()
    for (let n = 3; n < packets; n++) {
      if (n % 2 === 1) talk.client('PA', { text: `question ${n}` })
      else talk.server('PA', { text: `answer ${n}` })
    }
    frames.push(...talk.frames.map((frame) => ({ ...frame, time: frame.time + i * packets * 1e6 })))
  }
  return frames
}

describe.skipIf(!hasChromium)(`large captures${why}`, () => {
  test('10,000 packets are all there, and only those in view are drawn', async () => {
    const file = report(capture('ten.pcapng', many(1, 10_000)), 'ten.html', '--unfold')
    const { page, incidents } = await open(file, { at: '#0/tcp0/9000' })
    await page.locator('#packet-9000[aria-selected=true]').waitFor()
    expect(await page.locator('.packets').getAttribute('aria-rowcount')).toBe('10000')
    expect(await page.locator('.packets .packet').count()).toBeLessThan(100)
    expect(await page.locator('.ladder [data-from]').count()).toBeLessThanOrEqual(400)
    expect(await page.locator('.ladder [aria-selected=true]').getAttribute('data-from')).toBe('9000')
    expect((await page.locator('.headers [aria-selected=true]').allInnerTexts()).join()).toContain('bytes')
    expect(incidents).toEqual([])
  })

  test('a larger one is summarised, and says what was left out', async () => {
    const file = report(capture('large.pcapng', [...many(1200, 12)]), 'large.html')
    const { page, incidents } = await open(file)
    const text = await page.locator('.left-out').innerText()
    expect(text).toContain('200 of 1,200 sessions are not listed')
    expect(text).toMatch(/sessions listed are not told packet by packet/)
    expect(text).toMatch(/the bytes of [\d,]+ of 14,400 packets are here/)
    await page.getByRole('link', { name: 'TCP 5', exact: true }).click()
    await page.locator('.headers [aria-selected=true]').waitFor()
    expect(await page.locator('.packets').getAttribute('aria-rowcount')).toBe('12')
    await page.keyboard.press('s')
    expect(await page.getByRole('button', { name: 'Save as pcapng' }).count()).toBe(0)
    expect(incidents).toEqual([])
  })
})
