import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { MoleError } from '../../contract/errors.ts'
import { allEnded } from '../all-ended.ts'
import type { Program, Runner } from '../run.ts'
import {
  renderPathQueueRemoval,
  renderPathQueues,
  renderPathRules,
  renderPathRulesRemoval,
  renderRouterQueue,
} from './paths.ts'
import type { BastionRecord } from './record.ts'
import {
  namespacePath,
  placeOf,
  ROUTER,
  renderBastionLinks,
  renderBastionSide,
  renderNamespaceRemoval,
  renderPrivateSide,
  renderRouter,
  renderRouterInside,
  renderRouterSide,
  renderRouterSideRemoval,
} from './topology.ts'

/** Written when the router is complete; on the world's tmpfs, so it goes with the router. */
const ROUTER_READY = '/run/lab-router-ready'

type Step = { readonly program: Program; readonly argv: readonly string[]; readonly input: string }

/** Runs one step; `what` names it in the error. @throws MoleError `not-available` with the program's own first line. */
const must = async (runner: Runner, step: Step, what: string): Promise<void> => {
  const { code, stderr } = await runner.run(step.program, step.argv, { input: step.input })
  if (code === 0) return
  throw new MoleError('not-available', `The lab's ${what} could not be made: ${stderr.trim().split('\n')[0] ?? ''}`, {
    field: step.program,
    meaning: 'The kernel or the program refused it. What was made so far is taken away again.',
    nextStep: 'Run "mole doctor" to see what this machine lacks.',
  })
}

const ipIn = (namespace: string, input: string): Step => ({
  program: 'ip',
  argv: ['-n', namespace, '-batch', '-'],
  input,
})
const tcIn = (namespace: string, input: string): Step => ({
  program: 'tc',
  argv: ['-n', namespace, '-batch', '-'],
  input,
})

/** `nft` has no option for a namespace of its own. */
export const nftInRouter = (runner: Runner, input: string): Step => ({
  program: 'nsenter',
  argv: [`--net=${namespacePath(ROUTER)}`, '--', runner.pathOf('nft'), '-f', '-'],
  input,
})

const forwardingInRouter = (runner: Runner): Step => ({
  program: 'nsenter',
  argv: [`--net=${namespacePath(ROUTER)}`, '--', runner.pathOf('sh'), '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'],
  input: '',
})

const removeRouterRemains = async (runner: Runner): Promise<void> => {
  if (existsSync(namespacePath(ROUTER)))
    await runner.run('ip', ['-force', '-batch', '-'], { input: `link del wan0\nnetns del ${ROUTER}\n` })
}

/** Makes the router between the DTN and all bastions, unless it is there. */
const ensureRouter = async (runner: Runner): Promise<void> => {
  if (existsSync(ROUTER_READY)) return
  await removeRouterRemains(runner)
  await must(runner, { program: 'ip', argv: ['-batch', '-'], input: renderRouter() }, 'router')
  await allEnded([
    must(runner, ipIn(ROUTER, renderRouterInside()), 'router'),
    must(runner, tcIn(ROUTER, renderRouterQueue()), 'shaping'),
    must(runner, forwardingInRouter(runner), 'router'),
  ])
  await writeFile(ROUTER_READY, '')
}

/**
 * Makes the namespaces, links and shaped paths of one bastion. `onNamespaces` runs as soon as the namespaces exist,
 * beside the rest: booting needs no more than that.
 */
export const makeNetwork = async (
  runner: Runner,
  record: BastionRecord,
  onNamespaces: () => Promise<void>,
): Promise<void> => {
  const place = placeOf(record)
  await ensureRouter(runner)
  await must(runner, { program: 'ip', argv: ['-batch', '-'], input: renderBastionLinks(place) }, 'namespaces')
  await allEnded([
    onNamespaces(),
    must(runner, ipIn(ROUTER, renderRouterSide(place)), 'router'),
    must(runner, ipIn(place.bastionNamespace, renderBastionSide(place)), 'bastion'),
    must(runner, ipIn(place.privateNamespace, renderPrivateSide(place)), 'private subnet'),
    must(runner, tcIn(ROUTER, renderPathQueues(record, place)), 'shaped paths'),
    must(runner, nftInRouter(runner, renderPathRules(record, place)), 'paths'),
  ])
}

/** Takes a bastion's network away, as much of it as there is. The processes in it must be gone. */
export const removeNetwork = async (runner: Runner, record: BastionRecord): Promise<void> => {
  const place = placeOf(record)
  const router = existsSync(namespacePath(ROUTER))
    ? [
        runner.run('tc', ['-n', ROUTER, '-force', '-batch', '-'], { input: renderPathQueueRemoval(record) }),
        runner.run('ip', ['-n', ROUTER, '-force', '-batch', '-'], { input: renderRouterSideRemoval(place) }),
        must(runner, nftInRouter(runner, renderPathRulesRemoval(place)), 'clean-up'),
      ]
    : []
  await allEnded(router)
  await runner.run('ip', ['-force', '-batch', '-'], { input: renderNamespaceRemoval(place) })
  const left = [place.bastionNamespace, place.privateNamespace].filter((name) => existsSync(namespacePath(name)))
  if (left.length > 0)
    throw new MoleError('conflict', `The lab's namespace ${left.join(' and ')} could not be removed.`, {
      field: 'lab',
      nextStep: 'Run "mole down" again; it ends the lab as a whole.',
    })
}
