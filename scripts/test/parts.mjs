import { findBundleFaults } from '../check/bundles.mjs'
import { staticChecks } from '../check/checks.mjs'
import { renderCheck, runChecks } from '../check/run-checks.mjs'
import { resultOfChecks } from './part-result.mjs'
import { runPlaywright, runVitest, skipSuite } from './suites.mjs'

/** @typedef {import('./suites.mjs').World} World */
/** @typedef {{ name: string, asOrdinaryUser?: boolean, act: (world: World) => Promise<import('./part-result.mjs').PartResult> }} Part */
/** @typedef {{ isRoot: boolean, labLack: string, chromiumLack: string, motoLack: string }} Circumstances Why the lab, the panel or AWS cannot be tried; empty when they can. */

/** @param {string} name @param {(root: string) => import('../check/checks.mjs').Check[]} checksOf @returns {Part} */
const checks = (name, checksOf) => ({
  name,
  act: async ({ root }) =>
    resultOfChecks(
      name,
      await runChecks(checksOf(root), { onResult: (result) => process.stdout.write(`${renderCheck(result)}\n`) }),
    ),
})

/** @param {string} reason */
const firstLine = (reason) => reason.split('\n')[0] ?? reason

/** What root's own run drives: the life of a deployment. All else root has no part in. */
const ROOTS_SPECS = ['e2e/command-line']

/**
 * What is another matter for root: the world of the lab, the helper on this machine itself, and who may call it. A helper that is
 * killed at every step (helper/crash) is the same for both, and long.
 */
const ROOTS_KERNEL = [
  'engine/cloud/lab/lab.kernel',
  'engine/host/',
  ...['host-state', 'deal', 'tuning/', 'wireguard', 'installed', 'log'].map((name) => `helper/${name}`),
]

/**
 * Every part of the tests, in the order in which a fault is cheapest to find. Root proves nothing about the people this
 * is made for: started by root, the parts that use the lab run as an ordinary user, and then what matters as root too.
 * @param {Circumstances} circumstances @returns {Part[]}
 */
export const allParts = ({ isRoot, labLack, chromiumLack, motoLack }) => {
  /** @param {string} name @param {boolean} asOrdinaryUser @param {string[]} files @returns {Part} */
  const kernel = (name, asOrdinaryUser, files) => ({
    name,
    asOrdinaryUser,
    act: (world) =>
      labLack === '' ? runVitest(world, name, 'kernel', files) : skipSuite(world, name, 'kernel', firstLine(labLack)),
  })
  /** @param {string} name @param {boolean} asOrdinaryUser @param {string[]} files @returns {Part} */
  const e2e = (name, asOrdinaryUser, files) => ({
    name,
    asOrdinaryUser,
    act: (world) => {
      const lack = labLack || chromiumLack
      return lack === '' ? runPlaywright(world, name, files) : skipSuite(world, name, 'e2e', firstLine(lack), files)
    },
  })
  /** @type {Part} */
  const aws = {
    name: 'aws',
    asOrdinaryUser: isRoot,
    act: (world) => {
      const lack = labLack || motoLack
      return lack === '' ? runVitest(world, 'aws', 'aws') : skipSuite(world, 'aws', 'aws', firstLine(lack))
    },
  }
  return [
    checks('checks', staticChecks),
    { name: 'unit', act: (world) => runVitest(world, 'unit', 'unit') },
    checks('built programs', (root) => [
      { name: 'they are whole and load nothing foreign', act: async () => findBundleFaults(root).join('\n') },
    ]),
    kernel('kernel', isRoot, []),
    aws,
    e2e('e2e', isRoot, []),
    ...(isRoot ? [kernel('kernel as root', false, ROOTS_KERNEL), e2e('e2e as root', false, ROOTS_SPECS)] : []),
  ]
}
