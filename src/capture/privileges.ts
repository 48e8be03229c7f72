/**
 * Root is needed to open an interface, and for nothing after that. Here it is given up, in every thread: the C library
 * does that for all of them at once when the main thread asks. Files are opened with the rights of the user who gets them.
 */
import { closeSync, constants, fchownSync, fstatSync, ftruncateSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { UsageError } from '../errors.js'
import { CaptureError } from './errors.js'
import { loadKoffi } from './libpcap.js'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * Who a capture goes on as once it is open: `user`, or the user behind sudo, or undefined: whoever it is already.
 *
 * @throws CaptureError USER
 */
export async function accountFor(user: string | undefined): Promise<Account | undefined> {
  const isRoot = process.geteuid?.() === 0
  if (user === undefined) return isRoot ? sudoAccount() : undefined
  if (process.platform === 'win32') throw new CaptureError('USER', 'Windows has no root that could be given up')
  const account = await findAccount(user)
  if (isRoot) return account.uid === 0 ? undefined : account
  if (account.uid === process.geteuid?.()) return undefined
  throw new CaptureError('USER', `only root can become ${user}`, ['run it with sudo'])
}

/** sudo says who called it. */
export function sudoAccount({ SUDO_UID, SUDO_GID, SUDO_USER }: NodeJS.ProcessEnv = process.env): Account | undefined {
  const uid = Number(SUDO_UID)
  const gid = Number(SUDO_GID)
  if (!SUDO_USER || !(uid > 0) || !(gid >= 0)) return undefined
  return { name: SUDO_USER, uid, gid }
}

/** The account of a name, as the system's own databases have it: getpwnam(3). */
async function findAccount(name: string): Promise<Account> {
  const koffi = await loadKoffi()
  const getpwnam = koffi.load(null).func('void *getpwnam(const char *name)')
  const entry: bigint | null = getpwnam(name)
  if (entry === null) throw new CaptureError('USER', `there is no user ${name}`)
  // struct passwd begins so on Linux and macOS
  const passwd = koffi.struct({ name: 'void *', password: 'void *', uid: 'uint32_t', gid: 'uint32_t' })
  const { uid, gid } = koffi.decode(entry, passwd) as { uid: number; gid: number }
  return { name, uid, gid }
}

/**
 * Becomes `account` for good, its groups included. Only in the main thread, where Node allows it.
 *
 * @throws CaptureError USER
 */
export function become(account: Account): void {
  try {
    joinGroups(account)
    process.setgid?.(account.gid)
    process.setuid?.(account.uid)
  } catch (cause) {
    throw new CaptureError('USER', `cannot go on as ${account.name}: ${(cause as Error).message}`, [], { cause })
  }
  if (process.geteuid?.() === 0) throw new CaptureError('USER', `cannot go on as ${account.name}: root is not given up`)
}

/** Node has it, its types don't. */
const { initgroups } = process as { initgroups?: (user: string, group: number) => void }

function joinGroups({ name, gid }: Account): void {
  try {
    initgroups?.(name, gid)
  } catch {
    // sudo's user need not be in this system's database: a container, say
    process.setgroups?.([gid])
  }
}

/**
 * Opens the file that packets go to; `-` is standard output.
 *
 * @param account who it is for: it is opened as that user would open it. Where that user may not, and only then, root's
 * rights make a new file there, or overwrite one that is the user's own: the user gets no file of anybody else's.
 * @param more whether more files will be created beside it, which the user must be able to do
 * @throws CaptureError OUTPUT; UsageError when standard output is a terminal
 */
export function openOutput(path: string, account: Account | undefined, more: boolean): number {
  if (path === '-') {
    if (isatty(1)) {
      throw new UsageError(
        'standard output is a terminal: name a file, or pipe the capture on, as in: -w - | wireshark -k -i -',
      )
    }
    return 1
  }
  try {
    return account === undefined ? openSync(path, 'w', 0o644) : openFor(path, account, more)
  } catch (cause) {
    if (cause instanceof CaptureError) throw cause
    throw new CaptureError('OUTPUT', `${path} cannot be written: ${reason(cause)}`, [], { cause })
  }
}

function openFor(path: string, account: Account, more: boolean): number {
  try {
    return as(account, () => openSync(path, 'w', 0o644))
  } catch (error) {
    if (more || !['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
  try {
    const descriptor = openSync(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o644)
    fchownSync(descriptor, account.uid, account.gid)
    return descriptor
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const descriptor = openSync(path, O_NOFOLLOW | O_WRONLY)
  const found = fstatSync(descriptor)
  if (found.isFile() && found.uid === account.uid && found.nlink === 1) {
    ftruncateSync(descriptor)
    return descriptor
  }
  closeSync(descriptor)
  throw new CaptureError('OUTPUT', `${path} cannot be written: it is not ${account.name}'s`)
}

/** Does something with the rights of an account, and takes root's back. */
function as<T>(account: Account, action: () => T): T {
  joinGroups(account)
  process.setegid?.(account.gid)
  process.seteuid?.(account.uid)
  try {
    return action()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'no permission'
    case 'ENOENT':
      return 'there is no such directory'
    case 'EISDIR':
      return 'it is a directory'
    case 'EROFS':
      return 'the file system is read-only'
    case 'ENOSPC':
      return 'no space is left'
    default:
      return (error as Error).message
  }
}
