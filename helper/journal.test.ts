import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Journal, NOTHING_KNOWN, openJournal, type Settled } from './journal.ts'
import type { Operation } from './operation.ts'
import { bundle } from './testing/states.ts'

const RULE: Operation = { kind: 'rule', network: '10.200.0.0/24', to: true }
const NFT: Operation = { kind: 'nft', to: { clamp: true, deal: null, agents: [] }, was: null }
const ONE: Settled = { ...NOTHING_KNOWN, desired: bundle(1) }
const TWO: Settled = {
  ...NOTHING_KNOWN,
  desired: bundle(2),
  sysctlOrigins: [{ name: 'net.ipv4.conf.all.rp_filter', original: 0, ours: 2 }],
  limitsOrigin: { subflows: 2, accepted: 0 },
}

let directory: string
let path: string
const opened: Journal[] = []
const open = (world = 'world'): Journal => {
  const journal = openJournal(path, world)
  opened.push(journal)
  return journal
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  path = join(directory, 'helper.sqlite')
})
afterEach(() => {
  for (const journal of opened.splice(0)) {
    try {
      journal.close()
    } catch {
      // The test closed it.
    }
  }
  rmSync(directory, { recursive: true, force: true })
})

const reopen = (journal: Journal, world = 'world'): Journal => {
  journal.close()
  return open(world)
}

describe('journal', () => {
  it('knows nothing at first, and is readable by its owner alone', () => {
    const journal = open()
    expect(journal.generation()).toBe(0)
    expect(journal.settled()).toEqual(NOTHING_KNOWN)
    expect(journal.pending()).toBeNull()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('remembers a change that was begun, and what was before it', () => {
    const journal = open()
    journal.settle(ONE)
    journal.begin('applying', [RULE], TWO)
    journal.extend([NFT])
    const next = reopen(journal)
    expect(next.generation()).toBe(1)
    expect(next.settled()).toEqual(TWO)
    expect(next.pending()).toEqual({ phase: 'applying', deadlineMs: null, before: ONE, operations: [RULE, NFT] })
  })

  it('keeps the first state before, however many changes follow unconfirmed', () => {
    const journal = open()
    journal.settle(ONE)
    journal.begin('applying', [RULE], TWO)
    journal.await(5000, TWO)
    expect(journal.pending()).toMatchObject({ phase: 'waiting', deadlineMs: 5000 })
    journal.begin('applying', [NFT], ONE)
    expect(journal.pending()).toMatchObject({ phase: 'applying', before: ONE, operations: [RULE, NFT] })
  })

  it('forgets what is settled, and goes back when it was undone', () => {
    const journal = open()
    journal.begin('applying', [RULE], ONE)
    journal.settle()
    expect(journal.pending()).toBeNull()
    expect(journal.settled()).toEqual(ONE)
    journal.begin('applying', [NFT], TWO)
    journal.undone()
    expect(journal.pending()).toBeNull()
    expect(journal.settled()).toEqual(ONE)
    expect(journal.generation()).toBe(3)
  })

  it('forgets everything but the generation in another world: its things went with it', () => {
    const journal = open('boot-1')
    journal.begin('applying', [RULE], TWO)
    const next = reopen(journal, 'boot-2')
    expect(next.pending()).toBeNull()
    expect(next.settled()).toEqual(NOTHING_KNOWN)
    expect(next.generation()).toBe(1)
  })

  it('belongs to one helper at a time', () => {
    const journal = open()
    expect(() => openJournal(path, 'world')).toThrow(
      expect.objectContaining({ code: 'conflict', data: expect.objectContaining({ field: 'directory' }) }),
    )
    reopen(journal)
  })
})

/** Begins changes without end, saying after each that it is on disk. */
const WRITER = `
import { NOTHING_KNOWN, openJournal } from ${JSON.stringify(new URL('./journal.ts', import.meta.url).href)}
const journal = openJournal(process.argv[1], 'world')
const rule = { kind: 'rule', network: '10.200.0.0/24', to: true }
for (let n = 1; ; n += 1) {
  journal.begin('applying', [rule, rule], NOTHING_KNOWN)
  process.stdout.write(n + '\\n')
  await new Promise((resolve) => setImmediate(resolve))
}
`

describe('a journal whose writer is killed', () => {
  it('holds every change that was said to be on disk, and is free for the next', async () => {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    writer.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.length > 40) writer.kill('SIGKILL')
    })
    await once(writer, 'close')
    const last = Number(said.split('\n').at(-2))
    expect(last).toBeGreaterThan(0)
    const journal = open()
    expect(journal.generation()).toBeGreaterThanOrEqual(last)
    expect(journal.pending()?.operations).toHaveLength(journal.generation() * 2)
  })
})
