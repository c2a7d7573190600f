import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { ProbeReport, ProbeSummary } from '../domain/probe/report.ts'
import { type Home, lineOf, makeHome, type Outcome } from './support/mole.ts'

/** `mole probe` as a person gives it: towards a site of known truth, towards another "mole", and ended midway. */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

const probeOf = ({ json }: Outcome): ProbeReport => (json as unknown as { probe: ProbeReport }).probe

const MEGABIT = 1e6
/** Ports of nobody, for whoever answers beside what else runs on this machine. */
const PORTS = ['--echo-port', '17011', '--iperf3-port', '15201']

test('towards a site of the lab it finds what the site is like, keeps it, and leaves nothing', async () => {
  const condition = 'rate=60M,mtu=1400,delay=30ms'
  const runs = ['--streams', '4', '--duration', '3s', '--direction', 'download', '--no-udp']
  const probe = await home.mole('probe', '--lab-condition', condition, ...runs)
  expect(probe.code, probe.stderr).toBe(0)
  const { mtu, latency, bandwidth, analysis, recommendation } = probeOf(probe)
  expect(mtu.result).toMatchObject({
    mtuBytes: { value: 1400 },
    innerMtuBytes: { value: 1340 },
    blackHole: false,
    limitedBy: 'path',
  })
  // Nothing on the way is quicker than what is added.
  expect(latency.result?.target?.minMs.value).toBeGreaterThanOrEqual(30)
  const [run] = bandwidth.result?.runs ?? []
  expect(run).toMatchObject({ streams: 4, goodputBitsPerSecond: { from: { kind: 'measured', tool: 'iperf3' } } })
  expect(run?.goodputBitsPerSecond.value).toBeGreaterThan(20 * MEGABIT)
  expect(run?.goodputBitsPerSecond.value).toBeLessThan(60 * MEGABIT)
  expect(analysis?.bottlenecks).toMatchObject([{ direction: 'download' }])
  expect(recommendation?.innerMtuBytes?.value).toBe(1340)

  const listed = await home.mole('probes')
  const { probes } = listed.json as unknown as { probes: ProbeSummary[] }
  expect(probes).toMatchObject([{ id: probeOf(probe).id, mtuBytes: 1400 }])
  const page = join(home.directory, 'report.html')
  expect((await home.mole('probes', 'show', 'latest', '--html', page)).code).toBe(0)
  expect(readFileSync(page, 'utf8')).toContain('1400')
  expect(await home.leftovers()).toEqual([])
})

test('towards another "mole" that answers, it needs neither root nor a lab; where nobody answers it says so', async () => {
  const answerer = home.start('mole', ['probe', 'answer', ...PORTS])
  await lineOf(answerer, /^Answering on UDP port 17011/)
  const quick = await home.mole('probe', '127.0.0.1', ...PORTS, '--quick', '--regions', 'none')
  expect(quick.code, quick.stderr).toBe(0)
  // The loopback takes 65536: what ends the search is what was to be tried.
  expect(probeOf(quick).mtu.result).toMatchObject({ by: 'udp', mtuBytes: { value: 9000 }, limitedBy: 'ladder' })
  expect(probeOf(quick).interface.result?.name).toBe('lo')

  answerer.kill('SIGINT')
  expect((await once(answerer, 'exit'))[0]).toBe(0)
  const alone = await home.mole('probe', '127.0.0.1', ...PORTS, '--parts', 'interface,bandwidth', '--duration', '1s')
  expect(alone.code).toBe(6)
  expect(probeOf(alone)).toMatchObject({ state: 'done', interface: { state: 'done' }, bandwidth: { state: 'failed' } })
  expect(probeOf(alone).bandwidth.problem?.nextStep).toMatch(/\S/)
})

test('Ctrl-C ends it midway: what it had found is kept, and nothing is left', async () => {
  const child = home.start('mole', ['probe', '--lab', '--duration', '60s'])
  let said = ''
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('✓ Path MTU')) resolve()
    })
  })
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code, said).toBe(130)
  const shown = probeOf(await home.mole('probes', 'show', 'latest'))
  expect(shown).toMatchObject({ state: 'cancelled', mtu: { result: { mtuBytes: { value: 1500 } } } })
  expect(existsSync(join(home.directory, 'mole', 'lab'))).toBe(false)
  expect(await home.leftovers()).toEqual([])
})
