/** Counts a capture's packets with pcap-parser. */
import { argv } from 'node:process'
// @ts-expect-error: the package has no types
import pcap from 'pcap-parser'

let packets = 0
const parser = pcap.parse(argv[2])
parser.on('packetHeader', () => packets++)
parser.on('end', () => console.log(packets))
