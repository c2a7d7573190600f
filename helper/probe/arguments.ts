import { parseArgs } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import { ECHO_PORT, IPERF3_PORT } from '../../domain/probe/request.ts'

/** What the answerer is to serve; `null`: not that. */
export type AnswerArguments = {
  readonly verb: 'answer'
  readonly echoPort: number | null
  readonly iperf3Port: number | null
}
export type ProbeArguments = { readonly verb: 'measure' } | AnswerArguments

const USAGE = 'probe measure | probe answer [--echo-port N] [--iperf3-port N] [--no-echo] [--no-iperf3]'

const unusable = (why: string): MoleError =>
  new MoleError('bad-input', `The probe was started wrongly: ${why}.`, {
    field: 'arguments',
    nextStep: `Use: ${USAGE}`,
  })

const parsePort = (name: string, text: string | undefined, otherwise: number): number => {
  const port = text === undefined ? otherwise : /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw unusable(`${name} takes a port, 1 to 65535`)
  return port
}

/** Reads the command line (without program and script). @throws MoleError `bad-input`. */
export const parseProbeArguments = (argv: readonly string[]): ProbeArguments => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        'echo-port': { type: 'string' },
        'iperf3-port': { type: 'string' },
        'no-echo': { type: 'boolean', default: false },
        'no-iperf3': { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
    const [verb] = positionals
    if (positionals.length !== 1 || (verb !== 'measure' && verb !== 'answer'))
      throw unusable('the commands are "measure" and "answer"')
    if (verb === 'measure') return { verb }
    const echoPort = parsePort('--echo-port', values['echo-port'], ECHO_PORT)
    const iperf3Port = parsePort('--iperf3-port', values['iperf3-port'], IPERF3_PORT)
    return {
      verb,
      echoPort: values['no-echo'] ? null : echoPort,
      iperf3Port: values['no-iperf3'] ? null : iperf3Port,
    }
  } catch (error) {
    throw error instanceof MoleError ? error : unusable((error as Error).message)
  }
}
