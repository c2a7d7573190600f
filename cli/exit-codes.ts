import type { ErrorCode } from '../contract/errors.ts'

/** What the `mole` command ends with. Scripts rely on it: numbers are never given a new meaning. */
export const EXIT = {
  ok: 0,
  internal: 1,
  badInput: 2,
  notAvailable: 3,
  conflict: 4,
  unreachable: 5,
  failed: 6,
  denied: 7,
  capacity: 8,
  timeout: 9,
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What each exit code says, for `--help` and docs/cli.md. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: 'done, and everything is as it should be',
  [EXIT.internal]: 'an error that Cloud Mole did not foresee',
  [EXIT.badInput]: 'a wrong option, argument or plan; nothing was changed',
  [EXIT.notAvailable]: 'this machine cannot do it, or a program is missing ("mole doctor" tells)',
  [EXIT.conflict]: 'the present state forbids it: something else is running or deployed, or nothing is',
  [EXIT.unreachable]: 'the engine or its helper cannot be reached',
  [EXIT.failed]: 'the deployment failed, or is up but not whole; or a part of a probe failed',
  [EXIT.denied]: 'not allowed, or credentials have expired',
  [EXIT.capacity]: 'the cloud has no capacity or the quota is used up',
  [EXIT.timeout]: 'it took too long',
  [EXIT.interrupted]: 'interrupted or cancelled by you',
}

/** The exit code of each error that can cross the contract. */
const EXIT_OF: Readonly<Record<ErrorCode, ExitCode>> = {
  'bad-input': EXIT.badInput,
  denied: EXIT.denied,
  'not-available': EXIT.notAvailable,
  'missing-program': EXIT.notAvailable,
  'namespaces-restricted': EXIT.notAvailable,
  conflict: EXIT.conflict,
  'not-found': EXIT.conflict,
  drift: EXIT.conflict,
  timeout: EXIT.timeout,
  cancelled: EXIT.interrupted,
  interrupted: EXIT.failed,
  capacity: EXIT.capacity,
  'quota-exceeded': EXIT.capacity,
  'credentials-expired': EXIT.denied,
  'helper-unreachable': EXIT.unreachable,
  'engine-unreachable': EXIT.unreachable,
  'slow-reader': EXIT.internal,
  disconnected: EXIT.unreachable,
  internal: EXIT.internal,
}

export const exitCodeOf = (code: ErrorCode): ExitCode => EXIT_OF[code]

/**
 * Exit code of a deployment that failed with `code`: the reason where a script can act on it, otherwise that the
 * deployment failed.
 */
export const exitCodeOfFailedAct = (code: ErrorCode): ExitCode => {
  const telling: readonly ExitCode[] = [EXIT.notAvailable, EXIT.denied, EXIT.capacity, EXIT.interrupted]
  return telling.includes(EXIT_OF[code]) ? EXIT_OF[code] : EXIT.failed
}

export const renderExitCodes = (): string =>
  Object.entries(EXIT_MEANINGS)
    .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
    .join('\n')
