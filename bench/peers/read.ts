/** Reads a file through one buffer and looks at nothing: the least that any program written for Node can take. */
import { openSync, readSync } from 'node:fs'
import { argv } from 'node:process'

const file = openSync(argv[2] ?? '', 'r')
const buffer = new Uint8Array(4 * 1024 * 1024)
while (readSync(file, buffer) > 0);
