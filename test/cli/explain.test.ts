/** `explain` and `sessions --problems` as a user runs them. */
import { describe, expect, test } from 'vitest'
import { synopsis } from './synopsis.js'

describe('synopsis explain', () => {
  test('without anything lists the terms', () => {
    expect(synopsis(['explain'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/TIME_WAIT[\s\S]*dup ACK/) })
  })

  test('a term of several words needs no quotes', () => {
    const { status, stdout } = synopsis(['explain', 'window', 'scale'])
    expect(status).toBe(0)
    expect(stdout).toContain('RFC 7323')
  })

  test('an unknown term is a usage error that suggests the nearest', () => {
    const { status, stderr } = synopsis(['explain', 'TIME_WIAT'])
    expect(status).toBe(1)
    expect(stderr).toContain('did you mean TIME_WAIT?')
  })

  test('a file that is not there is not taken for a term', () => {
    expect(synopsis(['explain', 'nowhere.pcapng'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.pcapng'),
    })
  })

  test('--json has the story, the problems and the questions', () => {
    const { stdout } = synopsis(['explain', '--json', '--questions', 'captures/refused.pcapng'])
    const told = JSON.parse(stdout)
    expect(Object.keys(told)).toEqual(['protocol', 'session', 'client', 'server', 'story', 'problems', 'questions'])
    expect(told.problems[0]).toMatchObject({ name: 'refused', frames: [1, 2] })
  })
})

describe('synopsis sessions --problems', () => {
  test('status 0 when nothing went wrong, 3 when something did, of several files too', () => {
    expect(synopsis(['sessions', '--problems', 'captures/message.pcapng']).status).toBe(0)
    const both = synopsis(['sessions', '--problems', 'captures/message.pcapng', 'captures/refused.pcapng'])
    expect(both.status).toBe(3)
    expect(both.stdout).toMatch(/message\.pcapng: nothing went wrong[\s\S]*refused\.pcapng: 1 of 1 session went wrong/)
  })

  test('a file that cannot be read does not keep the others from being looked at', () => {
    const { stdout, stderr } = synopsis(['sessions', '--problems', 'nowhere.pcapng', 'captures/refused.pcapng'])
    expect(stdout).toContain('refused')
    expect(stderr).toContain('nowhere.pcapng')
  })

  test('--json: one line a session, with the evidence', () => {
    const { stdout } = synopsis(['sessions', '--problems', '--json', 'captures/refused.pcapng'])
    const [line, ...rest] = stdout.trimEnd().split('\n')
    expect(rest).toEqual([])
    expect(JSON.parse(line ?? '')).toMatchObject({
      file: 'captures/refused.pcapng',
      protocol: 'tcp',
      session: 0,
      problems: [{ name: 'refused', frames: [1, 2] }],
    })
  })
})
