/** Where the page begins. */
import { render } from 'preact'
import { App } from './app.js'
import { readModel } from './model.js'

const model = readModel()
const page = document.getElementById('page')

function draw(isPrinting: boolean): void {
  if (page !== null) render(<App model={model} isPrinting={isPrinting} />, page)
}

page?.replaceChildren()
draw(false)
addEventListener('beforeprint', () => draw(true))
addEventListener('afterprint', () => draw(false))
