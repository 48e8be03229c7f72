/**
 * `npm run captures [-- SCENARIO...]`: plays every scenario of the virtual lab, or those named, and keeps its capture here
 * (`-- --index`: none). Writes README.md, the index, from what the scenarios say of themselves. Linux, root; one after the other, on a machine
 * that has nothing else to do, as a busy one's delays would be part of the story.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GROUPS } from '../dist/labs/virtual/scenario.js'
import { SCENARIOS, scenarioNamed } from '../dist/labs/virtual/scenarios/index.js'
import { keptIn } from '../dist/labs/virtual/stage.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const synopsis = fileURLToPath(new URL('../bin/synopsis.js', import.meta.url))
const names = process.argv.slice(2)
const scenarios = names.length > 0 ? names.filter((name) => name !== '--index').map(scenarioNamed) : SCENARIOS

for (const scenario of scenarios) {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-capture-'))
  try {
    const words = ['lab', 'run', scenario.name, '--seed', '1', '--keep', folder, '--no-timeline']
    execFileSync(process.execPath, [synopsis, ...words], { stdio: 'inherit' })
    copyFileSync(keptIn(folder, scenario).capture, join(here, `${scenario.name}.pcapng`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
writeFileSync(join(here, 'README.md'), index())

function index() {
  const lines = [
    '# The captures',
    '',
    'One small capture a scenario of the virtual lab, in the order in which a course would take them. The client is the host on',
    "VMware's host-only network, 192.168.56.1 on `vmnet1`; the server is a virtual machine on it, 192.168.56.10. All have whole frames",
    'and nanoseconds, and a section comment that tells the scenario, the seed and the settings of the kernels. They were taken at',
    'the client unless the table says otherwise.',
    '',
    'Read one with `synopsis replay captures/message.pcapng`. Play one anew with `sudo synopsis lab run message`. `npm run captures`',
    '(Linux, root) makes them all again.',
  ]
  for (const group of GROUPS) {
    lines.push('', `## ${group[0].toUpperCase()}${group.slice(1)}`, '', '| capture | what it shows | what to look for |', '|---|---|---|')
    for (const { name, shows, look } of SCENARIOS.filter((one) => one.group === group)) {
      lines.push(`| \`${name}.pcapng\` | ${shows} | ${look} |`)
    }
  }
  return `${lines.join('\n')}\n`
}
