import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AwsPlan } from '../../domain/aws-plan.ts'
import { shippedTable } from '../../domain/planner/testing/shipped-table.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Machine } from '../cloud/provider.ts'
import { openStore, type Store } from '../store/store.ts'
import { type MoneyBooks, openMoney } from './money.ts'

const START = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000
const ID = 'aws-3f9c2a'

let directory = ''
let store: Store
let nowMs = START
let told: string[] = []
let used = 0
let refuses = false

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  store = openStore(join(directory, 'mole.sqlite'), START)
  nowMs = START
  told = []
  used = 0
  refuses = false
})
afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true })
})

const planWith = (aws: Partial<AwsPlan> = {}): DeploymentPlan =>
  DeploymentPlan.parse({
    target: 'aws',
    aws: AwsPlan.parse({ region: 'us-west-2', instanceTypes: ['c6gn.medium'], ...aws }),
  })

const record = (plan: DeploymentPlan) => ({
  id: ID,
  plan,
  profile: null,
  desired: 'up' as const,
  bastions: [],
  createdAtMs: START,
  connectedAtMs: null,
  tuned: [],
})

const machine = (instanceId: string, changes: Partial<Machine> = {}): Machine => ({
  instanceId,
  instanceType: 'c6gn.medium',
  zone: 'us-west-2a',
  market: 'on-demand',
  spotUsdPerHour: null,
  launchedAtMs: START,
  ...changes,
})

/** An engine's books over the store; again for the next engine. */
const open = (): MoneyBooks =>
  openMoney({
    store,
    recorded: store.deployment(),
    clock: { wallMs: () => nowMs },
    activity: { add: (level, kind, text) => told.push(`${level} ${kind}: ${text}`) },
    readTable: () => shippedTable,
    onBudgetUsed: async () => {
      used += 1
      if (refuses) throw new Error('another act runs')
    },
  })

const soFar = (books: MoneyBooks, name: string): number | null =>
  books.current()?.parts.find((part) => part.name === name)?.usdSoFar ?? null

const kinds = (): string[] => told.map((line) => line.split(' ')[1] ?? '')

describe('the books of a deployment', () => {
  it('say nothing of the lab, nor of nothing', () => {
    const books = open()
    expect(books.current()).toBeNull()
    books.observe('lab-1', DeploymentPlan.parse({}), [])
    books.count([{ name: 'mole1', bytesIn: 1e12, bytesOut: 1e12 }])
    expect(books.current()).toBeNull()
  })

  it('go on with time, between observations and over a restart, by what the store holds', () => {
    store.saveDeployment(record(planWith()))
    open().observe(ID, planWith(), [machine('i-1')])
    nowMs = START + 10 * HOUR
    const next = open()
    expect(soFar(next, 'instances')).toBeCloseTo(10 * 0.0432, 9)
    expect(soFar(next, 'public IPv4 addresses')).toBeCloseTo(10 * 0.005, 9)
    expect(next.current()?.usdPerHour).toBeGreaterThan(0.0432)
  })

  it('count a replaced machine until it was found gone, and take one back that comes into sight again', () => {
    const books = open()
    books.observe(ID, planWith(), [machine('i-1')])
    nowMs = START + 2 * HOUR
    const second = machine('i-2', { launchedAtMs: nowMs })
    books.observe(ID, planWith(), [second])
    nowMs = START + 5 * HOUR
    expect(soFar(books, 'instances')).toBeCloseTo((2 + 3) * 0.0432, 9)
    books.observe(ID, planWith(), [machine('i-1'), second])
    expect(soFar(books, 'instances')).toBeCloseTo((5 + 3) * 0.0432, 9)
    books.observe(ID, planWith(), [])
    nowMs = START + 9 * HOUR
    expect(soFar(books, 'instances')).toBeCloseTo((5 + 3) * 0.0432, 9)
    expect(books.current()?.usdPerHour).toBe(0)
  })

  it('remember what a Spot instance cost, and when', () => {
    const spot = (usd: number | null) => machine('i-1', { market: 'spot', spotUsdPerHour: usd })
    const books = open()
    store.saveDeployment(record(planWith()))
    books.observe(ID, planWith(), [spot(0.02)])
    nowMs = START + HOUR
    books.observe(ID, planWith(), [spot(0.01)])
    nowMs = START + 3 * HOUR
    books.observe(ID, planWith(), [spot(null)])
    expect(soFar(open(), 'instances')).toBeCloseTo(0.02 + 2 * 0.01, 9)
  })

  it('lose no byte when engine or helper begin again', () => {
    store.saveDeployment(record(planWith()))
    const first = open()
    first.observe(ID, planWith(), [machine('i-1')])
    first.count([{ name: 'mole1', bytesIn: 0, bytesOut: 100e9 }])
    // Not written down: the engine is killed within a second of it.
    nowMs += 1000
    first.count([{ name: 'mole1', bytesIn: 0, bytesOut: 150e9 }])
    const second = open()
    second.count([{ name: 'mole1', bytesIn: 0, bytesOut: 200e9 }])
    second.count([
      { name: 'mole1', bytesIn: 0, bytesOut: 30e9 },
      { name: 'mole2', bytesIn: 7, bytesOut: 1e9 },
    ])
    expect(soFar(second, 'data out')).toBeCloseTo((200 + 30 + 1) * 0.09, 6)
    expect(soFar(second, 'data in')).toBe(0)
  })

  it('forget a deployment that is gone, and nothing of another', () => {
    const books = open()
    books.observe(ID, planWith(), [machine('i-1')])
    books.observe('aws-other', planWith(), [machine('i-9')])
    books.forget(ID)
    expect([store.spending(ID), books.current() === null]).toEqual([null, false])
    books.forget('aws-other')
    expect([store.spending('aws-other'), books.current()]).toEqual([null, null])
  })
})

