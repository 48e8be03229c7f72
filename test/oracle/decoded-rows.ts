/** A capture's packets as the decoder reads them: a row a packet, a column a field. */
import { Decoder } from '../../src/decode/decoder.js'
import { fieldReader } from '../../src/decode/field-values.js'
import { openCapture } from '../../src/files/open.js'

/** Values of a field that a packet has several times are joined by commas, as tshark prints them. */
export async function decodedRows(file: string, fields: readonly string[]): Promise<string[][]> {
  const decoder = new Decoder()
  const readers = fields.map((name) => fieldReader(name))
  const rows: string[][] = []
  const source = await openCapture(file)
  for await (const batch of source) {
    batch.forEach((packet) => {
      decoder.decode(packet)
      const row = readers.map((read) => {
        const values: string[] = []
        read?.(packet, values)
        return values.join(',')
      })
      rows.push(row)
    })
  }
  await source.close()
  return rows
}
