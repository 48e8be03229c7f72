#!/usr/bin/env node
// before anything else is loaded: without a listener, Node opens its debugger to whoever sends this signal
process.on('SIGUSR1', () => {})
const { main } = await import('../dist/bin/main.js')
await main(process.argv)
