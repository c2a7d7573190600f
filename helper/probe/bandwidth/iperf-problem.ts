import type { PartProblem } from '../../../domain/probe/report.ts'

/** How a run of iperf3 went wrong. */
export type Failure = {
  readonly problem: PartProblem
  /** `busy`: another test is running there; `unreachable`: no run will do better; `broken`: this one broke off. */
  readonly kind: 'busy' | 'unreachable' | 'broken'
}

/** A run in which iperf3 said nothing in time. */
export const SILENT = 'it gave no report in time'

type Tell = (where: string, port: number, host: string) => PartProblem

const explain = (pattern: RegExp, kind: Failure['kind'], tell: Tell) => ({ pattern, kind, tell })

/** Which of its calls notices first that the other end is gone is a matter of chance, and each has words of its own. */
const LOST =
  /unable to (send|receive|read|write) |closed unexpectedly|server has terminated|connection reset|broken pipe/i

const KNOWN = [
  explain(/server is busy/, 'busy', (where) => ({
    message: `The iperf3 server ${where} is busy with another test.`,
    meaning: 'It serves one test at a time; a test of somebody else is running.',
    nextStep: 'Try again when that test is over.',
  })),
  explain(LOST, 'broken', (where) => ({
    message: `The connection with the iperf3 server ${where} broke off.`,
    meaning: 'The server ended or was ended, or the path was cut. What was measured before is kept.',
    nextStep: 'Look at the server and the path, then measure again.',
  })),
  explain(/Connection refused/, 'unreachable', (where, port) => ({
    message: `No iperf3 server answers ${where}.`,
    meaning: `The host is there, and nothing listens on TCP port ${port}, or a firewall refuses it.`,
    nextStep: `Start "mole probe answer" or "iperf3 --server --port ${port}" there, and let TCP and UDP port ${port} through.`,
  })),
  explain(/timed out|in progress/i, 'unreachable', (where, port) => ({
    message: `Nothing answers ${where}.`,
    meaning: `Packets to TCP port ${port} vanish: the host is down, or a firewall drops them.`,
    nextStep: `Check the host, and let TCP and UDP port ${port} through.`,
  })),
  explain(/unreachable|No route to host/i, 'unreachable', (_where, _port, host) => ({
    message: `There is no route to ${host}.`,
    meaning: 'This host, or a router, knows no route to it.',
    nextStep: 'Check the address and the routes of this host ("ip route get ADDRESS").',
  })),
  explain(/unable to open -F file/, 'broken', () => ({
    message: 'The source file cannot be read.',
    meaning: 'iperf3 could not open it; uploads were not measured.',
    nextStep: 'Name a file that you may read.',
  })),
  explain(/no report in time/, 'broken', (where) => ({
    message: `A run to the iperf3 server ${where} came to no end.`,
    meaning: 'The path was cut while it ran, or lets nothing through but small packets. It was ended.',
    nextStep: 'Look at the path MTU, and at the firewalls on the way.',
  })),
]

/** Turns iperf3's words (`iperf3: error - …`) into a problem for people. Pure. */
export const explainFailure = (said: string, host: string, port: number): Failure => {
  const known = KNOWN.find(({ pattern }) => pattern.test(said))
  const where = `at ${host}, port ${port}`
  if (known !== undefined) return { kind: known.kind, problem: known.tell(where, port, host) }
  return {
    kind: 'broken',
    problem: {
      message: `iperf3 failed ${where}: ${said.slice(0, 300)}.`,
      meaning: 'This run was not measured.',
      nextStep: 'Try again; look at what the iperf3 server says.',
    },
  }
}
