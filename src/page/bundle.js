/** Bundles the page of HTML reports into dist/page: one script, one style sheet. */
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

export async function bundlePage(esbuild) {
  await esbuild.build({
    entryPoints: [here('main.tsx'), here('page.css')],
    outdir: here('../../dist/page'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  })
}
