import { MoleError } from '../../../contract/errors.ts'
import type { Fact } from '../../../domain/probe/figure.ts'
import type { Runner } from '../../run.ts'
import { hasKernelWireGuard } from '../../wireguard-support.ts'
import { measured } from '../source.ts'
import { found, type KernelFiles, lacking } from './fact.ts'

const isMissing = (error: unknown): error is MoleError => error instanceof MoleError && error.code === 'missing-program'

/** Where the program is not installed, the CPU's own flag tells half of it (x86 only). */
const byCpuFlag = ({ files, from }: KernelFiles, missing: MoleError): Fact<string> => {
  const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(files.read('/proc/cpuinfo') ?? '')
  return isGuest
    ? found('a virtual machine', from('flag "hypervisor" of /proc/cpuinfo'))
    : lacking(missing.message, from('/proc/cpuinfo'))
}

const parseVersion = (stdout: string): string | null => /^systemd (\S+)/.exec(stdout)?.[1] ?? null

/** "none", "kvm", "docker in kvm" (`systemd-detect-virt(1)`). */
export const observeVirtualisation = async (runner: Runner, kernel: KernelFiles): Promise<Fact<string>> => {
  try {
    const ask = async (flag: string): Promise<string> => (await runner.run('systemd-detect-virt', [flag])).stdout.trim()
    const [version, machine, container] = await Promise.all([ask('--version'), ask('--vm'), ask('--container')])
    const kinds = [container, machine].filter((kind) => kind !== 'none' && kind !== '')
    const tool = { tool: 'systemd-detect-virt', version: parseVersion(version) }
    return found(
      kinds.length === 0 ? 'none' : kinds.join(' in '),
      measured('systemd-detect-virt --vm, --container', tool),
    )
  } catch (error) {
    if (isMissing(error)) return byCpuFlag(kernel, error)
    throw error
  }
}

/** Without the right to ask the kernel for an interface, its modules are what can be seen (`depmod(8)`). */
const moduleOf = ({ files }: KernelFiles): string | null => {
  if (files.list('/sys/module/wireguard').length > 0) return '/sys/module/wireguard'
  const release = files.read('/proc/sys/kernel/osrelease')?.trim() ?? ''
  const lists = ['modules.builtin', 'modules.dep'].map((name) => `/lib/modules/${release}/${name}`)
  return lists.find((path) => files.read(path)?.includes('/wireguard.ko') === true) ?? null
}

/** "kernel", or "wireguard-go 0.0.20230223"; what makes the interfaces where the kernel cannot. */
export const observeWireGuard = async (runner: Runner, kernel: KernelFiles): Promise<Fact<string>> => {
  if (await hasKernelWireGuard({ runner }))
    return found('kernel', kernel.from('the kernel knows interfaces of type wireguard'))
  const module = moduleOf(kernel)
  if (module !== null) return found('kernel', kernel.from(module))
  try {
    const { stdout } = await runner.run('wireguard-go', ['--version'])
    const version = /^wireguard-go v?(\S+)/.exec(stdout)?.[1] ?? null
    const name = version === null ? 'wireguard-go' : `wireguard-go ${version}`
    return found(name, measured('wireguard-go --version', { tool: 'wireguard-go', version }))
  } catch (error) {
    if (isMissing(error))
      return lacking(
        'The kernel shows no WireGuard, and wireguard-go is not installed.',
        kernel.from('/sys/module, /lib/modules'),
      )
    throw error
  }
}
