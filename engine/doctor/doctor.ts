import { release } from 'node:os'
import type { DoctorCheck, Problem } from '../../contract/app.ts'
import { observeLabProblem } from '../cloud/lab/problem.ts'
import { type Execute, execute } from '../run.ts'
import { observeKernelWireGuard, observeMptcp, observeTun } from './kernel.ts'
import {
  EXTRA_PROGRAMS,
  findProgram,
  installCommand,
  LAB_PROGRAMS,
  PROGRAM_DIRECTORIES,
  type Program,
  REQUIRED_PROGRAMS,
} from './programs.ts'

export type DoctorWorld = {
  readonly directories: readonly string[]
  readonly execute: Execute
  readonly nodeVersion: string
  kernelWireGuard(): Promise<boolean>
  tun(): Promise<'usable' | 'closed' | 'absent'>
  mptcp(): Promise<boolean | null>
  /** Why the lab cannot run, found by trying. */
  labProblem(): Promise<Problem | null>
}

const thisMachine: DoctorWorld = {
  directories: PROGRAM_DIRECTORIES,
  execute,
  nodeVersion: process.versions.node,
  kernelWireGuard: observeKernelWireGuard,
  tun: observeTun,
  mptcp: observeMptcp,
  labProblem: () => observeLabProblem(),
}

const ok = (id: string, title: string, detail: string): DoctorCheck => ({
  id,
  title,
  state: 'ok',
  detail,
  remedy: null,
})

const MINIMUM_NODE = 24

const checkNode = ({ nodeVersion }: DoctorWorld): DoctorCheck =>
  Number.parseInt(nodeVersion, 10) >= MINIMUM_NODE
    ? ok('node', 'Node.js', nodeVersion)
    : {
        id: 'node',
        title: 'Node.js',
        state: 'missing',
        detail: `${nodeVersion}; ${MINIMUM_NODE} or newer is needed`,
        remedy: 'Start Cloud Mole with bin/mole, which brings its own Node.js.',
      }

/** How each program is asked for its version. */
const VERSION_ARGUMENT: Readonly<Record<string, string>> = { ip: '-V', tc: '-V' }

const checkProgram = async (
  program: Program,
  world: DoctorWorld,
  whenAbsent: 'missing' | 'warning' = 'missing',
): Promise<DoctorCheck> => {
  const { name, use } = program
  const path = await findProgram(name, world.directories)
  if (path === null)
    return {
      id: name,
      title: name,
      state: whenAbsent,
      detail: `not installed; it ${use}`,
      remedy: installCommand([program.package]),
    }
  const { ok: answered, output } = await world.execute(path, [VERSION_ARGUMENT[name] ?? '--version'])
  return ok(name, name, answered ? (output.split('\n')[0] ?? path) : path)
}

const checkUserspace = async (world: DoctorWorld): Promise<DoctorCheck> => {
  const [path, tun] = await Promise.all([findProgram('wireguard-go', world.directories), world.tun()])
  if (path === null)
    return {
      id: 'wireguard',
      title: 'WireGuard',
      state: 'missing',
      detail: 'neither in the kernel nor as wireguard-go',
      remedy: `${installCommand(['wireguard-go'])} (on Debian 12 add "-t bookworm-backports": four times as fast)`,
    }
  if (tun === 'usable') return ok('wireguard', 'WireGuard', `userspace (${path}); the kernel has none`)
  return {
    id: 'wireguard',
    title: 'WireGuard',
    state: 'missing',
    detail: `wireguard-go needs /dev/net/tun, which is ${tun === 'absent' ? 'not there' : 'closed to you'}`,
    remedy: tun === 'absent' ? 'sudo modprobe tun' : 'sudo chmod 0666 /dev/net/tun',
  }
}

const checkWireGuard = async (world: DoctorWorld): Promise<DoctorCheck> =>
  (await world.kernelWireGuard()) ? ok('wireguard', 'WireGuard', 'in the kernel') : checkUserspace(world)

const checkNamespaces = async ({ labProblem }: DoctorWorld): Promise<DoctorCheck> => {
  const title = 'Namespaces without root'
  const problem = await labProblem()
  if (problem?.code === 'namespaces-restricted')
    return {
      id: 'namespaces',
      title,
      state: 'missing',
      detail: problem.message,
      remedy: problem.data.nextStep ?? null,
    }
  // What else the lab lacks has a line of its own; namespaces could not be tried without it.
  if (problem?.code === 'missing-program')
    return {
      id: 'namespaces',
      title,
      state: 'warning',
      detail: 'not tried: programs are missing',
      remedy: problem.data.nextStep ?? null,
    }
  return ok('namespaces', title, 'allowed')
}

const checkMptcp = async (world: DoctorWorld): Promise<DoctorCheck> => {
  const enabled = await world.mptcp()
  if (enabled === true) return ok('mptcp', 'Multipath TCP', 'in the kernel and enabled')
  return {
    id: 'mptcp',
    title: 'Multipath TCP',
    state: 'warning',
    detail:
      enabled === null
        ? 'not in this kernel; a single connection then rides one tunnel'
        : 'in the kernel, but turned off',
    remedy: enabled === null ? 'Linux 5.6 or newer with CONFIG_MPTCP' : 'sudo sysctl -w net.mptcp.enabled=1',
  }
}

/** Looks for everything Cloud Mole needs, and says how to get what is missing. Changes nothing. */
export const runDoctor = async (world: DoctorWorld = thisMachine): Promise<DoctorCheck[]> =>
  Promise.all([
    Promise.resolve(checkNode(world)),
    Promise.resolve(ok('kernel', 'Linux kernel', release())),
    ...[...REQUIRED_PROGRAMS, ...LAB_PROGRAMS].map((program) => checkProgram(program, world)),
    ...EXTRA_PROGRAMS.map((program) => checkProgram(program, world, 'warning')),
    checkWireGuard(world),
    checkNamespaces(world),
    checkMptcp(world),
  ])
