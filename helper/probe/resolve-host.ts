import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MoleError } from '../../contract/errors.ts'

const LIMIT_MS = 3000

const notFound = (host: string, code: string): MoleError =>
  new MoleError('not-found', `The name "${host}" has no IPv4 address (${code}).`, {
    field: 'host',
    meaning: 'Nothing can be measured towards it.',
    nextStep: 'See whether it is spelt right and whether DNS works here (getent ahostsv4), or give the address.',
  })

/** IPv4 address of a host, as this machine finds it. @throws MoleError `not-found`. */
export const resolveHost = async (host: string): Promise<string> => {
  if (isIPv4(host)) return host
  const found = lookup(host, { family: 4 }).catch((error: NodeJS.ErrnoException) => {
    throw notFound(host, error.code ?? 'UNKNOWN')
  })
  const answer = await Promise.race([found, sleep(LIMIT_MS, null, { ref: false })])
  if (answer !== null) return answer.address
  found.catch(() => undefined)
  throw notFound(host, `no answer within ${LIMIT_MS / 1000} s`)
}