describe('a budget', () => {
  // An hour of one c6gn.medium with its address and disk is $0.0491: a tenth of a dollar is two hours and a little.
  const plan = (atBudget: 'alert' | 'shut-down') => planWith({ budgetUsd: 0.1, atBudget })

  it('is told of at 50, 80 and 100 %, each once, also over restarts', () => {
    store.saveDeployment(record(plan('alert')))
    for (const hours of [0.1, 1.1, 1.2, 1.7, 1.8, 2.1, 3, 4]) {
      nowMs = START + hours * HOUR
      open().observe(ID, plan('alert'), [machine('i-1')])
    }
    expect(kinds()).toEqual(['budget.50:', 'budget.80:', 'budget.100:'])
    expect(told[0]).toMatch(/^warning .* \$0\.05\d+ of \$0\.100/)
    expect(told[2]).toMatch(/^error .* goes on/)
    expect(used).toBe(0)
  })

  it('that was used while nobody looked is told of all the same, by the bytes too', () => {
    const books = open()
    books.observe(ID, plan('alert'), [machine('i-1')])
    expect(told).toEqual([])
    books.count([{ name: 'mole1', bytesIn: 0, bytesOut: 2e9 }])
    expect(kinds()).toEqual(['budget.50:', 'budget.80:', 'budget.100:'])
  })

  it('that was raised is told of anew, and shuts down anew', async () => {
    const books = open()
    const raised = planWith({ budgetUsd: 0.2, atBudget: 'shut-down' })
    books.observe(ID, plan('shut-down'), [machine('i-1')])
    nowMs = START + 2.1 * HOUR
    books.observe(ID, plan('shut-down'), [machine('i-1')])
    await Promise.resolve()
    expect(used).toBe(1)
    nowMs += 60_000
    books.observe(ID, raised, [machine('i-1')])
    expect([used, kinds().length]).toEqual([1, 3])
    nowMs = START + 5 * HOUR
    books.observe(ID, raised, [machine('i-1')])
    expect(kinds().slice(3)).toEqual(['budget.80:', 'budget.100:'])
    expect(used).toBe(2)
  })

  it('shuts down once if asked to, tries again when that was not possible, and by the next engine', async () => {
    store.saveDeployment(record(plan('shut-down')))
    const books = open()
    books.observe(ID, plan('shut-down'), [machine('i-1')])
    expect(used).toBe(0)
    nowMs = START + 3 * HOUR
    refuses = true
    books.count([])
    await Promise.resolve()
    refuses = false
    // Each try asks the cloud: not with every reading.
    books.count([])
    expect(used).toBe(1)
    nowMs += 60_000
    books.count([])
    await Promise.resolve()
    nowMs += 60_000
    books.count([])
    expect(used).toBe(2)
    expect(told.at(-1)).toContain('taken down')
    open().count([])
    expect([used, kinds().length]).toEqual([3, 3])
  })
})
