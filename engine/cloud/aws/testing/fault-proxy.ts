import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AwsAnswer, errorAnswer } from './aws-answer.ts'
import { type AwsCall, parseSpoken, type RawRequest, renderRaw } from './aws-call.ts'
import { type Account, newAccount } from './emulate/account.ts'
import { showAsTheLabIs } from './emulate/as-the-lab-is.ts'
import { type Emulations, isSuccess } from './emulate/emulation.ts'
import { instanceEmulations } from './emulate/instances.ts'
import { judgePermission, permissionEmulations } from './emulate/permissions.ts'
import { pricingEmulations, quotaEmulations } from './emulate/quotas.ts'
import { routeEmulations } from './emulate/routes.ts'
import { makeSpotRequests, type SpotRequest } from './emulate/spot-requests.ts'
import { makeTerminations } from './emulate/terminations.ts'
import { type Fault, makeFaults, type StruckFault, throttled } from './faults.ts'
import type { Hypervisor } from './hypervisor.ts'
import type { Moto } from './moto.ts'
import { makeVisibility } from './visibility.ts'

/**
 * Called at each boundary of each call: `before` it is carried out, and `after`, when its answer is not yet sent.
 * `'drop'` cuts the connection: before, nothing is carried out.
 */
export type CallHook = (call: AwsCall, moment: 'before' | 'after') => Promise<'go on' | 'drop'>

export type FaultProxy = {
  /** Every call so far, in the order of their arrival. */
  readonly calls: readonly AwsCall[]
  readonly account: Account
  /** A fault that strikes calls from now on. */
  fault(fault: Fault): StruckFault
  clearFaults(): void
  /** Replaces the hook; `null` takes it away. */
  onCall(hook: CallHook | null): void
  spotRequests(): readonly SpotRequest[]
  /** Calls this proxy itself could not serve: their connection was cut. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

export type FaultProxyOptions = {
  readonly socketPath: string
  readonly moto: Moto
  readonly hypervisor: Hypervisor
  /** Milliseconds; what hides and what shuts down does so by this clock. Default: the machine's. */
  readonly clock?: () => number
  /** How long an instance is `shutting-down`; default 300 ms. */
  readonly shutDownMs?: number
}

const bodyOf = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** moto as it is. */
const askMoto = async ({ socketPath }: Moto, { method, url, headers, body }: RawRequest): Promise<AwsAnswer> => {
  const asked = httpRequest({ socketPath, method, path: url, headers: { ...headers, connection: 'close' } })
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const {
    'transfer-encoding': _encoding,
    'content-length': _length,
    connection: _connection,
    ...kept
  } = response.headers
  return { status: response.statusCode ?? 502, headers: kept, body: (await bodyOf(response)).toString('utf8') }
}

const makeEmulations = (moto: Moto, hypervisor: Hypervisor, clock: () => number, shutDownMs: number) => {
  const account = newAccount()
  const spot = makeSpotRequests((instanceId) => hypervisor.find(instanceId)?.isGone === true)
  const terminations = makeTerminations(moto, clock, shutDownMs)
  const parts = { moto, hypervisor, spot, terminations }
  const emulations: Emulations = {
    ...instanceEmulations(parts),
    ...permissionEmulations(account),
    ...pricingEmulations(account),
    ...quotaEmulations(account),
    ...routeEmulations(moto, hypervisor),
    ...spot.emulations,
    ...terminations.emulations,
  }
  return { account, emulations, parts }
}

/** Half of an answer, in a whole HTTP message. */
const truncated = (answer: AwsAnswer): AwsAnswer => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) })

/**
 * Stands between the product and moto: records each call, does as AWS does where moto does not (see `emulate/`), and
 * makes faults on demand. It listens on a Unix socket and lives in the test's own process.
 */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const { moto, hypervisor, clock = () => performance.now(), shutDownMs = 300 } = options
  const { account, emulations, parts } = makeEmulations(moto, hypervisor, clock, shutDownMs)
  const faults = makeFaults()
  const visibility = makeVisibility(clock)
  const calls: AwsCall[] = []
  const errors: string[] = []
  let hook: CallHook | null = null

  const record = (request: RawRequest): AwsCall => {
    const spoken = parseSpoken(request)
    const actionOrdinal = calls.filter(({ action }) => action === spoken.action).length + 1
    const call = { ...spoken, ordinal: calls.length + 1, actionOrdinal, raw: renderRaw(request) }
    calls.push(call)
    return call
  }

  const carryOut = async (call: AwsCall, request: RawRequest): Promise<AwsAnswer> => {
    const refused = visibility.refuse(call) ?? judgePermission(call, account)
    if (refused !== null) return refused
    const forward = () => askMoto(moto, request)
    const emulation = emulations[`${call.service}:${call.action}`]
    const answer = emulation === undefined ? await forward() : await emulation(call, forward)
    return visibility.strip(call, showAsTheLabIs(call, answer, parts))
  }

  /** `null`: the connection is to be cut. */
  const answerTo = async (call: AwsCall, request: RawRequest): Promise<AwsAnswer | null> => {
    if ((await hook?.(call, 'before')) === 'drop') return null
    const fault = faults.strike(call)
    if (fault?.kind === 'drop-before') return null
    if (fault?.kind === 'answer') return errorAnswer(call, fault.error)
    if (fault?.kind === 'throttle') return errorAnswer(call, throttled(call))
    const answer = await carryOut(call, request)
    if (fault?.kind === 'delay-visibility' && isSuccess(answer)) visibility.hide(call, answer, fault.forMs)
    if ((await hook?.(call, 'after')) === 'drop' || fault?.kind === 'lost-reply') return null
    return fault?.kind === 'truncate' ? truncated(answer) : answer
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = message
    const request = { method, url, headers, body: (await bodyOf(message)).toString('utf8') }
    const answer = await answerTo(record(request), request)
    if (answer === null) return void message.socket.destroy()
    const body = Buffer.from(answer.body)
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length }).end(body)
  }

  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      errors.push(String(error))
      message.socket.destroy()
    })
  })
  server.listen(options.socketPath)
  await once(server, 'listening')

  return {
    calls,
    account,
    fault: faults.add,
    clearFaults: faults.clear,
    onCall: (next) => {
      hook = next
    },
    spotRequests: parts.spot.all,
    errors,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
