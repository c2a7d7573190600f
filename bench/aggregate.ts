import type { Carriage } from '../domain/carriage.ts'
import { median, printTable } from './statistics.ts'
import { type Place, runAt } from './support/inside.ts'
import { awaitAct, type Engine, withEngine } from './with-engine.ts'

/**
 * What 8 shaped paths carry together, against 8 times what one tunnel carries alone in the same round: dealt out in turn and by
 * the kernel's plain hash, by one Multipath TCP connection, and by one ordinary TCP connection through the relay. What the
 * receiver has got counts. `node bench/aggregate.ts [rounds] [seconds of each] [Mbit/s of a path]`; a table, and JSON. Each ratio
 * is the median of the rounds, of which each measures everything once, and draws the hash four times. Ends with 1 where a median is below what is wanted.
 */
const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = Number(process.argv[3] ?? 8)
const PATH_BITS_PER_SECOND = Number(process.argv[4] ?? 50) * 1e6
const TUNNELS = 8

type Kind = {
  readonly name: string
  readonly carriage: Partial<Carriage>
  readonly streams: number
  readonly protocol?: 'tcp' | 'mptcp'
  /** Plain iperf3, on ports of the kernel's choice: for the lab's own traffic they are chosen well. */
  readonly isPlain?: true
  /** Ratio to 8 × single. */
  readonly wanted?: number
}

const MPTCP = { strategy: 'roundrobin' } as const
const TURNS = { spread: 'round-robin', mptcp: MPTCP, relay: false } as const

const SINGLE: Kind = { name: '1 stream, one tunnel', carriage: TURNS, streams: 1 }
const EIGHT: Kind = { name: '8 streams, in turn', carriage: TURNS, streams: 8, wanted: 0.95 }
const HASHED: Kind = { name: '8 streams, hash', carriage: { ...TURNS, spread: 'hash' }, streams: 8, isPlain: true }
const KINDS: readonly Kind[] = [
  SINGLE,
  EIGHT,
  { name: '16 streams, in turn', carriage: TURNS, streams: 16, wanted: 0.95 },
  { name: '1 Multipath TCP connection', carriage: TURNS, streams: 1, protocol: 'mptcp', wanted: 0.92 },
  { name: '1 TCP connection, relay', carriage: { ...TURNS, relay: true }, streams: 1, wanted: 0.85 },
  HASHED,
  { name: '16 streams, hash', carriage: { ...TURNS, spread: 'hash' }, streams: 16, isPlain: true },
]
/** What 8 streams in turn are to carry against the same by the hash. */
const WANTED_OVER_HASH = 1.4

const adjust = async (engine: Engine, change: Partial<Carriage>): Promise<void> => {
  for await (const { plan } of engine.stream('deployment.watch', {})) {
    if (plan === null) throw new Error('nothing is up')
    await engine.call('deployment.adjust', { carriage: { ...plan.carriage, ...change } })
    break
  }
  await awaitAct(engine)
}

const byEngine = async (engine: Engine, { streams, protocol = 'tcp' }: Kind): Promise<number> => {
  await engine.call('traffic.start', { streams, durationSeconds: SECONDS, direction: 'upload', protocol })
  for await (const { running, report, problem } of engine.stream('traffic.watch', {})) {
    if (problem !== null) throw new Error(JSON.stringify(problem))
    if (!running && report !== null) return report.bitsPerSecond
  }
  throw new Error('the engine went away')
}

/** The hash is a lottery over ports of the kernel's choice: so many draws make a measurement. */
const DRAWS = 4

/** The server has been there since the private network was made. */
const drawn = async (lab: Place, resource: string, { streams }: Kind): Promise<number> => {
  const argv = ['--client', resource, '--time', String(SECONDS), '--parallel', String(streams), '--json']
  const { end } = JSON.parse(await runAt(lab, 'iperf3', ...argv)) as {
    end: { sum_received: { bits_per_second: number } }
  }
  return end.sum_received.bits_per_second
}

const plainly = async (lab: Place, resource: string, kind: Kind): Promise<number> => {
  let sum = 0
  for (let draw = 0; draw < DRAWS; draw += 1) sum += await drawn(lab, resource, kind)
  return sum / DRAWS
}

const mbit = (bitsPerSecond: number): string => (bitsPerSecond / 1e6).toFixed(1)

await withEngine(async (engine) => {
  await engine.call('deployment.deploy', {
    plan: {
      target: 'lab',
      tunnels: TUNNELS,
      labPathRateBitsPerSecond: PATH_BITS_PER_SECOND,
      carriage: TURNS,
      tuning: { apply: 'never' },
    },
  })
  const { bastions } = await awaitAct(engine)
  const resource = bastions[0]?.resourceAddress ?? ''
  const lab: Place = { pid: (await engine.call('lab.world', {})).pid, namespace: null }
  const measured = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]))
  let carriage: Partial<Carriage> = TURNS

  for (let round = 1; round <= ROUNDS; round += 1) {
    // Each round begins elsewhere: what warms up or wears off falls on all alike.
    const order = KINDS.map((_, at) => KINDS[(at + round - 1) % KINDS.length] as Kind)
    for (const kind of order) {
      if (kind.carriage !== carriage) await adjust(engine, kind.carriage)
      carriage = kind.carriage
      const rate = kind.isPlain ? await plainly(lab, resource, kind) : await byEngine(engine, kind)
      measured.get(kind)?.push(rate)
      console.error(`round ${round}: ${kind.name}: ${mbit(rate)} Mbit/s`)
    }
  }

  const ratesOf = (kind: Kind): number[] => measured.get(kind) ?? []
  const over = (kind: Kind, other: Kind, times: number): number =>
    median(ratesOf(kind).map((rate, round) => rate / (times * (ratesOf(other)[round] ?? Number.NaN))))
  const results = KINDS.map((kind) => ({
    name: kind.name,
    medianMbit: Number(mbit(median(ratesOf(kind)))),
    ratio: Number(over(kind, SINGLE, TUNNELS).toFixed(3)),
    wanted: kind === SINGLE ? null : (kind.wanted ?? null),
    mbit: ratesOf(kind).map((rate) => Number(mbit(rate))),
  }))
  const overHash = Number(over(EIGHT, HASHED, 1).toFixed(2))
  printTable(
    ['', 'Mbit/s', '÷ (8 × single)', 'wanted'],
    results.map(({ name, medianMbit, ratio, wanted }) => [name, medianMbit, ratio, wanted ?? '']),
  )
  console.log(`\n8 streams in turn ÷ 8 streams by the hash: ${overHash} (wanted: ${WANTED_OVER_HASH})\n`)
  console.log(
    JSON.stringify({ rounds: ROUNDS, seconds: SECONDS, pathMbit: PATH_BITS_PER_SECOND / 1e6, results, overHash }),
  )
  const isLow = results.some(({ ratio, wanted }) => wanted !== null && ratio < wanted)
  if (isLow || overHash < WANTED_OVER_HASH) process.exitCode = 1
})
