/** The three acts of a session. Data after one side has closed (a half-close) is data again. */
export const Phase = { handshake: 0, data: 1, teardown: 2 } as const
export type Phase = (typeof Phase)[keyof typeof Phase]
export type PhaseName = keyof typeof Phase

const NAMES: readonly PhaseName[] = ['handshake', 'data', 'teardown']

export function phaseName(phase: Phase): PhaseName {
  return NAMES[phase] ?? 'data'
}
