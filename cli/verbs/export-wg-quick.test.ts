import { describe, expect, it } from 'vitest'
import { connect } from '../../contract/connect.ts'
import type { Handlers } from '../../contract/define.ts'
import { type HelperContract, helperContract } from '../../contract/helper.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { serve } from '../../contract/serve.ts'
import { type HostState, NOTHING } from '../../domain/host-state.ts'
import { DeploymentPlan, planHostState } from '../../domain/tunnel-plan.ts'
import { fakeHandlers } from '../../helper/testing/fake-handlers.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import type { World } from '../world.ts'
import type { NewFile } from '../write-new-files.ts'

const PUBLIC = `${'p'.repeat(42)}E=`
const SECRET = `${'s'.repeat(42)}E=`

const TWO = planHostState(
  DeploymentPlan.parse({ tunnels: 2 }),
  'lab-1',
  [1, 2].map((slot) => ({ slot, lane: 0 as const, publicKey: PUBLIC, address: '203.0.113.10', port: 51_820 + slot })),
)

/** A world with a helper that holds `state`, and the files that were written. */
const holding = (state: HostState, reveal?: Handlers<HelperContract>['keys.reveal']) => {
  const written: (NewFile & { directory: string })[] = []
  const isOpen = { helper: false }
  const more: Partial<World> = {
    findHelper: async () => {
      const [ours, theirs] = memoryPorts()
      const handlers = fakeHandlers({
        inspect: async () => ({ generation: 1, state, connectedNetworks: [], drift: [] }),
        ...(reveal === undefined ? {} : { 'keys.reveal': reveal }),
      })
      serve(helperContract, handlers, theirs)
      const client = connect(helperContract, ours)
      isOpen.helper = true
      void client.closed.then(() => {
        isOpen.helper = false
      })
      return client
    },
    writeNewFiles: async (directory, files) => {
      written.push(...files.map((file) => ({ ...file, directory })))
      return files.map(({ name }) => `${directory}/${name}`)
    },
  }
  return { world: fakeWorld(null, {}, more), written, isOpen }
}

describe('mole export wg-quick', () => {
  it('writes a file for each tunnel, without asking for a key', async () => {
    // This helper fails at keys.reveal.
    const { world, written, isOpen } = holding(TWO)
    const { code, out } = await mole('export wg-quick --directory there', world)
    expect(code).toBe(0)
    expect(out).toBe('there/mole1.conf\nthere/mole2.conf\n')
    expect(written.map(({ name }) => name)).toEqual(['mole1.conf', 'mole2.conf'])
    expect(written[1]?.text).toContain('Endpoint = 203.0.113.10:51822')
    expect(written.some(({ text }) => /^PrivateKey/m.test(text))).toBe(false)
    expect(isOpen.helper).toBe(false)
  })

  it('writes the keys where it is told to, and says nothing of them but in the files', async () => {
    const { world, written } = holding(TWO, async ({ names }) => ({
      privateKeys: Object.fromEntries(names.map((name) => [name, SECRET])),
    }))
    const { code, out, err } = await mole('export wg-quick --with-keys --json', world)
    expect(code).toBe(0)
    expect(written.every(({ text }) => text.includes(`\nPrivateKey = ${SECRET}\n`))).toBe(true)
    expect(JSON.parse(out)).toEqual({ version: 1, ok: true, files: ['./mole1.conf', './mole2.conf'], withKeys: true })
    expect(out + err).not.toContain(SECRET)
    expect(err).toContain('private keys')
  })

  const without: readonly (readonly [string, World['findHelper']])[] = [
    ['no helper', async () => null],
    ['no tunnels', holding(NOTHING).world.findHelper],
  ]
  it.each(without)('has nothing to export with %s', async (_, findHelper) => {
    const { code, err } = await mole('export wg-quick', fakeWorld(null, {}, { findHelper }))
    expect(code).toBe(4)
    expect(err).toContain('No tunnels are up')
  })
})
