/** This program itself, as the lab starts it to capture. */
import { fileURLToPath } from 'node:url'

// as far below the package as dist/bin, to which it is bundled
export const SYNOPSIS = fileURLToPath(new URL('../../bin/synopsis.js', import.meta.url))
