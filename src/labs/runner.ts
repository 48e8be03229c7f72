/** A lab program on its own: `node dist/labs/runner.js TASK`, where TASK is a ServeTask or ClientTask as JSON. */
import { run } from './run.js'
import type { ClientTask, ServeTask } from './task.js'

run(JSON.parse(process.argv[2] ?? '') as ServeTask | ClientTask)
