import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { allEnded } from '../all-ended.ts'
import type { Runner } from '../run.ts'
import { removeDelayRelay } from './delay-relay.ts'
import { ipHere, ipIn, must, nftInRouter, removeNamespace, type Setting, settingsIn, tcIn } from './network-steps.ts'
import {
  renderPathQueueRemoval,
  renderPathQueues,
  renderPathRules,
  renderPathRulesRemoval,
  renderRouterQueue,
} from './paths.ts'
import { ensurePrivateNetwork } from './private-network.ts'
import type { BastionRecord } from './record.ts'
import {
  type BastionPlace,
  namespacePath,
  placeOf,
  ROUTER,
  renderBastionLinks,
  renderBastionSide,
  renderLinkRemoval,
  renderPrivateSide,
  renderRouter,
  renderRouterInside,
  renderRouterSide,
} from './topology.ts'

/** Written when the router is complete; on the world's tmpfs, so it goes with the router. */
const ROUTER_READY = '/run/lab-router-ready'

/** What comes back from a delay came from nowhere, to a strict rp_filter; some systems give every namespace one. */
const FORWARDING: readonly Setting[] = [
  ['ip_forward', '1'],
  ['conf/all/rp_filter', '0'],
  ['conf/default/rp_filter', '0'],
]

const removeRouterRemains = async (runner: Runner): Promise<void> => {
  if (existsSync(namespacePath(ROUTER)))
    await runner.run('ip', ['-force', '-batch', '-'], { input: `link del wan0\nnetns del ${ROUTER}\n` })
}

/** Makes the router between the DTN and all bastions, unless it is there. */
const ensureRouter = async (runner: Runner): Promise<void> => {
  if (existsSync(ROUTER_READY)) return
  await removeRouterRemains(runner)
  await must(runner, ipHere(renderRouter()), 'router')
  await allEnded([
    must(runner, ipIn(ROUTER, renderRouterInside()), 'router'),
    must(runner, tcIn(ROUTER, renderRouterQueue()), 'shaping'),
    must(runner, settingsIn(runner, ROUTER, FORWARDING), 'router'),
  ])
  await writeFile(ROUTER_READY, '')
}

/**
 * Makes the namespace, links and shaped paths of one bastion, and what it shares with others where it is the first.
 * `onNamespace` runs as soon as its namespace exists, beside the rest: booting needs no more than that.
 */
export const makeNetwork = async (
  runner: Runner,
  record: BastionRecord,
  onNamespace: () => Promise<void>,
): Promise<void> => {
  const place = placeOf(record)
  await allEnded([ensureRouter(runner), ensurePrivateNetwork(runner, place)])
  await must(runner, ipHere(renderBastionLinks(place)), 'namespace')
  await allEnded([
    onNamespace(),
    must(runner, ipIn(ROUTER, renderRouterSide(place)), 'router'),
    must(runner, ipIn(place.bastionNamespace, renderBastionSide(place)), 'bastion'),
    must(runner, ipIn(place.privateNamespace, renderPrivateSide(place)), 'private network'),
    must(runner, tcIn(ROUTER, renderPathQueues(record, place)), 'shaped paths'),
    must(runner, nftInRouter(runner, renderPathRules(record, place)), 'paths'),
  ])
}

const unplug = async (runner: Runner, namespace: string, place: BastionPlace): Promise<void> => {
  if (existsSync(namespacePath(namespace)))
    await runner.run('ip', ['-n', namespace, '-force', '-batch', '-'], { input: renderLinkRemoval(place) })
}

/** Takes away what a bastion has for itself, as much of it as there is. The processes in it must be gone. */
export const removeNetwork = async (runner: Runner, record: BastionRecord): Promise<void> => {
  const place = placeOf(record)
  const router = existsSync(namespacePath(ROUTER))
    ? [
        runner.run('tc', ['-n', ROUTER, '-force', '-batch', '-'], { input: renderPathQueueRemoval(record) }),
        must(runner, nftInRouter(runner, renderPathRulesRemoval(place)), 'clean-up'),
        removeDelayRelay(runner, record),
      ]
    : []
  await allEnded([...router, unplug(runner, ROUTER, place), unplug(runner, place.privateNamespace, place)])
  await removeNamespace(runner, place.bastionNamespace)
}
