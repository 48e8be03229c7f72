/** Commands that are loaded when they are called, so that each starts with what it needs and nothing else. */
import type { Command } from 'commander'

/** A command: its name, what it does, and its module, which adds its arguments, options and action. */
export type Entry = readonly [
  name: string,
  summary: string,
  load: () => Promise<{ readonly configure: (command: Command) => void }>,
]

export function offer(parent: Command, entries: readonly Entry[]): void {
  for (const [name, summary] of entries) parent.command(name).summary(summary).description(summary)
  parent.hook('preSubcommand', async (_, command) => {
    const [, , load] = entries.find(([name]) => name === command.name()) ?? []
    const module = await load?.()
    module?.configure(command)
  })
}
