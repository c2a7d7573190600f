import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MeasureEvent } from '../../../contract/probe.ts'
import { makeWorld, type World } from '../../testing/world.ts'
import { eventsOf } from '../testing/heard.ts'

/* Paths of the real kernel: a router between this host's link of 9216 bytes and one of 1420, behind which one site has five addresses. */

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const ECHO = fileURLToPath(new URL('../../../resources/probe/echo.py', import.meta.url))
const PORT = 7011

const SITE = {
  open: '198.18.1.1',
  /** What is larger than 1300 bytes vanishes. */
  blackHole: '198.18.1.2',
  /** No UDP passes. */
  icmpOnly: '198.18.1.3',
  /** Neither UDP nor ICMP passes. */
  tcpOnly: '198.18.1.4',
  /** Every fifth packet is lost. */
  lossy: '198.18.1.5',
} as const
const NOWHERE = '192.0.2.1'

const FILTER = `
table ip path {
  chain pass {
    type filter hook forward priority 0
    ip daddr ${SITE.blackHole} ip length > 1300 drop
    ip daddr ${SITE.icmpOnly} ip protocol udp drop
    ip daddr ${SITE.tcpOnly} ip protocol { udp, icmp } drop
    ip daddr ${SITE.lossy} numgen random mod 5 == 0 drop
  }
}`

const NETWORK = `
set -e
for name in router site; do touch /run/ns/$name; unshare --net=/run/ns/$name true; done
router="nsenter --net=/run/ns/router"
site="nsenter --net=/run/ns/site"
ip link add near type veth peer name near netns /run/ns/router
$router ip link add far type veth peer name far netns /run/ns/site
ip link set near mtu 9216 up; $router ip link set near mtu 9216 up
$router ip link set far mtu 1420 up; $site ip link set far mtu 1420 up
ip addr add 198.18.0.2/30 dev near; $router ip addr add 198.18.0.1/30 dev near
$router ip addr add 198.18.0.5/30 dev far; $site ip addr add 198.18.0.6/30 dev far
for address in ${Object.values(SITE).join(' ')}; do $site ip addr add $address/32 dev far; done
ip route add 198.18.1.0/24 via 198.18.0.1; $router ip route add 198.18.1.0/24 via 198.18.0.6
$site ip route add default via 198.18.0.5
$router sysctl -qw net.ipv4.ip_forward=1
$router nft -f -`

let world: World

beforeAll(async () => {
  world = await makeWorld()
  await world.run('/bin/sh', ['-c', NETWORK], FILTER)
  world.start('/usr/bin/nsenter', ['--net=/run/ns/site', '/usr/bin/python3', ECHO, String(PORT)])
  const sockets = () => world.run('/usr/bin/nsenter', ['--net=/run/ns/site', '/usr/bin/ss', '-Hlun'])
  while (!(await sockets()).includes(`:${PORT}`)) await new Promise((resolve) => setTimeout(resolve, 20))
})
afterAll(() => world.close())

const measure = async (host: string): Promise<MeasureEvent[]> => {
  const child = world.start(process.execPath, [MAIN, 'measure'], ['pipe', 'pipe', 'inherit'])
  if (child.stdin === null || child.stdout === null) throw new Error('no pipes')
  const request = { do: 'path', host, echoPort: PORT, tcpPort: 5201, rungs: [1200, 1500, 1800, 9000], echoes: 20 }
  child.stdin.write(`${JSON.stringify(request)}\n`)
  const events: MeasureEvent[] = []
  for await (const line of createInterface({ input: child.stdout })) events.push(MeasureEvent.parse(JSON.parse(line)))
  return events
}

const hasPing = existsSync('/usr/bin/ping') || existsSync('/bin/ping')

describe('a path', () => {
  let heard: Record<keyof typeof SITE | 'nowhere', MeasureEvent[]>
  beforeAll(async () => {
    const [open, blackHole, icmpOnly, tcpOnly, lossy, nowhere] = await Promise.all(
      [...Object.values(SITE), NOWHERE].map(measure),
    )
    heard = { open, blackHole, icmpOnly, tcpOnly, lossy, nowhere } as typeof heard
  })
  const resultOf = (name: keyof typeof heard) => eventsOf(heard[name], 'mtu')[0]?.result
  const tripsOf = (name: keyof typeof heard) => eventsOf(heard[name], 'trips')[0]?.trips
  const problemsOf = (name: keyof typeof heard) => eventsOf(heard[name], 'problem')

  it('whose router says what is too big has that MTU, to the byte', () => {
    expect(resultOf('open')).toMatchObject({ by: 'udp', mtuBytes: { value: 1420 }, innerMtuBytes: { value: 1360 } })
    expect(resultOf('open')).toMatchObject({ limitedBy: 'path', blackHole: false, saidBytes: 1420 })
    expect(tripsOf('open')).toMatchObject({ by: 'udp', sent: 20 })
    expect(problemsOf('open')).toEqual([])
  })

  it('that swallows what is too big is told as that, also where a router names a larger size', () => {
    expect(resultOf('blackHole')).toMatchObject({
      by: 'udp',
      mtuBytes: { value: 1300 },
      limitedBy: 'path',
      blackHole: true,
    })
    expect([null, 1420]).toContain(resultOf('blackHole')?.saidBytes)
  })

  it('that loses packets by chance has its MTU all the same', () => {
    expect(resultOf('lossy')).toMatchObject({ by: 'udp', mtuBytes: { value: 1420 }, limitedBy: 'path' })
    expect(tripsOf('lossy')?.answered).toBeLessThan(20)
  })

  it.skipIf(!hasPing)('on which only ICMP is answered is measured by that, and says so', () => {
    expect(resultOf('icmpOnly')).toMatchObject({ by: 'icmp', mtuBytes: { value: 1420, from: { tool: 'ping' } } })
    expect(tripsOf('icmpOnly')).toMatchObject({ by: 'icmp' })
  })

  it('on which only TCP is answered has a round trip, and no MTU that was guessed', () => {
    expect(tripsOf('tcpOnly')).toMatchObject({ by: 'tcp' })
    expect(tripsOf('tcpOnly')?.minMs.from.how).toContain('until a TCP connection is refused')
    expect(resultOf('tcpOnly')).toBeUndefined()
    expect(problemsOf('tcpOnly')).toMatchObject([
      { of: 'mtu', problem: { nextStep: expect.stringContaining('mole probe answer') } },
    ])
  })

  it('that there is not is a problem, and no figure', () => {
    expect(problemsOf('nowhere')).toMatchObject([
      { of: 'path', problem: { message: expect.stringContaining('no route') } },
    ])
    expect([resultOf('nowhere'), tripsOf('nowhere')]).toEqual([undefined, undefined])
  })
})
