import { MoleError } from '../../contract/errors.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbeRequest } from '../../domain/probe/request.ts'
import type { Report } from '../report.ts'
import type { Engine, World } from '../world.ts'
import { openProbeProgress } from './progress.ts'

const FIRST = 'Cancelling; what was found is kept. Press Ctrl-C again to leave that to the engine.'

const left = (id: string): MoleError =>
  new MoleError('cancelled', 'Left: the engine ends the probe in the background.', {
    meaning: 'What it had found is kept.',
    nextStep: `"mole probes show ${id}" shows it.`,
  })

type Interruption = {
  readonly signal: AbortSignal
  /** From here on it is ours that runs: cancels what was cancelled before. */
  begun(): void
  stop(): void
}

/** The first Ctrl-C cancels the probe, the second leaves that to the engine. */
const cancelOnInterrupt = (world: World, report: Report, engine: Engine): Interruption => {
  const leave = new AbortController()
  let presses = 0
  let isOurs = false
  // Before ours has begun it would end somebody else's. Whether it has ended in this very moment is seen on the stream.
  const cancel = (): void => {
    if (isOurs) void engine.call('probe.cancel', {}).catch(() => {})
  }
  const stop = world.onInterrupt(() => {
    presses += 1
    if (presses > 1) return leave.abort()
    report.note(FIRST)
    cancel()
  })
  const begun = (): void => {
    isOurs = true
    if (presses > 0) cancel()
  }
  return { signal: leave.signal, begun, stop }
}

/** Follows a probe to its end and tells how far it is. */
const follow = async (
  engine: Engine,
  id: string,
  signal: AbortSignal,
  show: (probe: ProbeReport) => void,
): Promise<ProbeReport> => {
  for await (const probe of engine.stream('probe.watch', {}, { signal })) {
    if (probe === null) continue
    // Somebody has begun another one since: ours has ended.
    if (probe.id !== id) break
    show(probe)
    if (probe.state !== 'running') return probe
  }
  if (signal.aborted) throw left(id)
  return engine.call('probe.read', { id })
}

/**
 * Has the engine probe, and tells how far it is, to its end. Ctrl-C cancels it.
 * @throws MoleError `conflict` while another probe runs, `cancelled` when the person leaves it to the engine, `disconnected`.
 */
export const runProbe = async (
  world: World,
  report: Report,
  engine: Engine,
  request: ProbeRequest,
): Promise<ProbeReport> => {
  const interruption = cancelOnInterrupt(world, report, engine)
  const progress = openProbeProgress(world, report.isQuiet)
  let id = ''
  try {
    id = (await engine.call('probe.start', request)).id
    interruption.begun()
    return await follow(engine, id, interruption.signal, progress.show)
  } catch (error) {
    if (interruption.signal.aborted && id !== '') throw left(id)
    throw error
  } finally {
    progress.end()
    interruption.stop()
  }
}
