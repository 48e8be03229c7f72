/** Sleeps: this thread does nothing else meanwhile, and hears no signal. */
export function pauseFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
