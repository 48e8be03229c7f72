/**
 * What libpcap calls a data link (DLT_) differs from platform to platform for a few old ones; files carry LINKTYPE_ numbers,
 * which do not. All others are the same in both.
 */
const DLT_TO_LINKTYPE: ReadonlyMap<number, number> = new Map([
  [11, 100], // ATM_RFC1483
  // raw IP: 12 on Linux, macOS and Windows
  [12, 101],
  [19, 106], // ATM_CLIP
])

export function linkTypeOf(dataLink: number): number {
  return DLT_TO_LINKTYPE.get(dataLink) ?? dataLink
}
