import { z } from 'zod'
import { MoleError } from '../../../contract/errors.ts'
import type { Runner } from '../../run.ts'

const Routes = z.array(z.object({ dev: z.string().optional() }))

/** As the kernel makes names: what is put into a path is nothing else. */
const isPlainName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$/.test(name)

const firstDevice = (json: string): string | null => {
  try {
    return (
      Routes.parse(JSON.parse(json)).flatMap(({ dev }) => (dev !== undefined && isPlainName(dev) ? [dev] : []))[0] ??
      null
    )
  } catch {
    return null
  }
}

const noWay = (towards: string | null, said: string): MoleError =>
  new MoleError(
    'not-available',
    towards === null
      ? 'This host has no default route.'
      : `No route leads to ${towards}${said === '' ? '' : `: ${said}`}.`,
    {
      field: 'interface',
      meaning: 'So there is no interface of which to tell.',
      nextStep: 'Look at "ip route" and at the state of the interfaces ("ip link").',
    },
  )

/**
 * The interface that packets to an address leave by; `null`: the one of the default route.
 * @throws MoleError `not-available` where none does.
 */
export const findInterface = async (runner: Runner, address: string | null): Promise<string> => {
  const way = address === null ? ['show', 'default'] : ['get', address]
  const { stdout, stderr } = await runner.run('ip', ['-json', '-4', 'route', ...way])
  const device = firstDevice(stdout)
  if (device === null) throw noWay(address, stderr.trim().replace(/^RTNETLINK answers: /, ''))
  return device
}
