import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { z } from 'zod'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { BastionLane, type HelperContract } from '../../contract/helper.ts'
import { bastionCommonAddress, parseNetwork } from '../../domain/addressing.ts'
import { OURS, slotOfInterface } from '../../domain/ours.ts'
import { MAX_BASTIONS } from '../../domain/tunnel-plan.ts'
import type { Keys } from '../keys.ts'

/**
 * Asks the agent of a bastion (resources/bastion/agent.py): one JSON object a line, one question a connection, from the
 * DTN's own address of one tunnel. Whoever answers there holds that tunnel's key: WireGuard has proved it.
 */

/** Connecting, the bastion's work and its answer together. */
const PATIENCE_MS = 5000
const MAX_ANSWER_CHARACTERS = 16 * 1024

/** How the agent is reached: tests have one of their own on loopback. */
export type AgentPlace = {
  readonly port: number
  readonly patienceMs: number
  /** IPv4 address of an interface; `null` when it has none. */
  readonly addressOf: (name: string) => string | null
}

const REAL: AgentPlace = {
  port: OURS.agentPort,
  patienceMs: PATIENCE_MS,
  // Of tunnels alone: nobody else's network is asked.
  addressOf: (name) =>
    (slotOfInterface(name) === null ? [] : networkInterfaces()[name])?.find(({ family }) => family === 'IPv4')
      ?.address ?? null,
}

const notThere = (name: string): MoleError =>
  new MoleError('not-found', `There is no tunnel ${name} to ask through.`, {
    field: 'through',
    meaning: 'The bastion was not asked.',
    nextStep: 'Name an interface that is up.',
  })

const silent = (bastion: string, through: string, cause: unknown): MoleError =>
  new MoleError(
    'timeout',
    `The agent of the bastion ${bastion} does not answer through ${through}.`,
    {
      field: 'bastion',
      meaning: 'The tunnel may be dead, or the bastion may have no agent: it needs python3.',
      nextStep: 'Ask through another tunnel; the console of the bastion says whether it has an agent.',
    },
    { cause },
  )

const refused = (reason: string): MoleError =>
  new MoleError('denied', `The agent of the bastion refused: ${reason}.`, {
    field: 'bastion',
    meaning: 'The bastion is as it was.',
    nextStep: 'Replace the bastion by one of this version, if this goes on.',
  })

const strange = (): MoleError =>
  new MoleError('drift', 'The agent of the bastion gave an answer that this version does not know.', {
    field: 'bastion',
    meaning: 'It is of another version, or is no agent.',
    nextStep: 'Replace the bastion by one of this version.',
  })

/** A bastion's common address lies in the network of the tunnel that leads to it: nothing else is ever connected to. */
const mustBelongTogether = (source: string, bastion: string): void => {
  const base = parseNetwork(`${source}/16`)
  const ours = Array.from({ length: MAX_BASTIONS }, (_, at) => base && bastionCommonAddress(base, at + 1))
  if (ours.includes(bastion)) return
  throw new MoleError('bad-input', `${bastion} is not the address of a bastion's agent.`, {
    field: 'bastion',
    meaning: 'Nothing was connected to.',
    nextStep: 'Name the common address of a bastion of this deployment.',
  })
}

/** Sends one line and gives the first line of the answer. */
const exchange = (place: AgentPlace, source: string, bastion: string, line: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: bastion, port: place.port, localAddress: source })
    const limit = setTimeout(() => socket.destroy(new Error('no answer in time')), place.patienceMs)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
      if (end >= 0 || text.length > MAX_ANSWER_CHARACTERS) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(limit)
      reject(new Error('the connection ended before the answer'))
    })
    socket.write(line)
  })

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw strange()
  }
}

const Refusal = z.strictObject({ error: z.string().max(500) })

type Way = { readonly through: string; readonly bastion: string }

const ask = async <Answer>(
  place: AgentPlace,
  { through, bastion }: Way,
  request: object,
  answer: z.ZodType<Answer>,
): Promise<Answer> => {
  const source = place.addressOf(through)
  if (source === null) throw notThere(through)
  mustBelongTogether(source, bastion)
  const line = `${JSON.stringify({ v: 1, ...request })}\n`
  const said = parseJson(
    await exchange(place, source, bastion, line).catch((error: unknown) => {
      throw silent(bastion, through, error)
    }),
  )
  const refusal = Refusal.safeParse(said)
  if (refusal.success) throw refused(refusal.data.error)
  const parsed = answer.safeParse(said)
  if (!parsed.success) throw strange()
  return parsed.data
}

const mustHaveKey = (keys: Pick<Keys, 'publicKeyOf'>, name: string): string => {
  const key = keys.publicKeyOf(name)
  if (key !== null) return key
  throw new MoleError('not-found', `There is no key "${name}".`, {
    field: 'keyName',
    meaning: 'The bastion was not asked.',
    nextStep: 'Make the key first.',
  })
}

/**
 * The `agent.*` verbs.
 * @throws MoleError `not-found`, `bad-input`, `timeout` when nobody answers in 5 s, `denied` when the agent refuses, `drift`
 * when the answer is none of this version's.
 */
export const agentHandlers = (
  keys: Pick<Keys, 'publicKeyOf'>,
  place: AgentPlace = REAL,
): Pick<Handlers<HelperContract>, Extract<keyof HelperContract, `agent.${string}`>> => ({
  'agent.hello': (way) => ask(place, way, { do: 'hello' }, z.strictObject({ lanes: z.array(BastionLane) })),
  'agent.make-lane': async ({ number, keyName, ...way }) => {
    const lane = await ask(place, way, { do: 'make-lane', number, hostKey: mustHaveKey(keys, keyName) }, BastionLane)
    if (lane.number !== number) throw strange()
    return lane
  },
  'agent.drop-lane': ({ number, ...way }) => ask(place, way, { do: 'drop-lane', number }, z.strictObject({})),
})
