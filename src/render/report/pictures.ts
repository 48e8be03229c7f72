/** A report's figures, in each of its languages. */
import { headerSvg, headerTikz } from '../header/figure.js'
import { drawPlots } from '../plots/svg.js'
import { plotTikz } from '../plots/tikz.js'
import { drawFigure } from '../svg/figure.js'
import { ladderTikz } from '../tikz/ladder.js'
import type { Block, Picture } from './content.js'

/** A file beside a report: its name after the report's own, and what is in it. */
export function svgFiles(blocks: readonly Block[], stem: string, rawNumbers: boolean): (readonly [string, string])[] {
  return blocks.flatMap((block) =>
    block.kind === 'figure' ? [[fileName(stem, block.name), svgOf(block.picture, rawNumbers)] as const] : [],
  )
}

/** `report-tcp0.svg` */
export function fileName(stem: string, name: string): string {
  return `${stem}-${name}.svg`
}

function svgOf(picture: Picture, rawNumbers: boolean): string {
  switch (picture.kind) {
    case 'ladder':
      return drawFigure(picture.timeline, { rawNumbers })
    case 'plot':
      return drawPlots([picture.plot], { captions: false })
    case 'headers':
      return headerSvg(picture.diagrams)
  }
}

/** One `tikzpicture` for each page that it takes. */
export function tikzOf(picture: Picture, rawNumbers: boolean): string[] {
  switch (picture.kind) {
    case 'ladder':
      return ladderTikz(picture.timeline, rawNumbers)
    case 'plot':
      return [plotTikz(picture.plot)]
    case 'headers':
      return [headerTikz(picture.diagrams)]
  }
}
