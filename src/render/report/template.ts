/** A report's frame: text with places for the parts of a report, `{{title}}`, `{{body}}`; the user's own, or ours. */
import { UsageError } from '../../errors.js'

const PLACE = /\{\{([a-z]+)\}\}/g

/**
 * `template` with each place filled in.
 * @throws UsageError when it has a place that there is nothing for, or none for what the report says
 */
export function fillIn(template: string, values: Readonly<Record<string, string>>, needs: readonly string[]): string {
  const known = Object.keys(values)
    .map((name) => `{{${name}}}`)
    .join(', ')
  const used = new Set([...template.matchAll(PLACE)].map(([, name = '']) => name))
  const unknown = [...used].find((name) => values[name] === undefined)
  if (unknown !== undefined) throw new UsageError(`the template has {{${unknown}}}; it can have ${known}`)
  if (!needs.some((name) => used.has(name))) {
    throw new UsageError(`the template has no place for the report: write {{body}} into it, or others of ${known}`)
  }
  return template.replace(PLACE, (_, name: string) => values[name] ?? '')
}
