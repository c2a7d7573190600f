import { setTimeout as delay } from 'node:timers/promises'
import { type AwsWorld, openAwsWorld } from '../engine/cloud/aws/testing/open-aws-world.ts'
import { median, printTable } from './statistics.ts'

/**
 * Our own share of the way to AWS: the commands against moto and bastions of the lab, where an instance boots in a
 * fraction of a second. AWS's share (an instance that starts, packages that are installed) comes on top and is not measured.
 * `node bench/aws-path-time.ts [runs]`; medians of 5 runs by default.
 */
const RUNS = Number(process.argv[2] ?? 5)
const RESOURCE = 'http://10.200.0.10/'

const durations = new Map<string, number[]>()

const timed = async (what: string, work: () => Promise<void>): Promise<void> => {
  const startedAt = performance.now()
  await work()
  durations.set(what, [...(durations.get(what) ?? []), performance.now() - startedAt])
}

const mole = async (world: AwsWorld, ...argv: string[]): Promise<void> => {
  const { code, stderr } = await world.mole(argv)
  if (code !== 0) throw new Error(`mole ${argv.join(' ')}: ${stderr}`)
}

const fetches = async (world: AwsWorld): Promise<boolean> => {
  const { code } = await world.run(['curl', '--silent', '--output', '/dev/null', '--max-time', '0.5', RESOURCE])
  return code === 0
}

/** Until ten new connections in a row are served. */
const untilServed = async (world: AwsWorld): Promise<void> => {
  for (let inARow = 0; inARow < 10; ) inARow = (await fetches(world)) ? inARow + 1 : 0
}

const untilReplaced = async (world: AwsWorld, dead: string): Promise<void> => {
  for (;;) {
    const { stdout } = await world.mole(['status', '--json'])
    const { deployment } = JSON.parse(stdout)
    const ids = deployment.bastions.map(
      (bastion: { machine: { instanceId: string } | null }) => bastion.machine?.instanceId,
    )
    if (deployment.phase === 'connected' && ids.length === 2 && !ids.includes(dead)) return
    await delay(100)
  }
}

const run = async (world: AwsWorld): Promise<void> => {
  const up = ['up', '--vpc', world.network.vpcId, '--tunnels', '4', '--source-cidr', '198.51.100.2/32', '--yes']
  await timed('`mole up`, 4 tunnels on one instance', () => mole(world, ...up))
  await timed('`mole scale --tunnels 8`, the same instance', () => mole(world, 'scale', '--tunnels', '8', '--yes'))
  await timed('`mole scale --bastions 2`, one instance more', () => mole(world, 'scale', '--bastions', '2', '--yes'))
  const victim = world.hypervisor.all().findLast(({ isGone }) => !isGone)?.instanceId ?? ''
  await world.hypervisor.kill(victim)
  await Promise.all([
    timed('an instance dies → ten new connections in a row are served', () => untilServed(world)),
    timed('an instance dies → it is replaced and joined', () => untilReplaced(world, victim)),
  ])
  await timed('`mole down` → proven clean, two instances', () => mole(world, 'down', '--yes'))
}

for (let each = 0; each < RUNS; each += 1) {
  const world = await openAwsWorld()
  try {
    await run(world)
  } finally {
    await world.dispose()
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1)
printTable(
  ['what', `median of ${RUNS}, s`, 'min', 'max'],
  [...durations].map(([what, all]) => [
    what,
    seconds(median(all)),
    seconds(Math.min(...all)),
    seconds(Math.max(...all)),
  ]),
)
