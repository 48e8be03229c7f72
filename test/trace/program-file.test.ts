/** Which file a command names. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findProgram } from '../../src/trace/program-file.js'

const folder = mkdtempSync(join(tmpdir(), 'program-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a folder of PATH that cannot be looked into is passed over, as a shell does', () => {
  const [loop, program] = [join(folder, 'loop'), join(folder, 'greet')]
  // root may look into all others
  symlinkSync(loop, loop)
  writeFileSync(program, '#!/bin/sh\n')
  chmodSync(program, 0o755)
  expect(findProgram('greet', `${loop}:${folder}`)).toEqual({ path: program, setsId: false })
  expect(() => findProgram(`${loop}/greet`)).toThrow(`there is no program ${loop}/greet`)
})
