/**
 * A TAP device: a network adapter whose wire is a file descriptor. A frame that the kernel sends is read from it, and one
 * that is written to it arrives at the kernel. Such an adapter has no offloads unless they are asked for (TUNSETOFFLOAD):
 * checksums are filled in, and no frame is above the MTU.
 */
import koffi from 'koffi'
import { LabError } from '../errors.js'
import { O_NONBLOCK } from '../sockets/constants.js'
import { callError } from '../sockets/errno.js'
import { bound } from '../sockets/library.js'

const native = {
  open: bound<(path: string, flags: number) => number>('int open(const char *, int)'),
  ioctl: bound<(fd: number, request: number, type: 'void *', argument: Buffer) => number>('int ioctl(int, ulong, ...)'),
  read: bound<(fd: number, buffer: Buffer, count: number) => number>('intptr_t read(int, void *, size_t)'),
  write: bound<(fd: number, buffer: Buffer, count: number) => number>('intptr_t write(int, const void *, size_t)'),
}

// <fcntl.h>, <linux/if_tun.h>, <linux/if.h>
const O_RDWR = 2
const O_CLOEXEC = 0o2000000
const TUNSETIFF = 0x400454ca
const IFF_TAP = 2
const IFF_NO_PI = 0x1000
const IFREQ_SIZE = 40
const IFREQ_FLAGS = 16
const LARGEST_FRAME = 0x10000

export class Tap {
  readonly #descriptor: number
  readonly #room = Buffer.allocUnsafe(LARGEST_FRAME)
  #poll: ReturnType<typeof koffi.node.poll> | undefined

  /** Makes the device, in this process's namespace; it is gone when the process is. */
  constructor(name: string) {
    this.#descriptor = native.open('/dev/net/tun', O_RDWR | O_NONBLOCK | O_CLOEXEC)
    if (this.#descriptor < 0) throw unavailable()
    const request = Buffer.alloc(IFREQ_SIZE)
    request.write(name, 'latin1')
    request.writeUInt16LE(IFF_TAP | IFF_NO_PI, IFREQ_FLAGS)
    if (native.ioctl(this.#descriptor, TUNSETIFF, 'void *', request) < 0) throw unavailable()
  }

  /** Calls `take` with each frame that the kernel sends: a copy of its own. `gone`: the device was deleted. */
  listen(take: (frame: Buffer) => void, gone: () => void): void {
    this.#poll = koffi.node.poll(this.#descriptor, { readable: true }, () => {
      for (;;) {
        const length = native.read(this.#descriptor, this.#room, LARGEST_FRAME)
        if (length < 0) {
          const errno = koffi.errno()
          if (errno === koffi.os.errno['EBADFD']) {
            this.#poll?.close()
            gone()
          }
          return
        }
        take(Buffer.from(this.#room.subarray(0, length)))
      }
    })
  }

  /** Lets a frame arrive. A device that is down or gone takes none, as a cable that is not plugged in. */
  send(frame: Buffer): void {
    native.write(this.#descriptor, frame, frame.length)
  }
}

function unavailable(): LabError {
  const { code, message } = callError('open', koffi.errno())
  return new LabError('NO_TAP', `/dev/net/tun: ${message}`, `the virtual lab needs root, and the tun module (${code})`)
}
