/** What the report is called. */
import type { PageModel } from './model.js'

export function titleOf({ made, captures, logs }: PageModel): string {
  const files = captures.length > 0 ? captures.map(({ file }) => file) : (logs?.files ?? [])
  return made.title ?? files.join(', ')
}
