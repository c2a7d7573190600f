import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import type { PriceDocument } from '../../domain/planner/price-table.ts'
import { ProbeRequest } from '../../domain/probe/request.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { newReport } from './new-report.ts'
import type { Measure } from './run-measurement.ts'
import { runProbe } from './run-probe.ts'

it('has ended all that measures when it resolves, where one part takes longer to end than another', async () => {
  let lives = 0
  const measure: Measure = async (_, request, __, signal) => {
    if (request.do === 'interface') throw new MoleError('internal', 'It failed.')
    lives += 1
    await once(signal, 'abort')
    for (let turns = 0; turns < 5; turns += 1) await turn()
    lives -= 1
    throw signal.reason
  }
  const request = ProbeRequest.parse({ target: { kind: 'host', host: '192.0.2.1' }, regions: ['us-west-2'] })
  const about = { id: 'probe-20261121-203315-3f9c2a', startedAtMs: 0, moleVersion: '0.0.0', hostName: 'dtn' }
  const target = {
    name: 'there',
    place: 'here',
    host: '192.0.2.1',
    iperf3Port: 5201,
    echoPort: 7011,
    sourceFile: null,
    endpoints: [],
    hostAddress: null,
    region: null,
  } as const
  const environment = {
    clock: systemClock,
    log: silentLog,
    measure,
    openTarget: async () => target,
    prices: () => ({ regions: {} }) as unknown as PriceDocument,
  }
  const listener = { publish: () => undefined, save: () => undefined }
  const { state } = await runProbe(newReport(request, about), environment, listener, new AbortController().signal)
  expect({ state, lives }).toEqual({ state: 'failed', lives: 0 })
})
