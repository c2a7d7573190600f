import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { release } from 'node:os'
import { MoleError } from '../contract/errors.ts'
import { type HostState, NOTHING } from '../domain/host-state.ts'
import { applyState, type Workshop } from './apply.ts'
import type { HelperArguments } from './arguments.ts'
import { makeAudit } from './audit.ts'
import { type HelperDirectory, prepareDirectory } from './directory.ts'
import { activatedDoor, type Door } from './door.ts'
import { writeDurably } from './durable-file.ts'
import { makeExecutor } from './execute.ts'
import { openFailover } from './failover/failover.ts'
import { type FlowsSeen, lookAtFlows } from './flows/look.ts'
import { makeHandlers } from './handlers.ts'
import { type Host, makeHost } from './host.ts'
import { openJournal } from './journal.ts'
import { openKeys } from './keys.ts'
import { isInOwnWorld, labHandlers } from './lab/handlers.ts'
import { openAdaptive } from './mptcp/adaptive.ts'
import type { Facts } from './observe/facts.ts'
import { observe } from './observe/observe.ts'
import { observeServed } from './observe/served.ts'
import { observeSshClients } from './observe/ssh-clients.ts'
import { checkPeerCredentials } from './peer-credentials.ts'
import { openMonitor } from './recovery/monitor.ts'
import { makeRecovery } from './recovery/recovery.ts'
import { renewEndpoints } from './recovery/renew-endpoints.ts'
import { superviseRelay } from './relay/supervise.ts'
import { remembered } from './remembered.ts'
import { startServer } from './server.ts'
import { thisSystem } from './system.ts'
import { makeRefusals } from './tuning/known.ts'
import { makeHostLoad } from './tuning/load.ts'
import { observeTuning, type TuningScope, tuningScope } from './tuning/observe.ts'
import { takeSample } from './watch/sampler.ts'
import { makeWatchers } from './watch/watch.ts'
import { observeWireGuardSupport } from './wireguard-support.ts'
import { worldIdentity } from './world-identity.ts'

const notALab = (): MoleError =>
  new MoleError('denied', 'A lab helper runs only in a user namespace of its own.', {
    field: '--lab',
    meaning: 'Otherwise it would change the network of this machine.',
    nextStep: 'Start the lab with "mole up --target lab".',
  })

/** A socket of our own gets a new token each time; the one of systemd needs none. */
const openDoor = ({ socket, token: file }: HelperDirectory, allowedUid: number | null): Door => {
  if (allowedUid !== null) return activatedDoor(process.env, process.pid, allowedUid)
  const token = randomBytes(32).toString('hex')
  writeDurably(file, `${token}\n`)
  return { path: socket, token }
}

/**
 * Starts the helper: directory, lock, what a former life left, token, socket. Resolves with what ends it; tunnels,
 * routes and keys stay when it ends.
 * @throws MoleError when it must not, or cannot, serve.
 */
export const startHelper = async (options: HelperArguments, version: string): Promise<() => void> => {
  const { directory, isLab, allowedUid } = options
  if (isLab && !isInOwnWorld()) throw notALab()
  process.umask(0o077)
  const paths = prepareDirectory(directory)
  const journal = openJournal(paths.journal, worldIdentity())
  await checkPeerCredentials(paths.path)

  const audit = makeAudit((text) => void process.stderr.write(text))
  const system = thisSystem
  const keys = openKeys(paths.keys)
  const wireguard = remembered(() => observeWireGuardSupport(system))

  // Whatever was read last says whom to probe and whom to ask for handshakes.
  let links: Facts['links'] = []
  const failover = openFailover({
    runner: system.runner,
    audit,
    generation: journal.generation,
    urgently: (work) => host.urgently(work),
    isChanging: () => host.isChanging(),
    onChange: () => watchers.hurry(),
    onDeath: () => recovery.suspect(),
  })
  const refusals = makeRefusals()
  const scope = (asked?: HostState): TuningScope => {
    const { desired, tuningOrigins } = journal.settled()
    return tuningScope(asked ?? desired ?? NOTHING, tuningOrigins)
  }
  const look: Workshop['observe'] = async (asked, nft) => {
    const facts = await observe(system, isLab, scope(asked), nft)
    links = facts.links
    failover.see(facts)
    return facts
  }
  const workshop: Workshop = {
    journal,
    keys,
    executor: makeExecutor(system, keys, refusals),
    observe: look,
    sshClients: () => observeSshClients(system),
    refusalOf: refusals.of,
    withdrawn: failover.withdrawn,
    flavour: async () => ((await wireguard()) === 'kernel' ? 'kernel' : 'userspace'),
  }
  const host: Host = makeHost(workshop, {
    onChange: () => watchers.changed(),
    onSettled: failover.follow,
    onRollBack: (why, failures) =>
      audit({
        event: 'roll-back',
        generation: journal.generation(),
        outcome: failures.join('; ') || 'ok',
        detail: why,
      }),
  })
  const watchers = makeWatchers({ generation: host.generation, sample: () => takeSample(system, links, failover) })
  const recovery = makeRecovery({
    whenSettled: host.whenSettled,
    observe: () => observeServed(system),
    apply: (desired) => applyState(workshop, desired, null),
    renew: (desired) => renewEndpoints(system, desired, links),
    audit,
    tell: watchers.tell,
    nowMs: () => performance.now(),
  })
  await look()
  await host.resume()
  const endMonitor = openMonitor(
    system.runner,
    ({ kind }) => void (kind === 'moved' ? recovery.moved() : recovery.suspect()),
  )
  recovery.suspect()
  const endSupervision = superviseRelay({
    whenSettled: host.whenSettled,
    desired: () => journal.settled().desired,
    relay: system.relay,
    audit,
  })
  const endAdaptive = openAdaptive({
    runner: system.runner,
    desired: () => journal.settled().desired,
    paths: failover,
    audit,
  })

  const lab = labHandlers({
    directory: paths.path,
    runner: system.runner,
    enabled: isLab,
    carried: () => {
      const { relay, spread } = journal.settled().desired ?? NOTHING
      return relay === null ? spread : 'relay'
    },
  })
  const hostLoad = makeHostLoad({
    system,
    links: () => links,
    desired: () => journal.settled().desired ?? NOTHING,
    known: () => ({ origins: journal.settled().tuningOrigins, refusalOf: refusals.of }),
    observeTuning: () => observeTuning(system, scope(), links),
    generation: journal.generation,
  })
  const flows = (): Promise<FlowsSeen> => lookAtFlows(system, journal.settled().desired)
  const parts = { host, keys, watchers, lab, version, kernel: release(), isLab, wireguard, flows, hostLoad }
  const server = await startServer({
    door: openDoor(paths, allowedUid),
    audit,
    generation: host.generation,
    handlersFor: (caller) => makeHandlers(parts, caller),
  })
  audit({ event: 'start', generation: host.generation(), outcome: 'ok', detail: `version ${version}` })

  return () => {
    server.close()
    // Only one of our own: systemd goes on listening on its.
    if (allowedUid === null) rmSync(paths.socket, { force: true })
    endMonitor()
    endAdaptive()
    endSupervision()
    recovery.close()
    host.close()
    failover.close()
    system.askIp.close()
    journal.close()
    audit({ event: 'end', outcome: 'ok' })
  }
}
