/** What a report says, block by block, as the Markdown and the LaTeX have it; figures and notes have views of their own. */
import type { Answer } from '../explain/questions/answer.js'
import type { Block } from '../render/report/content.js'
import { Words } from './words.js'

export function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <OneBlock key={index} block={block} />
      ))}
    </>
  )
}

function OneBlock({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 4 ? <h3>{block.text}</h3> : <h2>{block.text}</h2>
    case 'paragraph':
      return (
        <p>
          <Words text={block.text} />
        </p>
      )
    case 'list':
      return (
        <ul>
          {block.items.map((item, index) => (
            <li key={index}>
              <Words text={item} />
            </li>
          ))}
        </ul>
      )
    case 'table':
      return <Table head={block.head} rows={block.rows} />
    case 'questions':
      return <Questions answers={block.answers} />
    default:
      return null
  }
}

function Table({ head, rows }: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }) {
  const hasHead = head.some((title) => title !== '')
  return (
    <div class="wide">
      <table class={hasHead ? 'facts' : 'facts plain'}>
        {hasHead && (
          <thead>
            <tr>
              {head.map((title, index) =>
                title === '' ? (
                  <td key={index} />
                ) : (
                  <th key={index} scope="col">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(([first = '', ...rest], index) => (
            <tr key={index}>
              <th scope="row">{first}</th>
              {rest.map((cell, column) => (
                <td key={column}>
                  <Words text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Questions({ answers }: { readonly answers: readonly Answer[] }) {
  return (
    <ol class="questions">
      {answers.map(({ question, answer, why, evidence }, index) => (
        <li key={index}>
          <p class="question">{question}</p>
          <p>{answer === undefined ? <em>This capture does not answer it: {why}</em> : <Words text={answer} />}</p>
          {evidence.length > 0 && (
            <ul>
              {evidence.map((fact, item) => (
                <li key={item}>
                  <Words text={fact} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  )
}
