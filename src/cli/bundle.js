/**
 * Bundles the command line, and what it starts as threads and processes, into dist/bin: Node takes longer to load two hundred
 * modules one by one than most captures take to read.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))
const bundles = join(dist, 'bin')
const MAIN = 'cli/main.js'

export async function bundleCommands(esbuild) {
  clear()
  const entryPoints = [join(dist, MAIN), ...startedModules()]
  // all of them lie side by side, and so does what they share: `./line-thread.js` is right in any of it
  const names = entryPoints.map((module) => basename(module))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`two modules that are started have the name ${twice}`)
  await esbuild.build({
    entryPoints,
    outdir: bundles,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // these load binaries that lie beside them
    external: ['koffi', 'cap'],
    // commander is CommonJS, and asks for Node's own modules
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'\nconst require = requireOf(import.meta.url)",
    },
    legalComments: 'none',
    logLevel: 'warning',
  })
}

/** What `bin/` loads is module by module then. */
export function leaveUnbundled() {
  clear()
  writeFileSync(join(bundles, basename(MAIN)), `export * from '../${MAIN}'\n`)
}

/** What is left of an earlier build may have other names. */
function clear() {
  rmSync(bundles, { recursive: true, force: true })
  mkdirSync(bundles)
}

/** Modules that others start by their address, as in `new Worker(new URL('./line-thread.js', import.meta.url))`. */
function startedModules() {
  const modules = []
  for (const name of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    const source = readFileSync(join(dist, name), 'utf8')
    for (const [address] of source.matchAll(/new URL\([^)]*\.js'[^)]*\)/g)) {
      for (const [, started] of address.matchAll(/'\.\/([\w-]+\.js)'/g))
        modules.push(join(dist, dirname(name), started))
    }
  }
  return [...new Set(modules)]
}
