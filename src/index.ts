/**
 * synopsis as a library: open a capture, go through its packets, get its sessions and their timelines.
 *
 * ```ts
 * const sessions: SessionSummary[] = []
 * const first = await survey(await openCapture('message.pcapng'), (session) => sessions.push(session))
 * const [timeline] = await timelines(await openCapture('message.pcapng'), first, sessions.slice(0, 1))
 *
 * const pipeline = new Pipeline({ visit: (packet, { session, time }) => console.log(packet.number, session?.number, time) })
 * for await (const batch of capture({ hostOnly: true, file: 'lab.pcapng', packets: 100 })) pipeline.feed(batch)
 * ```
 */

export { type Capture, capture } from './capture/capture.js'
export { type Check, type Examination, examine } from './capture/doctor.js'
export { CaptureError, type CaptureErrorCode } from './capture/errors.js'
export {
  type CaptureInterface,
  chooseHostOnly,
  findInterface,
  HostOnlyError,
  listInterfaces,
} from './capture/interfaces.js'
export type { InterfaceKind } from './capture/kinds.js'
export type { CaptureCounts, CaptureNotice, CaptureOptions, CaptureResult } from './capture/options.js'
export type { StopReason } from './capture/stop-reason.js'
export { Decoder } from './decode/decoder.js'
export { FileError, SynopsisError, UsageError } from './errors.js'
export { openCapture } from './files/open.js'
export { Packet, Problem, ProblemKind, TcpHeader } from './packet.js'
export { Pipeline, type PipelineOptions } from './pipeline.js'
export type { PacketFacts } from './sessions/facts.js'
export { summarize } from './sessions/summarize.js'
export type { SessionSummary, TcpSummary, UdpSummary } from './sessions/summary.js'
export type { Batch, FrameSource, InterfaceInfo, SectionInfo, SourceInfo } from './source.js'
export { type AfterBatch, revisit, type Survey, survey } from './survey.js'
export { TimelineBuilder } from './timeline/builder.js'
export { fold } from './timeline/fold.js'
export type * from './timeline/model.js'
export { type EachTimelineOptions, eachTimeline, type Reread, timelines } from './timelines.js'
