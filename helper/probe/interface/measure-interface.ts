import type { MeasureRequest } from '../../../contract/probe.ts'
import type { InterfaceFacts } from '../../../domain/probe/interface.ts'
import { thisSystem } from '../../system.ts'
import { type MeasureContext, problemOf } from '../context.ts'
import { resolveHost } from '../resolve-host.ts'
import { observeDevice } from './device-facts.ts'
import { observeEthtool } from './ethtool-facts.ts'
import { type Files, foundOr, type KernelFiles, kernelFiles } from './fact.ts'
import { findInterface } from './find-interface.ts'
import { observeCpu, observeTcp } from './host-facts.ts'
import { observeVirtualisation, observeWireGuard } from './system-facts.ts'

type InterfaceRequest = Extract<MeasureRequest, { do: 'interface' }>

const driverByFiles = ({ files, from }: KernelFiles, name: string) => {
  const path = `/sys/class/net/${name}/device/driver`
  const driver = files.link(path)?.split('/').at(-1) ?? null
  return foundOr(driver, 'it has none of its own: it is virtual', from(path))
}

/**
 * The interface that leads to a host. Where none is known to, the one of the default route, which is told to be that: what this
 * machine is does not depend on it. @throws MoleError where there is none either.
 */
const findWay = async (
  towards: string | null,
  { emit, runner }: Pick<MeasureContext, 'emit' | 'runner'>,
): Promise<string> => {
  if (towards === null) return findInterface(runner, null)
  try {
    return await findInterface(runner, await resolveHost(towards))
  } catch (error) {
    const name = await findInterface(runner, null).catch(() => {
      throw error
    })
    const meaning = `The facts are those of ${name}, of the default route: it is not known to lead to ${towards}.`
    emit({ kind: 'problem', of: 'route', problem: { ...problemOf(error), meaning } })
    return name
  }
}

/** Tells the facts of the interface that leads to a host, and of this machine. @throws MoleError where no interface does. */
export const measureInterface = async (
  { towards }: InterfaceRequest,
  context: Pick<MeasureContext, 'emit' | 'runner'>,
  files: Files = thisSystem,
): Promise<void> => {
  const { emit, runner } = context
  emit({ kind: 'doing', text: 'This host and its interface', progressRatio: 0 })
  const name = await findWay(towards, context)
  const kernel = kernelFiles(files)
  const [virtualisation, wireguard, ethtool] = await Promise.all([
    observeVirtualisation(runner, kernel),
    observeWireGuard(runner, kernel),
    observeEthtool(runner, name, driverByFiles(kernel, name)),
  ])
  const facts: InterfaceFacts = {
    name,
    ...observeCpu(kernel),
    virtualisation,
    wireguard,
    ...observeTcp(kernel),
    ...observeDevice(kernel, name),
    ...ethtool,
  }
  emit({ kind: 'interface', facts })
}
