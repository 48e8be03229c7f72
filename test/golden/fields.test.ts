/** docs/fields.md lists every field of a packet. `npm run golden` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packetFieldNames } from '../../src/render/packet-fields.js'

const { GOLDEN: golden } = process.env
const file = new URL('../../docs/fields.md', import.meta.url)

function listing(): string {
  const byProtocol = new Map<string, string[]>()
  for (const name of packetFieldNames) {
    const protocol = name.slice(0, name.indexOf('.'))
    byProtocol.set(protocol, [...(byProtocol.get(protocol) ?? []), `\`${name}\``])
  }
  let text = '# The fields of a packet\n\nWhat `packets -e` takes; see [schema.md](schema.md).\n'
  for (const [protocol, names] of byProtocol) text += `\n## ${protocol}\n\n${names.join(', ')}\n`
  return text
}

test('docs/fields.md has every field that there is, and no other', () => {
  if (golden === 'write') writeFileSync(file, listing())
  expect(readFileSync(file, 'utf8')).toBe(listing())
})
