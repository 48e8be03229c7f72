/** Data connections that FTP announces. */
import { describe, expect, test } from 'vitest'
import { Packet } from '../../../../src/packet.js'
import { AnnouncedConnections } from '../../../../src/sessions/tcp/wireshark/announced.js'

const CLIENT = [10, 0, 0, 1]
const SERVER = [10, 0, 0, 2]
const OTHER = [10, 0, 0, 3]

/** A TCP packet in IPv4, as the decoder leaves it, with a few bytes of text. */
function packetOf(
  source: readonly number[],
  from: number,
  destination: readonly number[],
  to: number,
  text = '',
): Packet {
  const packet = new Packet()
  const bytes = Buffer.concat([Buffer.alloc(12), Buffer.from([...source, ...destination]), Buffer.from(text, 'latin1')])
  packet.frame = packet.view = packet.networkView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  packet.network = 0
  packet.networkVersion = 4
  packet.sourcePort = from
  packet.destinationPort = to
  packet.payload = 20
  packet.payloadEnd = bytes.length
  return packet
}

const reply = (text: string) => packetOf(SERVER, 21, CLIENT, 40_000, text)
const request = (text: string) => packetOf(CLIENT, 40_000, SERVER, 21, text)
const toServer = (port: number) => packetOf(CLIENT, 40_001, SERVER, port)

describe('FTP announces a data connection', () => {
  test('as often as it says so', () => {
    const announced = new AnnouncedConnections()
    for (let times = 0; times < 2; times++) announced.listen(reply('227 (10,0,0,2,4,1)'))
    expect([1, 2, 3].map(() => announced.take(toServer(1025)))).toEqual([true, true, false])
  })

  test.each<[string, Packet, Packet, boolean]>([
    ['by the reply to PASV', reply('227 Entering Passive Mode (10,0,0,2,4,1).\r\n'), toServer(1025), true],
    ['with or without brackets', reply('227 =10,0,0,2,4,1\r\n'), toServer(1025), true],
    ['from either end', reply('227 (10,0,0,2,4,1)'), packetOf(SERVER, 1025, CLIENT, 40_001), true],
    ['to that port only', reply('227 (10,0,0,2,4,1)'), toServer(1026), false],
    ['at the address that it names', reply('227 (10,0,0,3,4,1)'), packetOf(CLIENT, 40_001, OTHER, 1025), true],
    ['by the reply to EPSV', reply('229 Extended (|||1025|)\r\n'), toServer(1025), true],
    ['not by another reply', reply('230 (10,0,0,2,4,1)'), toServer(1025), false],
    ['not in the second line', reply('220 Hello\r\n227 (10,0,0,2,4,1)'), toServer(1025), false],
    [
      'by PORT: the server calls from port 20',
      request('PORT 10,0,0,1,4,1\r\n'),
      packetOf(SERVER, 20, CLIENT, 1025),
      true,
    ],
    [
      'or not, when it calls from another',
      request('PORT 10,0,0,1,4,1\r\n'),
      packetOf(SERVER, 2000, CLIENT, 1025),
      false,
    ],
    ['not on another port', packetOf(SERVER, 2121, CLIENT, 40_000, '227 (10,0,0,2,4,1)'), toServer(1025), false],
    ['not by half a line', reply('227 (10,0,0,2,4'), toServer(1025), false],
    ['with space and signs between the numbers', reply('227 (10, 0,+0,2,\t4,-255)'), toServer(1025), true],
    ['not where a number spills into its neighbour', reply('227 (10,0,0,258,4,1)'), toServer(1025), false],
    ['not behind a NUL', reply('227 x\0 (10,0,0,2,4,1)'), toServer(1025), false],
    ['by a reply to EPSV with a delimiter too few', reply('229 Extended (||1025|)'), toServer(1025), true],
    ['or with none', reply('229 Extended (1025|)'), toServer(1025), true],
    ['with other delimiters', reply('229 Extended (!!!1025!)'), toServer(1025), true],
    ['not with letters for delimiters', reply('229 Extended (aaa1025a)'), toServer(1025), false],
    ['not without the closing bracket', reply('229 Extended (|||1025|'), toServer(1025), false],
    ['in the first brackets only', reply('229 Extended (y) (|||1025|)'), toServer(1025), false],
    ['as port 0, with no number', reply('229 Extended (||||1025|)'), toServer(0), true],
    ['as the last port, with a number too large', reply('229 Extended (|||99999|)'), toServer(65_535), true],
    ['by PORT cut short', request('PO 10,0,0,1,4,1\r\n'), packetOf(SERVER, 20, CLIENT, 1025), true],
    [
      'not by EPRT whose zone has more colons than an address',
      request('EPRT |2|::1%a:b:c:d:e:f:g:h:i|1025|'),
      toServer(1025),
      false,
    ],
    ['not by port in small letters', request('port 10,0,0,1,4,1'), packetOf(SERVER, 20, CLIENT, 1025), false],
    [
      "by EPRT where it names the server's address",
      request('EPRT |1|10.0.0.2|1025|'),
      packetOf(SERVER, 20, CLIENT, 1025),
      true,
    ],
    ["not by EPRT with the client's own", request('EPRT |1|10.0.0.1|1025|'), packetOf(SERVER, 20, CLIENT, 1025), false],
    ['not by EPRT of another protocol', request('EPRT |3|10.0.0.2|1025|'), packetOf(SERVER, 20, CLIENT, 1025), false],
  ])('%s', (_, control, data, expected) => {
    const announced = new AnnouncedConnections()
    announced.listen(control)
    expect(announced.take(data)).toBe(expected)
    expect(announced.take(data)).toBe(false)
  })

  test('many that nobody connects to are forgotten, the oldest first', () => {
    const announced = new AnnouncedConnections()
    for (let port = 0; port < 1001; port++) announced.listen(reply(`229 (|||${port}|)`))
    expect([0, 1, 1000].map((port) => announced.take(toServer(port)))).toEqual([false, true, true])
  })
})
