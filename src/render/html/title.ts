/** What the report is called. */
import type { PageModel } from './model.js'

export function titleOf({ made, captures }: PageModel): string {
  return made.title ?? captures.map(({ file }) => file).join(', ')
}
