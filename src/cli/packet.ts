/** `synopsis packet FILE N`: one packet in full. */
import type { Command } from 'commander'
export function configure(_command: Command): void {}
