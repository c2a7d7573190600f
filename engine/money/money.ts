import type { Money } from '../../contract/app.ts'
import { type AlertLevel, alertsCrossed } from '../../domain/money/budget.ts'
import { reckonMoney } from '../../domain/money/reckon.ts'
import { addTraffic, type CounterReading, grownBy } from '../../domain/money/traffic.ts'
import { ASSUMPTIONS } from '../../domain/planner/conditions.ts'
import { renderUsd } from '../../domain/planner/figures.ts'
import type { PriceTable } from '../../domain/planner/price-table.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Machine } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { SpendingRecord } from '../store/spending-table.ts'
import type { Store } from '../store/store.ts'
import { machinesSeen } from './machines-seen.ts'

/** What the deployment costs: kept over restarts, and told of when the budget goes. */
export type MoneyBooks = {
  /**
   * Takes in which machines the cloud says there are: every one that is paid for, and none else. Call it after each
   * look that succeeded; the first also says which deployment `current` speaks of. Of a plan without `aws`: nothing.
   */
  observe(deploymentId: string, plan: DeploymentPlan, machines: readonly Machine[]): void
  /**
   * Takes in the tunnels' counters as they are now, in bytes on the wire (`wireBytes`). What they grew by since the last
   * reading, also one of an engine before this, is new; a counter that shrank began again at 0.
   */
  count(readings: readonly CounterReading[]): void
  /** `null` where nothing that costs money was deployed. */
  current(): Money | null
  /** The deployment is gone, proven: what was noted of it goes too. */
  forget(deploymentId: string): void
}

type Options = {
  readonly store: Pick<Store, 'spending' | 'saveSpending' | 'forgetSpending'>
  /** What was up when the engine before this one ended. */
  readonly recorded: DeploymentRecord | null
  readonly clock: Pick<Clock, 'wallMs'>
  readonly activity: Pick<Activity, 'add'>
  readonly readTable: () => PriceTable
  /** The budget is used up, and the plan says `shut-down`. Called again if it fails, and by the next engine. */
  readonly onBudgetUsed: () => Promise<void>
}

/** A shut-down that was not possible is tried again no sooner: each try asks the cloud what there is. */
const SHUT_DOWN_EVERY_MS = 60_000

/** Readings come once a second: so often they are written down. Nothing is lost between: counters are read whole. */
const WRITE_EVERY_MS = 10_000

type Subject = { readonly deploymentId: string; readonly plan: DeploymentPlan }

const NONE = { machines: [], traffic: [], counters: [], alertedPercent: 0 } as const

const alertText = (level: AlertLevel, { budgetUsd, budgetShare, atBudget }: Money): string => {
  const [used, all] = [renderUsd((budgetShare ?? 0) * (budgetUsd ?? 0)), renderUsd(budgetUsd ?? 0)]
  if (level < 100) return `${level} % of the budget is used: ${used} of ${all}.`
  const then =
    atBudget === 'shut-down' ? 'The deployment is taken down, as asked.' : 'The deployment goes on, and costs more.'
  return `The budget of ${all} is used up: ${used}. ${then}`
}

/** Notes what a deployment costs, in the store, so that no restart forgets it. */
export const openMoney = ({ store, recorded, clock, activity, readTable, onBudgetUsed }: Options): MoneyBooks => {
  let subject: Subject | null = recorded === null ? null : { deploymentId: recorded.id, plan: recorded.plan }
  let record = readRecord(store, subject)
  let writtenAtMs = Number.NEGATIVE_INFINITY
  let isShutDown = false
  let triedAtMs = Number.NEGATIVE_INFINITY

  const write = (): void => {
    if (record === null) return
    store.saveSpending(record)
    writtenAtMs = clock.wallMs()
  }

  const current = (): Money | null => {
    const aws = subject?.plan.aws ?? null
    const region = aws?.region ?? record?.machines.at(-1)?.region
    if (aws === null || record === null || region === undefined) return null
    const { machines, traffic } = record
    const { budgetUsd, atBudget } = aws
    const spending = { region, machines, traffic, diskGb: ASSUMPTIONS.diskGb, budgetUsd, atBudget }
    return reckonMoney(spending, readTable(), clock.wallMs())
  }

  const shutDown = async (): Promise<void> => {
    const atMs = clock.wallMs()
    if (isShutDown || Math.abs(atMs - triedAtMs) < SHUT_DOWN_EVERY_MS) return
    triedAtMs = atMs
    isShutDown = true
    try {
      await onBudgetUsed()
    } catch {
      // Another act was in the way, or the cloud cannot be asked: it is tried again with a later reading.
      isShutDown = false
    }
  }

  const judge = (): void => {
    const money = current()
    if (money === null || record === null || money.budgetShare === null) return
    const { budgetShare } = money
    // Of a budget that was raised, what was told of the smaller one says nothing.
    const told = alertsCrossed(0, budgetShare).at(-1) ?? 0
    if (told < record.alertedPercent) record = { ...record, alertedPercent: told }
    if (budgetShare < 1) isShutDown = false
    const crossed = alertsCrossed(record.alertedPercent, budgetShare)
    for (const level of crossed)
      activity.add(level === 100 ? 'error' : 'warning', `budget.${level}`, alertText(level, money))
    const highest = crossed.at(-1)
    if (highest !== undefined) {
      record = { ...record, alertedPercent: highest }
      write()
    }
    if (money.atBudget === 'shut-down' && budgetShare >= 1) void shutDown()
  }

  const begin = (deploymentId: string, plan: DeploymentPlan): void => {
    const isSame = subject?.deploymentId === deploymentId
    subject = { deploymentId, plan }
    if (isSame) return
    record = readRecord(store, subject)
    isShutDown = false
    triedAtMs = Number.NEGATIVE_INFINITY
  }

  return {
    observe: (deploymentId, plan, machines) => {
      begin(deploymentId, plan)
      if (record === null) return
      record = { ...record, machines: machinesSeen(record.machines, machines, clock.wallMs()) }
      write()
      judge()
    },
    count: (readings) => {
      if (record === null) return
      const atMs = clock.wallMs()
      for (const reading of readings) record = counted(record, reading, atMs)
      if (Math.abs(atMs - writtenAtMs) >= WRITE_EVERY_MS) write()
      judge()
    },
    current,
    forget: (deploymentId) => {
      store.forgetSpending(deploymentId)
      if (subject?.deploymentId !== deploymentId) return
      subject = null
      record = null
    },
  }
}

/** `null` where the deployment costs nothing, or there is none. */
const readRecord = (store: Pick<Store, 'spending'>, subject: Subject | null): SpendingRecord | null =>
  subject === null || subject.plan.aws === null
    ? null
    : (store.spending(subject.deploymentId) ?? { deploymentId: subject.deploymentId, ...NONE })

const counted = (record: SpendingRecord, reading: CounterReading, atMs: number): SpendingRecord => ({
  ...record,
  traffic: addTraffic(
    record.traffic,
    grownBy(
      record.counters.find(({ name }) => name === reading.name),
      reading,
    ),
    atMs,
  ),
  counters: [...record.counters.filter(({ name }) => name !== reading.name), reading],
})
