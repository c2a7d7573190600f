import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Act, Step } from '../../contract/app.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { ProbeRequest } from '../../domain/probe/request.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { newReport } from '../probe/new-report.ts'
import { KEEP_EVENTS } from './event-table.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts'
import { openStore } from './store.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))
const path = () => join(directory, 'mole.sqlite')

const record = {
  id: 'lab-3f9c2a',
  plan: DeploymentPlan.parse({ tunnels: 3 }),
  profile: 'beamline-7',
  desired: 'up' as const,
  bastions: [
    {
      index: 1,
      launch: 1,
      machineId: 'lab-3f9c2a-b1',
      hostKeys: null,
      ends: [
        {
          slot: 1,
          lane: 0 as const,
          publicKey: 'k',
          address: '203.0.113.10',
          port: 51_821,
          role: 'carrying' as const,
          sinceMs: null,
          renewed: false,
        },
      ],
      spares: [],
    },
  ],
  createdAtMs: 1,
  connectedAtMs: null,
  tuned: [],
}
/** The same as versions before key rotation wrote it. */
const OLD_ENDS = JSON.stringify([{ slot: 1, publicKey: 'k', address: '203.0.113.10', port: 51_821 }])
const step: Step = {
  id: 'verify',
  title: 't',
  state: 'running',
  startedAtMs: 5,
  endedAtMs: null,
  log: ['a'],
  problem: null,
}
const act: Act = { verb: 'deploy', state: 'running', startedAtMs: 4, endedAtMs: null, steps: [] }

