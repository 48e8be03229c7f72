/** A session in sentences, the answers to lab questions, and glossary entries, as text. */
import { printable } from '../bytes/printable.js'
import type { Entry } from '../explain/glossary/entry.js'
import type { Problem } from '../explain/problems/problem.js'
import type { Answer } from '../explain/questions/answer.js'
import type { Chapter } from '../explain/story.js'
import type { Theme } from './style.js'
import { padEnd, wrap } from './width.js'

/** Lines longer than this are hard to read. */
const COMFORTABLE = 110
const TOPIC = 11

export function* storyLines(
  chapters: readonly Chapter[],
  problems: readonly Problem[],
  width: number,
  theme: Theme,
): Generator<string> {
  for (const { topic, sentences } of chapters) yield* topicLines(topic, sentences, width, theme, (text) => text)
  const diagnoses = problems.map((problem) => problem.diagnosis)
  yield* topicLines(
    'problems',
    diagnoses.length > 0 ? diagnoses : ['none'],
    width,
    theme,
    diagnoses.length > 0 ? theme.trouble : theme.good,
  )
}

function* topicLines(
  topic: string,
  sentences: readonly string[],
  width: number,
  theme: Theme,
  paint: (text: string) => string,
): Generator<string> {
  let title = topic
  for (const sentence of sentences) {
    for (const [index, line] of wrap(printable(sentence), Math.min(width, COMFORTABLE) - TOPIC - 3).entries()) {
      yield ` ${theme.strong(padEnd(title, TOPIC))}${index > 0 ? '  ' : ''}${paint(line)}`
      title = ''
    }
  }
}

/** Numbered as a hand-in is: question, answer, evidence. */
export function* answerLines(answers: readonly Answer[], width: number, theme: Theme): Generator<string> {
  const room = Math.min(width, COMFORTABLE) - 6
  for (const [index, { question, answer, why, evidence }] of answers.entries()) {
    if (index > 0) yield ''
    for (const [n, line] of wrap(question, room).entries()) {
      yield `${padEnd(n === 0 ? `${index + 1}.` : '', 4)}${theme.strong(line)}`
    }
    const reply = answer ?? `This capture does not answer it: ${why ?? ''}`
    for (const line of wrap(printable(reply), room))
      yield `    ${answer === undefined ? theme.trouble(line) : theme.good(line)}`
    for (const fact of evidence) {
      for (const [n, line] of wrap(printable(fact), room - 2).entries())
        yield `    ${theme.faint(n === 0 ? '· ' : '  ')}${line}`
    }
  }
}

export function* entryLines({ term, also, text, source, see }: Entry, width: number, theme: Theme): Generator<string> {
  const names = also === undefined ? '' : ` (${also.join(', ')})`
  for (const line of wrap(`${term}${names}`, width)) yield theme.strong(line)
  for (const line of wrap(text, Math.min(width, COMFORTABLE) - 2)) yield `  ${line}`
  for (const line of wrap(source, width - 2)) yield `  ${theme.faint(line)}`
  if (see !== undefined)
    for (const line of wrap(`see also: ${see.join(', ')}`, width - 2)) yield `  ${theme.faint(line)}`
}

export function* termLines(
  glossary: readonly (readonly [string, readonly Entry[]])[],
  width: number,
  theme: Theme,
): Generator<string> {
  for (const [index, [topic, entries]] of glossary.entries()) {
    if (index > 0) yield ''
    yield theme.strong(topic)
    const terms = entries.map((entry) => entry.term).join(', ')
    for (const line of wrap(terms, Math.min(width, COMFORTABLE) - 2)) yield `  ${line}`
  }
}
