/** Names of the files of a capture that goes on in one file after the other. */
import { format, parse } from 'node:path'

/**
 * `lab_00002_20240131101500.pcapng` for the second file of `lab.pcapng`: its number and when it was begun, in local time.
 * Wireshark's tools name them so, and sort them right.
 */
export function rotatedName(path: string, number: number, begun: Date): string {
  const { dir, name, ext } = parse(path)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${begun.getFullYear()}${two(begun.getMonth() + 1)}${two(begun.getDate())}`
  const time = `${two(begun.getHours())}${two(begun.getMinutes())}${two(begun.getSeconds())}`
  return format({ dir, name: `${name}_${String(number).padStart(5, '0')}_${date}${time}`, ext })
}
