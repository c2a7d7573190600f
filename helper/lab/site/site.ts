import { rm } from 'node:fs/promises'
import type { LabSite } from '../../../contract/helper.ts'
import { ECHO_PORT, IPERF3_PORT, type SiteCondition } from '../../../domain/probe/request.ts'
import { allEnded } from '../../all-ended.ts'
import type { Runner } from '../../run.ts'
import { startDelayRelay } from '../delay-relay.ts'
import { killNamespaceProcesses } from '../namespace-processes.ts'
import { ipHere, ipIn, must, nftIn, removeNamespace, settingsIn, tcIn } from '../network-steps.ts'
import { namespacePath } from '../topology.ts'
import {
  DELAY_MARK,
  LINK_MTU_BYTES,
  offload,
  ROUTER_SETTINGS,
  renderSiteInside,
  renderSiteLinks,
  renderSiteQueues,
  renderSiteRemoval,
  renderSiteRouterInside,
  renderSiteRules,
  SITE,
  SITE_ADDRESS,
  SITE_ROUTER,
  siteSettings,
} from './site-network.ts'
import { renderHop, renderHopClasses } from './site-policing.ts'
import { HOLD_FILE, SOURCE_FILE, startAnswering, startSlowSource } from './site-programs.ts'

const CONTROL_FILE = '/run/lab-site-delay'

/** Ends the site's processes, then takes away its network and files: as much as there is of them. */
export const closeSite = async (runner: Runner): Promise<void> => {
  await killNamespaceProcesses([SITE, SITE_ROUTER].map(namespacePath))
  await runner.run('ip', ['-force', '-batch', '-'], { input: renderSiteRemoval() })
  await allEnded([
    ...[SITE, SITE_ROUTER].map((name) => removeNamespace(runner, name)),
    ...[CONTROL_FILE, HOLD_FILE, SOURCE_FILE].map((path) => rm(path, { force: true })),
  ])
}

/** Half of what is added to the round trip each way, to all packets. */
const delayAll = (runner: Runner, delayMs: number): Promise<void> =>
  startDelayRelay(
    runner,
    {
      namespace: SITE_ROUTER,
      device: 'delay',
      mtuBytes: LINK_MTU_BYTES,
      // Of nobody: paths are not told apart.
      address: '0.0.0.0',
      control: CONTROL_FILE,
      mark: DELAY_MARK,
    },
    `${JSON.stringify({ 0: delayMs / 2 })}\n`,
  )

const police = async (runner: Runner, condition: SiteCondition, rateBitsPerSecond: number): Promise<void> => {
  await must(runner, ipIn(SITE_ROUTER, renderHop(offload(condition))), 'policing of flows')
  await must(runner, tcIn(SITE_ROUTER, renderHopClasses(rateBitsPerSecond)), 'policing of flows')
}

const makePath = async (runner: Runner, condition: SiteCondition): Promise<void> => {
  const { delayMs, flowRateBitsPerSecond } = condition
  // First: interfaces that are made later have them, too.
  await must(runner, settingsIn(runner, SITE_ROUTER, ROUTER_SETTINGS), 'path to the probe site')
  await allEnded([
    must(runner, ipIn(SITE_ROUTER, renderSiteRouterInside(condition)), 'path to the probe site'),
    must(runner, tcIn(SITE_ROUTER, renderSiteQueues(condition)), 'path to the probe site'),
    must(runner, nftIn(runner, SITE_ROUTER, renderSiteRules(condition)), 'path to the probe site'),
    ...(flowRateBitsPerSecond === null ? [] : [police(runner, condition, flowRateBitsPerSecond)]),
    ...(delayMs > 0 ? [delayAll(runner, delayMs)] : []),
  ])
}

/** Answers are given from the addresses that are there when it starts. */
const addressThenAnswer = async (runner: Runner, condition: SiteCondition): Promise<void> => {
  await must(runner, ipIn(SITE, renderSiteInside(condition)), 'probe site')
  await startAnswering(runner, condition)
}

const makeHost = async (runner: Runner, condition: SiteCondition): Promise<void> => {
  const { senderBitsPerSecond } = condition
  await allEnded([
    must(runner, settingsIn(runner, SITE, siteSettings(condition)), 'probe site'),
    addressThenAnswer(runner, condition),
    ...(senderBitsPerSecond === null ? [] : [startSlowSource(runner, senderBitsPerSecond)]),
  ])
}

const make = async (runner: Runner, condition: SiteCondition): Promise<void> => {
  await must(runner, ipHere(renderSiteLinks(condition)), 'probe site')
  await allEnded([makePath(runner, condition), makeHost(runner, condition)])
}

/**
 * Makes the probe site anew, and resolves when it answers.
 * @throws MoleError `not-available` when the kernel refuses a step, `missing-program`; nothing is left then.
 */
export const openSite = async (runner: Runner, condition: SiteCondition): Promise<LabSite> => {
  await closeSite(runner)
  try {
    await make(runner, condition)
  } catch (error) {
    await closeSite(runner)
    throw error
  }
  return {
    address: SITE_ADDRESS,
    iperf3Port: IPERF3_PORT,
    echoPort: ECHO_PORT,
    sourceFile: condition.senderBitsPerSecond === null ? null : SOURCE_FILE,
  }
}
