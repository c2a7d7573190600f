import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import { ProbeTarget } from '../../domain/probe/request.ts'
import { silentLog } from '../log.ts'
import { openStore, type Store } from '../store/store.ts'
import { hang } from '../testing/fake-world.ts'
import { type Makings, openMakings } from './makings.ts'
import type { OpenedTarget } from './targets/target.ts'

const ID = 'probe-20261121-203315-3f9c2a'
const AWS = ProbeTarget.parse({ kind: 'aws', region: 'us-west-2' })
const HOST = ProbeTarget.parse({ kind: 'host', host: '192.0.2.1' })
const OPENED: OpenedTarget = {
  name: 'somewhere',
  place: 'here',
  host: '203.0.113.10',
  iperf3Port: 5201,
  echoPort: 7011,
  sourceFile: null,
  endpoints: [],
  hostAddress: null,
  region: null,
}

let directory: string
let store: Store
/** What is there, by probe. */
let there: Set<string>
let told: string[]
let fails: Error | null
let opens: () => Promise<OpenedTarget>
let removes: () => Promise<void>
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  store = openStore(join(directory, 'mole.sqlite'), 0)
  there = new Set()
  told = []
  fails = null
  opens = async () => OPENED
  removes = async () => undefined
})
afterEach(async () => {
  store.close()
  await rm(directory, { recursive: true, force: true })
})

/** Those of an engine. */
const engine = (): Makings =>
  openMakings({
    store,
    log: silentLog,
    activity: { add: (_, kind) => void told.push(kind) },
    onSettled: () => undefined,
    maker: {
      open: async (_, { id }) => {
        there.add(id)
        return opens()
      },
      remove: async (_, { id }) => {
        await removes()
        if (fails !== null) throw fails
        there.delete(id)
      },
    },
  })

const open = (makings: Makings, target: ProbeTarget = AWS): Promise<OpenedTarget> =>
  makings.open(target, { id: ID, tell: () => undefined, signal: new AbortController().signal })

describe('what is made for a probe', () => {
  it('is written down before it is made, until it is gone', async () => {
    const makings = engine()
    let noted: unknown
    opens = async () => {
      noted = store.probeSites()
      return OPENED
    }
    await open(makings)
    expect(noted).toEqual([{ probeId: ID, target: AWS }])
    makings.remove(ID)
    expect(makings.isBusy()).toBe(true)
    await makings.settled()
    expect([makings.isBusy(), there.size, store.probeSites()]).toEqual([false, 0, []])
    expect(told).toEqual(['probe.cleaned'])
  })

  it('is not written down where nothing is made', async () => {
    const makings = engine()
    await open(makings, HOST)
    expect(store.probeSites()).toEqual([])
    makings.remove(ID)
    expect(makings.isBusy()).toBe(false)
  })

  it('is taken away by the next engine where one was killed, also half-made', async () => {
    opens = hang
    void open(engine())
    const next = engine()
    next.recover()
    await next.settled()
    expect([there.size, store.probeSites()]).toEqual([0, []])
  })

  it('is left alone while it is measured towards', async () => {
    const makings = engine()
    await open(makings)
    makings.recover()
    expect(makings.isBusy()).toBe(false)
    expect(there.size).toBe(1)
  })

  it('is told of, kept in mind and tried again where it does not go', async () => {
    const makings = engine()
    await open(makings)
    fails = new MoleError('credentials-expired', 'Log in again.')
    makings.remove(ID)
    await makings.settled()
    expect([told, store.probeSites().length]).toEqual([['probe.left'], 1])
    fails = null
    makings.recover()
    await makings.settled()
    expect([told, store.probeSites()]).toEqual([['probe.left', 'probe.cleaned'], []])
  })

  it('goes on with the next engine where this one does not wait for it', async () => {
    const makings = engine()
    await open(makings)
    const { promise, reject } = Promise.withResolvers<void>()
    removes = () => promise
    makings.remove(ID)
    const closed = makings.close(1)
    setTimeout(() => reject(new Error('given up')), 20)
    await closed
    expect([told, store.probeSites().length]).toEqual([[], 1])
  })
})
