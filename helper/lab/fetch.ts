import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../contract/errors.ts'

/** What came back. `firstByteMs`: from the start of the request to the first byte of the answer's body. */
export type Fetched = { readonly status: number; readonly bytes: number; readonly firstByteMs: number }

const TIMEOUT_MS = 3000
const MAX_BYTES = 1024 * 1024

const fetchOnce = (address: string, port: number, startedAt: number, signal: AbortSignal): Promise<Fetched> =>
  new Promise((resolve, reject) => {
    const request = get({ host: address, port, path: '/', agent: false, signal }, (response) => {
      let bytes = 0
      let firstByteMs: number | null = null
      response.on('data', (chunk: Buffer) => {
        firstByteMs ??= performance.now() - startedAt
        bytes += chunk.length
        if (bytes > MAX_BYTES) response.destroy(new Error('the answer is larger than 1 MiB'))
      })
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, bytes, firstByteMs: firstByteMs ?? performance.now() - startedAt }),
      )
    })
    request.once('error', reject)
  })

const isRefused = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'

/** The server may still be starting: until the time is up, "refused" is asked again. */
const fetchUntil = async (address: string, port: number, startedAt: number, signal: AbortSignal): Promise<Fetched> => {
  for (;;) {
    try {
      return await fetchOnce(address, port, startedAt, signal)
    } catch (error) {
      if (!isRefused(error) || signal.aborted) throw error
      await delay(10, undefined, { signal })
    }
  }
}

/**
 * GETs `/` of the research resource as an application on the DTN would: over whatever the routes say.
 * @throws MoleError `not-available` when nothing comes back within 3 s, `cancelled` when `signal` aborts.
 */
export const fetchResource = async (address: string, port: number, signal: AbortSignal): Promise<Fetched> => {
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetchUntil(address, port, performance.now(), AbortSignal.any([signal, limit]))
  } catch (cause) {
    if (signal.aborted) throw new MoleError('cancelled', 'The fetch was cancelled.', {}, { cause })
    const why = limit.aborted
      ? `no answer within ${TIMEOUT_MS / 1000} s`
      : ((cause as NodeJS.ErrnoException).code ?? 'failed')
    throw new MoleError(
      'not-available',
      `The research resource ${address} could not be reached: ${why}.`,
      {
        field: 'lab',
        meaning: 'The tunnels, the bastion or the private subnet do not carry traffic.',
        nextStep: 'Look at the health of the tunnels; heal broken paths with "mole lab heal <tunnel>".',
      },
      { cause },
    )
  }
}
