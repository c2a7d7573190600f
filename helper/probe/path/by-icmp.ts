import { MoleError } from '../../../contract/errors.ts'
import type { Rung } from '../../../domain/probe/path.ts'
import type { Runner } from '../../run.ts'
import { type PingSaid, parsePing, parsePingVersion } from './parse-ping.ts'
import type { Attempt } from './search-mtu.ts'

/** Headers of IPv4 and of an ICMP echo (RFC 792), which `ping -s` does not count. */
const IP_ICMP_BYTES = 28
/** Between two pings, s. Versions before 2022 let nobody but root go below the second. */
const [QUICK, SLOW] = ['0.02', '0.2']
const SMALL_PAYLOAD_BYTES = 36

type Ping = {
  readonly payloadBytes: number
  readonly count: number
  /** How long the last answer is waited for, ms. */
  readonly waitMs: number
}

export type Pinger = {
  readonly ping: (asked: Ping) => Promise<PingSaid>
  readonly version: string | null
}

const mayNot = (said: string): MoleError =>
  new MoleError('denied', `"ping" could not send: ${said}.`, {
    field: 'ping',
    meaning: 'This user may not send ICMP echoes, or there is no route.',
    nextStep: 'Run an answerer on the target (mole probe answer), which needs no ICMP.',
  })

const NEVER_SENT = /^ping: (?!local error)(.*)$/m

/** ICMP echoes that are not fragmented, by `ping`. @throws MoleError `missing-program`, `denied`. */
export const makePinger = async (runner: Runner, address: string): Promise<Pinger> => {
  const { stdout } = await runner.run('ping', ['-V'])
  let interval = QUICK
  const ping: Pinger['ping'] = async (asked) => {
    const { payloadBytes, count, waitMs } = asked
    const wait = (waitMs / 1000).toFixed(2)
    const argv = [
      '-n',
      '-M',
      'do',
      '-c',
      String(count),
      '-i',
      interval,
      '-W',
      wait,
      '-s',
      String(payloadBytes),
      address,
    ]
    const timeoutMs = 10_000 + count * Number(interval) * 1000 + waitMs
    const said = await runner.run('ping', argv, { timeoutMs })
    if (/minimal interval/.test(said.stderr) && interval !== SLOW) {
      interval = SLOW
      return ping(asked)
    }
    const never = NEVER_SENT.exec(said.stderr)?.[1]
    if (never !== undefined && !said.stdout.includes('packets transmitted')) throw mayNot(never)
    return parsePing(said.stdout, said.stderr)
  }
  return { ping, version: parsePingVersion(stdout) }
}

/** A few pings for the round trip. */
export const pingTrips = ({ ping }: Pinger, count: number, waitMs: number): Promise<PingSaid> =>
  ping({ payloadBytes: SMALL_PAYLOAD_BYTES, count, waitMs })

/** What is told of sizes that are too big, for the search's hints and the result. */
export type IcmpFindings = { readonly told: number[]; interfaceMtu: number | null }

/**
 * Tries sizes by ICMP echoes. `-M do` keeps to what the kernel remembers of the path, for ten minutes at most: such a size counts as one that
 * the path has said to be too big.
 */
export const attemptByIcmp =
  (pinger: Pinger, findings: IcmpFindings, waitMs: number): Attempt =>
  (sizes, copies) =>
    Promise.all(
      sizes.map(async (bytes): Promise<Rung> => {
        const said = await pinger.ping({ payloadBytes: bytes - IP_ICMP_BYTES, count: copies, waitMs })
        const isHere = said.localBytes !== null && said.localBytes === findings.interfaceMtu
        const told = said.toldBytes.map(({ mtuBytes }) => mtuBytes)
        if (said.localBytes !== null && !isHere) told.push(said.localBytes)
        findings.told.push(...told)
        const [answered, isTold] = [said.rttsMs.length, told.length > 0]
        return {
          bytes,
          outcome: answered > 0 ? 'passed' : isTold || isHere ? 'too-big' : 'lost',
          saidBy: answered > 0 ? null : isTold ? 'path' : isHere ? 'this-host' : null,
          sent: copies,
          answered,
        }
      }),
    )
