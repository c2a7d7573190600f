import { expect } from 'vitest'
import { orderOfRequest } from '../../../cli/plan-of-request.ts'
import { openReport } from '../../../cli/report.ts'
import { fakeWorld } from '../../../cli/testing/fake-world.ts'

/** What is asked of a probe before a plan is made; `null`: nothing. */
const probing = async (value: boolean) => {
  const world = fakeWorld(null)
  const flags = [{ flag: '--auto-optimize', path: 'deployment.auto_optimize', value }]
  return (await orderOfRequest(world, openReport(world, {}), { flags })).choosing?.probing ?? null
}

/** What `deployment.auto_optimize` does, for the test that no key pretends. */
export const AUTO_OPTIMIZE_SHOWN: Readonly<Record<string, () => Promise<void>>> = {
  'deployment.auto_optimize': async () => {
    expect(await probing(false)).toBeNull()
    expect(await probing(true)).toMatchObject({ parts: ['interface', 'mtu', 'latency', 'bandwidth'], seconds: 30 })
  },
}
