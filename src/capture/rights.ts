/** What gives a user the right to capture, as commands to type, for each platform. */
import { realpathSync } from 'node:fs'

/** @param command the command that was refused, to be run again with the right */
export function rightsRemedy(
  platform: NodeJS.Platform,
  command: readonly string[] = [process.execPath, ...process.argv.slice(1)],
): readonly string[] {
  // a capability belongs to the file, not to the links to it
  const node = quote(realpathSync(process.execPath))
  const again = command.map(quote).join(' ')
  switch (platform) {
    case 'win32':
      return [
        'open a terminal as administrator and run it there, or',
        "install Npcap again without «Restrict Npcap driver's access to Administrators only»",
      ]
    case 'darwin':
      return [
        `once: sudo ${again}`,
        'until the next restart: sudo chgrp admin /dev/bpf* && sudo chmod g+rw /dev/bpf*',
        'for good: install ChmodBPF, which comes with Wireshark',
      ]
    default:
      return [
        `once, with root given up as soon as the capture is open: sudo ${again}`,
        `for good, for every program that this Node runs: sudo setcap cap_net_raw+ep ${node}`,
        'in a container: docker run --cap-add=NET_RAW …',
      ]
  }
}

/** One word of a shell command. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
