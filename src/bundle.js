/** What `npm run build` does after the compiler: bundles the page of HTML reports, and the command line. */
import { bundleCommands, leaveUnbundled } from './cli/bundle.js'
import { bundlePage } from './page/bundle.js'

async function load() {
  try {
    return await import('esbuild')
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    return undefined
  }
}

const esbuild = await load()
if (esbuild === undefined) {
  console.warn('esbuild is not installed: HTML reports are left out, everything else works, and begins more slowly')
  leaveUnbundled()
} else {
  await bundlePage(esbuild)
  await bundleCommands(esbuild)
}
