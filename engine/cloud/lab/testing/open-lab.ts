import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BastionEndpoint, hostKeyName, planHostState, slotsOfBastion } from '../../../../domain/tunnel-plan.ts'
import type { CloudProvider, HelperClient, ObservedBastion, Whose } from '../../provider.ts'
import { labProvider } from '../provider.ts'
import { findWorld } from '../world-file.ts'
import { runInside } from './inside.ts'

const PATIENCE_MS = 30_000

export const soon = (): AbortSignal => AbortSignal.timeout(60_000)
export const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** Waits until `ask` gives something that is `isEnough`. */
export const until = async <T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> => {
  const limit = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (isEnough(answer)) return answer
    if (performance.now() > limit)
      throw new Error(`not within ${PATIENCE_MS / 1000} s; the last was ${JSON.stringify(answer)}`)
    await aMoment()
  }
}

/** A lab of a test's own, with what tests do to one. `close` takes all of it away. */
export type TestLab = {
  readonly base: string
  readonly directory: string
  readonly provider: CloudProvider
  /** Runs a program on the DTN. */
  readonly inside: (...command: string[]) => Promise<string>
  /** Runs a program where the lab's bastion of this number lives: its network namespace and its file system. */
  readonly onBastion: (index: number, ...command: string[]) => Promise<string>
  /** Public keys of the DTN for the slots of a bastion. */
  readonly hostKeys: (helper: HelperClient, deploymentId: string, index: number) => Promise<string[]>
  readonly launch: (helper: HelperClient, whose: Whose, index?: number) => Promise<ObservedBastion>
  readonly awaitEnds: (whose: Whose, bastion: ObservedBastion) => Promise<readonly BastionEndpoint[]>
  /** Connects the DTN with these ends. */
  readonly apply: (helper: HelperClient, whose: Whose, ends: readonly BastionEndpoint[]) => Promise<void>
  readonly awaitConsole: (helper: HelperClient, id: string, text: string) => Promise<string>
  readonly close: () => Promise<void>
}

export const openLab = (): TestLab => {
  const base = mkdtempSync(join(tmpdir(), 'mole-'))
  const directory = join(base, 'lab')
  const provider = labProvider({ directory })

  const inside: TestLab['inside'] = async (...command) => runInside((await findWorld(directory))?.pid ?? 0, ...command)

  const processOf = async (namespace: string): Promise<string | undefined> => {
    const identity = (await inside('stat', '--dereference', '--format=%i', `/run/netns/${namespace}`)).trim()
    const list = 'for p in /proc/[0-9]*; do echo "$(basename "$p") $(readlink "$p/ns/net")"; done'
    const lines = (await inside('sh', '-c', list)).split('\n')
    return lines.find((line) => line.endsWith(`[${identity}]`))?.split(' ')[0]
  }

  const onBastion: TestLab['onBastion'] = async (index, ...command) => {
    const pid = await processOf(`bastion${index}`)
    if (pid === undefined) return inside('nsenter', `--net=/run/netns/bastion${index}`, '--', ...command)
    return inside('nsenter', '--target', pid, '--net', '--mount', '--', ...command)
  }

  const hostKeys: TestLab['hostKeys'] = async (helper, deploymentId, index) => {
    const names = slotsOfBastion(index).map((slot) => hostKeyName(deploymentId, slot))
    const { publicKeys } = await helper.call('keys.ensure', { names })
    return names.map((name) => publicKeys[name] ?? '')
  }

  return {
    base,
    directory,
    provider,
    inside,
    onBastion,
    hostKeys,
    launch: async (helper, whose, index = 1) => {
      const hostPublicKeys = await hostKeys(helper, whose.id, index)
      const request = { ...whose, bastionId: `${whose.id}-b${index}`, index, launch: 1, hostPublicKeys }
      return provider.launch(request, () => undefined, soon())
    },
    awaitEnds: (whose, bastion) =>
      until(
        () => provider.publishedEnds(whose, bastion),
        (ends) => ends.length > 0,
      ),
    apply: async (helper, { id, plan }, ends) => {
      const { generation } = await helper.call('hello', {})
      await helper.call('apply', { generation, state: planHostState(plan, id, ends) })
    },
    awaitConsole: (helper, id, text) =>
      until(
        async () => (await helper.call('lab.console', { id })).text,
        (console) => console.includes(text),
      ),
    close: async () => {
      await provider.host.remove()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
