import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { MoleError } from '../../../contract/errors.ts'
import type { AnswerEvent } from '../../../contract/probe.ts'
import type { AnswerArguments } from '../arguments.ts'
import { type MeasureContext, problemOf } from '../context.ts'
import { answerEchoes } from './answer-echoes.ts'

type AnswerContext = Pick<MeasureContext, 'signal' | 'runner'> & { readonly say: (event: AnswerEvent) => void }

/** One that does not live as long as this does not serve: most likely its port is taken. */
const LIVES_MS = 500
const AGAIN_MS = 1000

const doesNotServe = (port: number, said: string): MoleError =>
  new MoleError('not-available', `iperf3 does not serve on TCP port ${port}: ${said || 'it ended at once'}.`, {
    field: 'iperf3',
    meaning: 'Bandwidth cannot be measured towards this host; path MTU and round trips can.',
    nextStep: 'See whether another iperf3 listens there (ss -tlnp), or name another port with --iperf3-port.',
  })

/** Starts `iperf3 -s`; `null` once it has proved to live, else what it said when it ended. */
const startIperf3 = async (port: number, { runner, signal }: AnswerContext) => {
  // Verbose: only then does its output, which a client may ask for, tell how busy its core was while it sent.
  const argv = ['--server', '--verbose', '--port', String(port)]
  const child = runner.start('iperf3', argv, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-500)
  })
  const ended = once(child, 'exit')
  const lives = await Promise.race([ended.then(() => false), sleep(LIVES_MS, true)])
  if (!lives && !signal.aborted)
    throw doesNotServe(
      port,
      said
        .trim()
        .split('\n')[0]
        ?.replace(/^iperf3: error - /, '') ?? '',
    )
  return { ended }
}

/** Serves as long as it is asked to: one that ends later (it does, upon some errors of its clients) is started again. */
const keepIperf3 = async (port: number, context: AnswerContext, first: { ended: Promise<unknown> }): Promise<void> => {
  let running = first
  while (!context.signal.aborted) {
    await running.ended
    await sleep(AGAIN_MS)
    if (!context.signal.aborted) running = await startIperf3(port, context)
  }
}

/** Answers probes until cancelled: UDP echoes, and iperf3's tests. What cannot be served is told; the other is. */
export const runAnswerer = async (asked: AnswerArguments, context: AnswerContext): Promise<void> => {
  const { say, signal } = context
  const attempt = async <Result>(of: 'echo' | 'iperf3', act: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await act()
    } catch (error) {
      if (!signal.aborted) say({ kind: 'problem', of, problem: problemOf(error) })
      return null
    }
  }
  const { echoPort, iperf3Port } = asked
  const [echo, iperf3] = await Promise.all([
    echoPort === null ? null : attempt('echo', async () => answerEchoes(echoPort)),
    iperf3Port === null ? null : attempt('iperf3', () => startIperf3(iperf3Port, context)),
  ])
  if (echo === null && iperf3 === null) return
  say({
    kind: 'answering',
    echoPort: echo === null ? null : echoPort,
    iperf3Port: iperf3 === null ? null : iperf3Port,
  })
  if (iperf3 !== null && iperf3Port !== null) void attempt('iperf3', () => keepIperf3(iperf3Port, context, iperf3))
  if (!signal.aborted) await once(signal, 'abort')
  echo?.close()
}
