import { MoleError } from '../../../contract/errors.ts'
import { BASTION_PORTS, slotsOf } from '../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../cloud/provider.ts'
import { endsOf } from '../../store/deployment-table.ts'
import { firstServing } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { awaitEchoes, type Echoes } from './await-echoes.ts'

type Fetched = { readonly ok: true } | { readonly ok: false; readonly error: unknown }

/** Several tries of the helper: under full load a new connection through the relay takes seconds. */
const FETCH_PATIENCE_MS = 12_000
const RETRY_MS = 50

/** Fetches from the private subnet until the first payload byte is there; a flow may hash onto a dead tunnel, so it tries again. */
const fetchFirstByte = async (helper: HelperClient, context: StepContext, startedMs: number): Promise<Fetched> => {
  const { clock, signal, deploymentId, log } = context
  const bastion = firstServing(context.record())
  const until = clock.monotonicMs() + FETCH_PATIENCE_MS
  for (;;) {
    try {
      const { status, bytes, firstByteMs } = await helper.call(
        'lab.fetch',
        { id: bastionId(deploymentId, bastion) },
        { signal },
      )
      log(
        `first payload byte after ${Math.round(clock.monotonicMs() - startedMs)} ms (request itself ${firstByteMs.toFixed(1)} ms, HTTP ${status}, ${bytes} bytes)`,
      )
      return { ok: true }
    } catch (error) {
      signal.throwIfAborted()
      if (clock.monotonicMs() >= until) return { ok: false, error }
      await clock.sleep(RETRY_MS, signal)
    }
  }
}

const listSlots = (slots: readonly number[]): string => `tunnel${slots.length === 1 ? '' : 's'} ${slots.join(', ')}`

const nothingAnswers = (count: number): MoleError =>
  new MoleError('timeout', `No echo came back through any of the ${count} tunnels.`, {
    field: 'tunnels',
    meaning: 'The tunnels are configured, but nothing passes: UDP may be blocked between here and the bastion.',
    nextStep: `Check that outgoing UDP to ports ${BASTION_PORTS.first}–${BASTION_PORTS.last} is allowed, then try again.`,
  })

/**
 * All tunnels answer but the private side does not: of a new deployment that is no degraded bundle, that is a broken one. One
 * that has carried before may carry so much that the private side answers late; that is no reason to call it failed.
 */
const judge = (echoes: Echoes, fetched: Fetched, context: StepContext): void => {
  if (echoes.answered.length === 0) throw nothingAnswers(echoes.silent.length)
  if (echoes.silent.length > 0) context.log(`no echo yet through ${listSlots(echoes.silent)}: going on without`)
  if (fetched.ok) return
  if (echoes.silent.length === 0 && context.record().connectedAtMs === null) throw fetched.error
  context.log('the private subnet did not answer in time')
}

/** Proves that the bundle carries payload: an echo through every tunnel, and a first byte from the private subnet. */
export const verify: StepDefinition = {
  limitMs: 20_000,
  run: async (context) => {
    const { host, clock, signal } = context
    const startedMs = clock.monotonicMs()
    const helper = await host.ensure(signal)
    const record = context.record()
    const { plan } = record
    const ends = endsOf(record)
    const slots = slotsOf(plan).filter((slot) => ends.some((end) => end.slot === slot))
    const fetching =
      plan.target === 'lab' ? fetchFirstByte(helper, context, startedMs) : Promise.resolve<Fetched>({ ok: true })
    const [echoes, fetched] = await Promise.all([awaitEchoes(helper, slots, context, startedMs), fetching])
    context.onFindings([
      ...echoes.answered.map((slot) => ({ slot, answered: true })),
      ...echoes.silent.map((slot) => ({ slot, answered: false })),
    ])
    judge(echoes, fetched, context)
    context.remember({ connectedAtMs: context.record().connectedAtMs ?? clock.wallMs() })
  },
}
