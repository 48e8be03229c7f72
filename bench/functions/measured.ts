/** One thing to measure: a function that does something `units` times each time it is called. */
export interface Measured {
  readonly name: string
  /** what is done, in the singular: `packet`, `byte` */
  readonly unit: string
  readonly units: number
  /** Its result keeps V8 from leaving the work out. */
  readonly run: () => number | Promise<number>
  /** It must not take more than this many times as long as the one of that name. */
  readonly limit?: { readonly times: number; readonly than: string }
}
