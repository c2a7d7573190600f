import { MoleError } from '../../../contract/errors.ts'
import type { Fact, Source } from '../../../domain/probe/figure.ts'
import type { InterfaceFacts } from '../../../domain/probe/interface.ts'
import type { Runner } from '../../run.ts'
import { measured } from '../source.ts'
import { foundOr, lacking } from './fact.ts'
import { parseDriver, parseEthtoolVersion, parseOffloads, parseRing, parseRssQueues } from './parse-ethtool.ts'

type EthtoolFacts = Pick<InterfaceFacts, 'driver' | 'offloads' | 'rssQueues' | 'receiveRing' | 'transmitRing'>

type Ask = (flag: string) => Promise<{ readonly text: string; readonly from: Source }>

const openEthtool = async (runner: Runner, name: string): Promise<Ask> => {
  const { stdout } = await runner.run('ethtool', ['--version'])
  const tool = { tool: 'ethtool', version: parseEthtoolVersion(stdout) }
  return async (flag) => {
    const asked = await runner.run('ethtool', [flag, name])
    return { text: asked.stdout, from: measured(`ethtool ${flag} ${name}`, tool) }
  }
}

const SILENT = 'the driver does not tell it'

const askAll = async (ask: Ask): Promise<EthtoolFacts> => {
  const [driver, offloads, hash, rings] = await Promise.all([ask('-i'), ask('-k'), ask('-x'), ask('-g')])
  return {
    driver: foundOr(parseDriver(driver.text), SILENT, driver.from),
    offloads: foundOr(parseOffloads(offloads.text), SILENT, offloads.from),
    rssQueues: foundOr(parseRssQueues(hash.text), SILENT, hash.from),
    receiveRing: foundOr(parseRing(rings.text, 'RX'), SILENT, rings.from),
    transmitRing: foundOr(parseRing(rings.text, 'TX'), SILENT, rings.from),
  }
}

/** What only `ethtool` tells; where it is not installed, that is what lacks. */
export const observeEthtool = async (runner: Runner, name: string, driver: Fact<string>): Promise<EthtoolFacts> => {
  try {
    const facts = await askAll(await openEthtool(runner, name))
    return facts.driver.value === null ? { ...facts, driver } : facts
  } catch (error) {
    if (!(error instanceof MoleError) || error.code === 'cancelled') throw error
    const lack = <Value>(): Fact<Value> =>
      lacking(
        `${error.message} ${error.data.nextStep ?? ''}`.trim(),
        measured('ethtool', { tool: 'ethtool', version: null }),
      )
    return { driver, offloads: lack(), rssQueues: lack(), receiveRing: lack(), transmitRing: lack() }
  }
}
