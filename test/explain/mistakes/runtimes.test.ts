/** Programs of other languages, without a mistake: what their runtimes do behind them is no mistake either. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compile, missing, placeFor, play } from './traced.js'

/** The interpreter itself, not a script that looks for one. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout?.toString().trim()
const rustc = spawnSync('rustc', ['--version']).status === 0 ? 'rustc' : undefined
const go = spawnSync('go', ['version']).status === 0 ? 'go' : undefined

function script(name: string, text: string): string {
  const path = placeFor(name)
  writeFileSync(path, text)
  return path
}

const NODE_SERVER = `
const server = require('node:net').createServer((socket) => socket.pipe(socket))
server.listen(Number(process.argv[2]), '0.0.0.0')`

const NODE_CLIENT = `
const socket = require('node:net').connect(Number(process.argv[2]), 'localhost', () => socket.end('hello from node'))
socket.resume()`

const PYTHON_THREADS = `
import socketserver, sys
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(('0.0.0.0', int(sys.argv[1])), Echo).serve_forever()`

const PYTHON_FORKS = PYTHON_THREADS.replaceAll('Threading', 'Forking')

const PYTHON_CLIENT = `
import socket, subprocess, sys
with socket.create_connection(('localhost', int(sys.argv[1]))) as s:
    s.sendall(b'hello from python\\n')
    s.shutdown(socket.SHUT_WR)
    while s.recv(100):
        pass
subprocess.run(['true'], check=True)`

const RUST_SERVER = `
use std::io::{Read, Write};
fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    for stream in std::net::TcpListener::bind(("0.0.0.0", port)).unwrap().incoming() {
        std::thread::spawn(move || {
            let mut stream = stream.unwrap();
            let mut buffer = [0; 100];
            loop {
                let n = stream.read(&mut buffer).unwrap();
                if n == 0 { break }
                stream.write_all(&buffer[..n]).unwrap();
            }
        });
    }
}`

const GO_SERVER = `package main
import ("io"; "net"; "os")
func main() {
	l, err := net.Listen("tcp", "0.0.0.0:"+os.Args[1])
	if err != nil { panic(err) }
	for {
		c, err := l.Accept()
		if err != nil { panic(err) }
		go func() { io.Copy(c, c); c.Close() }()
	}
}`

const echo = () => [compile('echo_client'), '127.0.0.1', 'PORT']

describe.skipIf(missing !== undefined)(
  `a correct program is not accused${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    test('in Node', async () => {
      const client = [process.execPath, script('client.cjs', NODE_CLIENT), 'PORT']
      const result = await play({
        server: [process.execPath, script('server.cjs', NODE_SERVER), 'PORT'],
        clients: [client, echo()],
      })
      expect(result.mistakes).toEqual([])
      expect(result.timelines.length).toBe(2)
    })

    test.skipIf(!python).each([
      ['with threads', PYTHON_THREADS],
      ['with processes', PYTHON_FORKS],
    ])(`in Python, ${python ? '' : '(skipped: no python3) '}%s`, async (_, server) => {
      const run = (text: string) => [python ?? '', script(`program-${text.length}.py`, text), 'PORT']
      const result = await play({ server: run(server), clients: [run(PYTHON_CLIENT), echo()], patience: 1500 })
      expect(result.mistakes).toEqual([])
      expect(result.timelines.length).toBe(2)
    })

    test.skipIf(!rustc)(`in Rust${rustc ? '' : ' (skipped: no rustc)'}`, async () => {
      const program = placeFor('rust-server')
      const built = spawnSync('rustc', ['-o', program, script('server.rs', RUST_SERVER)])
      expect(built.stderr.toString()).toBe('')
      expect((await play({ server: [program, 'PORT'], clients: [echo(), echo()] })).mistakes).toEqual([])
    })

    test.skipIf(!go)(`in Go${go ? '' : ' (skipped: no go)'}`, async () => {
      const program = placeFor('go-server')
      const built = spawnSync('go', ['build', '-o', program, script('server.go', GO_SERVER)])
      expect(built.status).toBe(0)
      expect((await play({ server: [program, 'PORT'], clients: [echo(), echo()] })).mistakes).toEqual([])
    })
  },
)
