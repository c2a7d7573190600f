import { readFileSync } from 'node:fs'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract } from '../../contract/helper.ts'
import { makeQueue } from '../queue.ts'
import type { Runner } from '../run.ts'
import { readConsole } from './boot.ts'
import { fetchResource } from './fetch.ts'
import { describe, dismantle, type Lab, launch, mustFind } from './launch.ts'
import { listRecords, readRecord } from './record.ts'
import { HTTP_PORT } from './resource.ts'
import { setCondition, setPath } from './set-path.ts'
import { closeSite, openSite } from './site/site.ts'
import { placeOf } from './topology.ts'
import { type Carried, runTraffic } from './traffic.ts'

type LabVerb = Extract<keyof HelperContract, `lab.${string}`>
export type LabHandlers = Pick<Handlers<HelperContract>, LabVerb>

/**
 * Whether `/proc/self/uid_map` is that of a user namespace other than the machine's own, whose only line is
 * `0 0 4294967295` (`user_namespaces(7)`). Pure.
 */
export const isOwnUserNamespace = (uidMap: string): boolean => {
  const lines = uidMap
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).join(' '))
  return lines[0] !== '' && !(lines.length === 1 && lines[0] === '0 0 4294967295')
}

/** Whether this process lives in a world of its own, where nothing it does touches the machine's network. */
export const isInOwnWorld = (): boolean => isOwnUserNamespace(readFileSync('/proc/self/uid_map', 'utf8'))

const refuseOutsideWorld = (enabled: boolean): void => {
  if (enabled && isInOwnWorld()) return
  throw new MoleError('denied', 'This helper does not run a lab.', {
    field: 'lab',
    meaning: 'Lab requests are served only inside a user namespace made for the lab; nothing was changed.',
    nextStep: 'Use the target "lab", which starts a helper in a world of its own.',
  })
}

/**
 * The `lab.*` verbs. All are refused unless `enabled` (the helper was started with `--lab`) and the process lives in a
 * user namespace of its own.
 */
export const labHandlers = (options: {
  /** The helper's own directory; bastions are kept in `bastions/` below it. */
  readonly directory: string
  readonly runner: Runner
  readonly enabled: boolean
  /** How connections find their tunnels now. */
  readonly carried: () => Carried
}): LabHandlers => {
  const lab: Lab = options
  // Launching, terminating and breaking paths edit the same router.
  const serially = makeQueue()
  const guarded = <T>(work: () => Promise<T>): Promise<T> => {
    refuseOutsideWorld(options.enabled)
    return work()
  }
  return {
    'lab.launch': async (input) => guarded(() => serially(async () => describe(lab, await launch(lab, input)))),
    'lab.list': async () =>
      guarded(async () => ({
        bastions: await Promise.all((await listRecords(lab.directory)).map((record) => describe(lab, record))),
      })),
    'lab.console': async ({ id }) =>
      guarded(async () => ({ text: await readConsole(lab.directory, (await mustFind(lab, id)).id) })),
    'lab.terminate': async ({ id }) =>
      guarded(() =>
        serially(async () => {
          const record = await readRecord(lab.directory, id)
          if (record !== null) await dismantle(lab, record)
          return {}
        }),
      ),
    'lab.path': async ({ id, slot, state }) =>
      guarded(() => serially(async () => describe(lab, await setPath(lab, await mustFind(lab, id), slot, state)))),
    'lab.condition': async ({ id, slot, condition }) =>
      guarded(() =>
        serially(async () => {
          await setCondition(lab, await mustFind(lab, id), slot, condition)
          return {}
        }),
      ),
    'lab.open-site': async ({ condition }) => guarded(() => serially(() => openSite(lab.runner, condition))),
    'lab.close-site': async () =>
      guarded(() =>
        serially(async () => {
          await closeSite(lab.runner)
          return {}
        }),
      ),
    'lab.fetch': async ({ id }, { signal }) =>
      guarded(async () => fetchResource(placeOf(await mustFind(lab, id)).resourceAddress, HTTP_PORT, signal)),
    'lab.traffic': async function* (input, { signal }) {
      refuseOutsideWorld(options.enabled)
      yield* runTraffic(lab.runner, await mustFind(lab, input.bastionId), input, options.carried(), signal)
    },
  }
}
