import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startTimeOf } from './processes.ts'
import { findWorld, parseWorld } from './world-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'mole-'))
const write = (text: string): void => writeFileSync(join(directory, 'world.json'), text)
afterEach(() => rmSync(join(directory, 'world.json'), { force: true }))

describe('parseWorld', () => {
  it('reads what the world wrote', () => {
    expect(parseWorld('{"version":1,"pid":4711,"startTime":99}\n')).toEqual({ version: 1, pid: 4711, startTime: 99 })
  })
  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"version":1,"pid":1,"startTime":9}',
    '{"version":1,"pid":"5","startTime":9}',
    '{"version":2,"pid":5,"startTime":9}',
    '{"version":1,"pid":5,"startTime":-1}',
    '{"version":1,"pid":5,"startTime":1,"x":1}',
  ])('refuses %j', (text) => {
    expect(parseWorld(text)).toBeNull()
  })
})

describe('findWorld', () => {
  it('finds a live process by pid and start time', async () => {
    const startTime = await startTimeOf(process.pid)
    write(JSON.stringify({ version: 1, pid: process.pid, startTime }))
    expect(await findWorld(directory)).toEqual({ version: 1, pid: process.pid, startTime })
  })
  it('does not take a later process with the same pid for the world', async () => {
    const startTime = await startTimeOf(process.pid)
    write(JSON.stringify({ version: 1, pid: process.pid, startTime: (startTime ?? 0) + 1 }))
    expect(await findWorld(directory)).toBeNull()
  })
  it('finds none without a file', async () => {
    expect(await findWorld(directory)).toBeNull()
    rmSync(directory, { recursive: true })
    expect(await findWorld(directory)).toBeNull()
  })
})