describe('store', () => {
  it('gives back after reopening what was saved', () => {
    const first = openStore(path(), 0)
    first.saveDeployment(record)
    const id = first.beginAct(record.id, act)
    first.saveStep(id, 0, step)
    first.saveStep(id, 0, { ...step, state: 'done', endedAtMs: 6 })
    first.close()
    const second = openStore(path(), 0)
    expect(second.deployment()).toEqual(record)
    expect(second.lastAct()).toEqual({
      id,
      deploymentId: record.id,
      act: { ...act, steps: [{ ...step, state: 'done', endedAtMs: 6 }] },
    })
    second.forgetDeployment()
    expect(second.deployment()).toBeNull()
    second.close()
  })

  it('is readable after a death without close', () => {
    openStore(path(), 0).saveDeployment(record)
    const second = openStore(path(), 0)
    expect(second.deployment()).toEqual(record)
    second.close()
  })

  it('keeps a bounded number of events, the newest', () => {
    const store = openStore(path(), 0)
    for (let n = 1; n <= 30; n++) store.addEvent({ atMs: n, level: 'info', kind: 'test.event', text: `event ${n}` })
    expect(store.recentEvents(3).map((event) => event.text)).toEqual(['event 28', 'event 29', 'event 30'])
    store.close()
    const raw = new DatabaseSync(path())
    raw.exec(`UPDATE sqlite_sequence SET seq = ${KEEP_EVENTS + 20} WHERE name = 'events'`)
    raw.close()
    const again = openStore(path(), 0)
    again.addEvent({ atMs: 99, level: 'info', kind: 'test.event', text: 'last' })
    expect(again.recentEvents(5000).map((event) => event.id)).toEqual([
      22,
      23,
      24,
      25,
      26,
      27,
      28,
      29,
      30,
      KEEP_EVENTS + 21,
    ])
    again.close()
  })

  it('moves a damaged database aside and begins anew', async () => {
    await writeFile(path(), 'this is no database, and it is long enough to be looked at as one'.repeat(40))
    const before = await readFile(path())
    const store = openStore(path(), Date.UTC(2026, 0, 2))
    expect(store.setAside).toContain('mole.sqlite.damaged-2026-01-02')
    expect(await readFile(store.setAside ?? '')).toEqual(before)
    expect(store.deployment()).toBeNull()
    store.close()
  })

  it('moves a database with a torn page aside', async () => {
    const store = openStore(path(), 0)
    store.saveDeployment(record)
    store.close()
    const bytes = await readFile(path())
    bytes.fill(0xff, 4096 + 8)
    await writeFile(path(), bytes)
    const again = openStore(path(), 0)
    expect(again.setAside).not.toBeNull()
    again.close()
    expect((await readdir(directory)).some((name) => name.includes('damaged'))).toBe(true)
  })

  it('refuses a newer database and leaves it untouched', async () => {
    const raw = new DatabaseSync(path())
    raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    raw.close()
    const before = await readFile(path())
    expect(() => openStore(path(), 0)).toThrowError(
      expect.objectContaining({ code: 'not-available', message: expect.stringContaining('newer') }),
    )
    expect(await readFile(path())).toEqual(before)
    expect(await readdir(directory)).toEqual(['mole.sqlite'])
  })

  it('reads what a version without profiles wrote', () => {
    const [first = ''] = MIGRATIONS
    const { minTunnels: _min, maxTunnels: _max, carriage: _carriage, tuning: _tuning, ...plan } = record.plan
    const raw = new DatabaseSync(path())
    raw.exec(`${first}; PRAGMA user_version = 1`)
    raw
      .prepare('INSERT INTO deployments (id, plan, desired, ends, created_at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(record.id, JSON.stringify(plan), record.desired, OLD_ENDS, record.createdAtMs)
    raw.close()
    const store = openStore(path(), 0)
    expect(store.setAside).toBeNull()
    expect(store.deployment()).toEqual({ ...record, profile: null })
    expect(store.lastProfileUse('beamline-7')).toBeNull()
    store.saveDeployment(record)
    store.close()
    const again = openStore(path(), 0)
    expect(again.deployment()).toEqual(record)
    again.close()
  })

  it.each([record.bastions[0]?.ends ?? null, null])('reads what a version of one bastion wrote (ends: %j)', (ends) => {
    const [first = '', second = ''] = MIGRATIONS
    const { bastions: _bastions, aws: _aws, ...plan } = record.plan
    const raw = new DatabaseSync(path())
    raw.exec(`${first}; ${second}; PRAGMA user_version = 2`)
    raw
      .prepare(
        'INSERT INTO deployments (id, plan, desired, ends, created_at_ms, connected_at_ms, profile) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(record.id, JSON.stringify(plan), 'up', ends && OLD_ENDS, record.createdAtMs, 5, 'beamline-7')
    raw.exec("INSERT INTO profile_uses VALUES ('beamline-7', 5)")
    raw
      .prepare("INSERT INTO acts (deployment_id, verb, state, started_at_ms) VALUES (?, 'deploy', 'running', 4)")
      .run(record.id)
    raw.prepare('INSERT INTO steps VALUES (1, 0, ?)').run(JSON.stringify(step))
    raw.close()
    const store = openStore(path(), 0)
    expect(store.setAside).toBeNull()
    expect(store.deployment()).toEqual({
      ...record,
      desired: 'up',
      profile: 'beamline-7',
      connectedAtMs: 5,
      bastions:
        ends === null ? [] : [{ index: 1, launch: 1, machineId: `${record.id}-b1`, ends, hostKeys: null, spares: [] }],
    })
    expect(store.lastAct()?.act.steps).toEqual([step])
    expect([store.spending(record.id), store.lastProfileUse('beamline-7')]).toEqual([null, 5])
    store.close()
  })

  it('remembers when a profile was last connected, also under another name', () => {
    const store = openStore(path(), 0)
    store.noteProfileUse('one', 5)
    store.noteProfileUse('one', 7)
    store.noteProfileUse('two', 6)
    expect([store.lastProfileUse('one'), store.lastProfileUse('two')]).toEqual([7, 6])
    store.renameProfileUse('one', 'two')
    store.renameProfileUse('never', 'three')
    expect(['one', 'two', 'three'].map(store.lastProfileUse)).toEqual([null, 7, null])
    store.close()
  })

  it('keeps the newest hundred probes, and their reports', () => {
    const store = openStore(path(), 0)
    const probe = (at: number): ProbeReport =>
      newReport(ProbeRequest.parse({ target: { kind: 'none' } }), {
        id: `probe-20261121-${String(at).padStart(6, '0')}-000000`,
        startedAtMs: at,
        moleVersion: '0.0.0',
        hostName: 'dtn',
      })
    for (let at = 1; at <= 102; at += 1) store.saveProbe(probe(at), summarise(probe(at)))
    store.saveProbe({ ...probe(50), state: 'done' }, { ...summarise(probe(50)), state: 'done' })
    expect(store.probes().map(({ startedAtMs }) => startedAtMs)).toEqual(
      Array.from({ length: 100 }, (_, at) => 102 - at),
    )
    expect(store.probe(probe(102).id)).toEqual(probe(102))
    expect(store.probe(probe(50).id)?.state).toBe('done')
    expect(store.probe(probe(2).id)).toBeNull()
    store.forgetProbe(probe(102).id)
    expect(store.probes()[0]?.startedAtMs).toBe(101)
    store.close()
  })

  it('leaves out what a probe made that another version wrote down otherwise', () => {
    const site = { probeId: 'probe-20261121-203315-3f9c2a', target: { kind: 'none' } } as const
    const store = openStore(path(), 0)
    store.noteProbeSite(site)
    store.noteProbeSite({ probeId: 'probe-other', target: { kind: 'moon' } as never })
    expect(store.probeSites()).toEqual([site])
    store.close()
  })

  it('says that a recorded plan cannot be read', () => {
    openStore(path(), 0).saveDeployment({ ...record, plan: { ...record.plan, tunnels: 99 } })
    const store = openStore(path(), 0)
    expect(() => store.deployment()).toThrowError(expect.objectContaining({ code: 'drift' }))
    store.close()
  })
})

describe('a disk that fills up', () => {
  it('in the middle of beginning an act costs that act alone', () => {
    const store = openStore(path(), 0)
    const long = { ...act, steps: Array.from({ length: 10 }, () => ({ ...step, log: ['x'.repeat(4000)] })) }
    const full = new DatabaseSync(path())
    try {
      // A trigger stands for the disk: SQLite reports the full disk from the statement that needs the room.
      full.exec("CREATE TRIGGER full BEFORE INSERT ON steps BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
      expect(() => store.beginAct(record.id, long)).toThrow(/disk is full/)
      full.exec('DROP TRIGGER full')
      store.saveDeployment(record)
      const id = store.beginAct(record.id, long)
      expect(full.prepare('SELECT count(*) AS n FROM deployments').get()).toEqual({ n: 1 })
      expect(full.prepare('SELECT id FROM acts').all()).toEqual([{ id }])
    } finally {
      full.close()
      store.close()
    }
  })
})

describe('an act that turned back', () => {
  it('remembers the steps it has now, and none that it dropped', () => {
    const store = openStore(path(), 0)
    const failed: Step = { ...step, id: 'prepare-host', state: 'failed' }
    const pending = (id: Step['id']): Step => ({ ...step, id, state: 'pending', startedAtMs: null, log: [] })
    const id = store.beginAct(record.id, { ...act, steps: [failed, pending('make-keys'), pending('verify')] })
    store.saveSteps(id, [failed, pending('prove-clean')])
    expect(store.lastAct()?.act.steps.map((each) => each.id)).toEqual(['prepare-host', 'prove-clean'])
    store.close()
  })
})
