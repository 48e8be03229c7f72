import { describe } from 'vitest'
import { testTable } from './support.js'
import { tables } from './tables/all.js'

for (const [name, table] of Object.entries(tables)) describe(name, () => testTable(table))
