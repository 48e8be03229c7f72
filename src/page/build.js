/** Bundles the page of HTML reports into dist/page: one script, one style sheet. Part of `npm run build`. */
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

async function load() {
  try {
    return await import('esbuild')
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.warn('esbuild is not installed: HTML reports are left out, everything else works')
    return undefined
  }
}

const esbuild = await load()
await esbuild?.build({
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
