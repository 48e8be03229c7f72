/** Tells a capture from everything else that a file may be, by its first bytes. */

const CONVERT = 'convert it with: editcap -F pcapng IN OUT'

/** What a file that is no capture of ours looks like, for the message that says so. */
const LOOKS_LIKE: readonly (readonly [magic: string, what: string, advice?: string])[] = [
  ['736e6f6f7000', 'a snoop capture', CONVERT],
  ['6274736e6f6f7000', 'a Bluetooth snoop capture', CONVERT],
  ['52545353', 'a Microsoft Network Monitor capture', CONVERT],
  ['474d4255', 'a Microsoft Network Monitor capture', CONVERT],
  ['5452534e494646', 'a Sniffer capture', CONVERT],
  ['58435000', 'a Windows Sniffer capture', CONVERT],
  ['4f62736572766572506b7442', 'an Observer capture', CONVERT],
  ['05564e46', 'a Visual Networks capture', CONVERT],
  ['7f454c46', 'an ELF program'],
  ['4d5a', 'a Windows program'],
  ['504b0304', 'a ZIP archive', 'unpack it first'],
  ['28b52ffd', 'something compressed with zstd', 'unpack it first: zstd -d'],
  ['04224d18', 'something compressed with lz4', 'unpack it first: lz4 -d'],
  ['fd377a585a00', 'something compressed with xz', 'unpack it first: xz -d'],
  ['425a68', 'something compressed with bzip2', 'unpack it first: bzip2 -d'],
  ['1f8b', 'something compressed twice', 'unpack it once: gzip -d'],
  ['25504446', 'a PDF document'],
  ['89504e47', 'a PNG picture'],
  ['53514c697465', 'an SQLite database'],
]

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** What a file looks like, and what to do about it: `a ZIP archive; unpack it first`. */
export function describe(head: Uint8Array): string {
  const hex = Buffer.from(head.subarray(0, 16)).toString('hex')
  for (const [magic, what, advice] of LOOKS_LIKE) {
    if (hex.startsWith(magic)) return advice === undefined ? what : `${what}; ${advice}`
  }
  if (isText(head)) return 'text; give the capture file itself, a .pcap or .pcapng'
  return `something unknown that begins with ${hex.slice(0, 8).replace(/../g, '$& ').trim()}`
}

/** No byte that a text would not have; UTF-8 counts as text. */
function isText(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  return !/[\x00-\x08\x0e-\x1f\x7f]/.test(text) && !text.slice(0, -3).includes('\ufffd')
}
