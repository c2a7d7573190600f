import { afterEach, expect, it } from 'vitest'
import type { AppContract, DeploymentView } from '../../contract/app.ts'
import type { Client } from '../../contract/define.ts'
import { runInside } from '../cloud/lab/testing/inside.ts'
import { type LabEngine, openLabEngine } from '../testing/lab-engine.ts'

/** Keys are replaced under real traffic of the lab, through which not a packet is lost. */

type Engine = Client<AppContract>

let here: LabEngine | null = null

const openEngine = async (): Promise<Engine> => {
  here = await openLabEngine({})
  return here.engine
}

/** The view in which the newest act has ended. */
const ended = async (engine: Engine): Promise<DeploymentView> => {
  for await (const view of engine.stream('deployment.watch', {}, { signal: AbortSignal.timeout(60_000) }))
    if (view.act !== null && view.act.state !== 'running') return view
  throw new Error('the engine ended')
}

afterEach(async () => {
  if (here === null) return
  const { engine, close } = here
  here = null
  try {
    await engine.call('deployment.teardown', {})
    const { phase, problem } = await ended(engine)
    if (phase !== 'none') throw new Error(`not taken away: ${JSON.stringify(problem)}`)
  } finally {
    await close()
  }
})

const PACKET_BYTES = 200
const SECONDS = 9

type Bytes = { readonly bytes: number }
type Report = {
  readonly end: {
    readonly sum_sent: Bytes
    readonly sum_received: Bytes
    readonly sum_sent_bidir_reverse: Bytes
    readonly sum_received_bidir_reverse: Bytes
  }
}

/** Packets there and back, flows that only come back among them: how many were sent, and how many were lost. */
const countPackets = async (pid: number, address: string): Promise<{ sent: number; lost: number }> => {
  const flows = ['--bidir', '--parallel', '2', '--bitrate', '160k', '--length', String(PACKET_BYTES)]
  const text = await runInside(
    pid,
    'iperf3',
    '--client',
    address,
    '--udp',
    '--json',
    '--time',
    String(SECONDS),
    ...flows,
  )
  const { end } = JSON.parse(text) as Report
  const sent = end.sum_sent.bytes + end.sum_sent_bidir_reverse.bytes
  const received = end.sum_received.bytes + end.sum_received_bidir_reverse.bytes
  return { sent: sent / PACKET_BYTES, lost: (sent - received) / PACKET_BYTES }
}

it('moves all that a tunnel carries to new keys, and loses none of it', async () => {
  const engine = await openEngine()
  await engine.call('deployment.deploy', { plan: { tunnels: 1 } })
  const before = await ended(engine)
  const { pid } = await engine.call('lab.world', {})
  const counting = countPackets(pid, before.bastions[0]?.resourceAddress ?? '')
  counting.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await engine.call('deployment.rotate', {})
  const after = await ended(engine)
  expect(after).toMatchObject({ phase: 'connected', act: { verb: 'rotate', state: 'done' } })
  expect(after.tunnels[0]).toMatchObject({ interfaceName: 'mole101', endpoint: expect.stringContaining(':51829') })
  expect(after.tunnels[0]?.publicKey).not.toBe(before.tunnels[0]?.publicKey)
  expect(await runInside(pid, 'wg', 'show', 'interfaces')).toBe('mole101\n')
  const { sent, lost } = await counting
  expect(sent).toBeGreaterThan(1000)
  // The last packets of a run may be under way when iperf3 stops counting.
  expect(lost).toBeLessThan(5)
})
