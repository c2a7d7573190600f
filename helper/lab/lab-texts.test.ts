import { describe, expect, it } from 'vitest'
import { ENTER_BASTION_ROOT, mountsBelow, renderFstab } from './bastion-root.ts'
import { bootState } from './boot.ts'
import { renderDelays } from './delay-relay.ts'
import { isOwnUserNamespace } from './handlers.ts'
import {
  renderConditions,
  renderPathQueueRemoval,
  renderPathQueues,
  renderPathRules,
  renderPathState,
} from './paths.ts'
import { chooseSeat } from './private-network.ts'
import { type BastionRecord, parseRecord } from './record.ts'
import {
  placeOf,
  renderBastionLinks,
  renderBastionSide,
  renderLinkRemoval,
  renderPrivateSide,
  renderRouter,
  renderRouterSide,
} from './topology.ts'
import { clientArguments, describeTool } from './traffic.ts'

/** The second bastion of its deployment, in the third private network of the lab. */
const plan = {
  index: 2,
  network: 3,
  seat: 2,
  firstSlot: 9,
  slots: 2,
  firstPort: 51_821,
  pathRateBitsPerSecond: 200_000_000,
  privateCidr: '10.200.0.0/24',
}
const place = placeOf(plan)
const record: BastionRecord = {
  version: 2,
  id: 'b1',
  deploymentId: 'd1',
  stage: 'made',
  boot: { pid: 9, startTime: 12 },
  brokenSlots: [],
  conditions: [],
  ...plan,
}
const CONDITIONS = [
  { slot: 9, lossRatio: 0, delayMs: 12.5 },
  { slot: 10, lossRatio: 0.3, delayMs: 0 },
]

describe('placeOf', () => {
  it('gives every bastion names and an address of its own', () => {
    const places = [1, 2, 3, 200].map((index) =>
      placeOf({ index, network: 1, seat: index, privateCidr: '10.200.0.0/24' }),
    )
    const own = ['bastionNamespace', 'routerInterface', 'pathTable', 'publicAddress', 'bastionPrivateAddress'] as const
    for (const key of own) expect(new Set(places.map((each) => each[key])).size).toBe(places.length)
    for (const key of ['privateNamespace', 'resourceAddress'] as const)
      expect(new Set(places.map((each) => each[key])).size).toBe(1)
    for (const { bastionPrivateAddress, resourceAddress } of places)
      expect(bastionPrivateAddress).not.toBe(resourceAddress)
    expect(places[0]?.publicAddress).toBe('203.0.113.10')
    expect(places[3]?.publicAddress).toBe('203.0.113.209')
  })

  it('fits the private network given, and refuses one without room', () => {
    const first = { index: 1, network: 1, seat: 1 }
    expect(placeOf({ ...first, privateCidr: '172.20.4.0/22' })).toMatchObject({
      bastionPrivateAddress: '172.20.4.1',
      resourceAddress: '172.20.4.10',
      privatePrefix: 22,
    })
    expect(placeOf({ ...first, privateCidr: '10.9.8.8/29' }).resourceAddress).toBe('10.9.8.10')
    expect(() => placeOf({ ...first, privateCidr: '10.9.8.8/30' })).toThrow(/too small/)
  })

  it.each([
    ['10.9.8.8/29', 5],
    ['10.9.8.0/28', 13],
  ])(
    'has room in %s for %i bastions, none at the resource’s address, the network’s or that of broadcasts',
    (privateCidr, room) => {
      const addresses = Array.from(
        { length: room },
        (_, at) => placeOf({ index: 1, network: 1, seat: at + 1, privateCidr }).bastionPrivateAddress,
      )
      const { resourceAddress } = placeOf({ index: 1, network: 1, seat: 1, privateCidr })
      const last = (address: string): number => Number(address.split('.')[3])
      const base = last(privateCidr.split('/')[0] ?? '')
      expect(new Set([...addresses, resourceAddress]).size).toBe(room + 1)
      expect(Math.min(...addresses.map(last))).toBe(base + 1)
      expect(Math.max(...addresses.map(last))).toBe(base + room + 1)
      expect(() => placeOf({ index: 1, network: 1, seat: room + 1, privateCidr })).toThrow(/too small/)
    },
  )
})

describe('rendered texts', () => {
  it('stay as they were seen to work', async () => {
    const texts = {
      router: renderRouter(),
      links: renderBastionLinks(place),
      routerSide: renderRouterSide(place),
      bastionSide: renderBastionSide(place),
      privateSide: renderPrivateSide(place),
      linkRemoval: renderLinkRemoval(place),
      queues: renderPathQueues(plan, place),
      queueRemoval: renderPathQueueRemoval(plan),
      rules: renderPathRules(plan, place),
      broken: renderPathState(plan, place, 10, 'broken'),
      healthy: renderPathState(plan, place, 10, 'healthy'),
      ordinary: renderConditions(plan, place, []),
      conditions: renderConditions(plan, place, CONDITIONS),
      delays: renderDelays({ ...record, conditions: CONDITIONS }),
    }
    const text = Object.entries(texts)
      .map(([name, body]) => `# ${name}\n${body}`)
      .join('\n')
    await expect(text).toMatchFileSnapshot('golden/lab-texts.txt')
  })

  it('share no class between bastions on the interface they share', () => {
    const classes = (index: number): string[] =>
      renderPathQueues({ ...plan, index, firstSlot: 57, slots: 64 }, place).match(
        /dev dtn parent 1: classid 1:[0-9a-f]+/g,
      ) ?? []
    const all = [1, 2, 3, 200].flatMap(classes)
    expect(all).toHaveLength(4 * 64)
    expect(new Set(all).size).toBe(all.length)
    for (const each of all) expect(Number.parseInt(each.split('1:').at(-1) ?? '', 16)).toBeLessThan(0xffff)
  })
})

describe('chooseSeat', () => {
  const nothingLeft = (_network: number): boolean => false
  const choose = (deploymentId: string, privateCidr: string, records: BastionRecord[], isLeftOver = nothingLeft) =>
    chooseSeat({ deploymentId, privateCidr }, records, isLeftOver)

  it('puts the bastions of one deployment and private network together', () => {
    expect(choose('d1', '10.200.0.0/24', [])).toEqual({ network: 1, seat: 1 })
    expect(choose('d1', '10.200.0.0/24', [record])).toEqual({ network: 3, seat: 1 })
    expect(choose('d1', '10.200.0.0/24', [record, { ...record, id: 'b2', seat: 1 }])).toEqual({ network: 3, seat: 3 })
  })

  it('keeps other deployments and networks apart, and off a namespace nobody knows', () => {
    expect(choose('d2', '10.200.0.0/24', [record])).toEqual({ network: 1, seat: 1 })
    expect(choose('d1', '10.201.0.0/24', [record, { ...record, network: 1 }])).toEqual({ network: 2, seat: 1 })
    expect(choose('d2', '10.200.0.0/24', [record], (network: number) => network < 3)).toEqual({ network: 4, seat: 1 })
  })
})

describe('the bastion’s file system', () => {
  const mountInfo = [
    '30 1 254:0 / / rw',
    '31 30 0:5 / /usr/local rw',
    '32 30 0:6 / /usr/lo\\040cal2 rw',
    '33 30 0:6 / /usrx rw',
  ].join('\n')

  it('binds programs read-only, those mounted below them too', () => {
    expect(mountsBelow(mountInfo, '/usr')).toEqual(['/usr/local', '/usr/lo\\040cal2'])
    const fstab = renderFstab(['/usr'], mountInfo, ['/dev/null'])
    for (const line of fstab.split('\n').filter((each) => each.startsWith('/usr'))) expect(line).toMatch(/bind,ro 0 0$/)
    expect(fstab).toContain('/proc /run/bastion/root/proc none bind,ro 0 0\n')
  })

  it('is entered by text that nothing is put into', () => {
    expect(ENTER_BASTION_ROOT).not.toMatch(/\$\{|undefined/)
    expect(ENTER_BASTION_ROOT.match(/\$[0-9{@*]/g)).toEqual(['$1'])
  })

  it('takes the right to reboot away before anything of the bastion runs', () => {
    expect(ENTER_BASTION_ROOT.trimEnd().split('\n').at(-1)).toMatch(/^exec setpriv --bounding-set -sys_boot /)
  })
})

describe('bootState', () => {
  it('says what console and process say together', () => {
    expect(bootState('', true)).toBe('booting')
    expect(bootState('mole-bastion-key v1 slot=1\n', false)).toBe('failed')
    expect(bootState('x\nmole-bastion-ready v1 slots=8\n', false)).toBe('running')
    expect(bootState('mole-bastion-ready v1 slo', true)).toBe('booting')
    expect(bootState('mole-bastion-ready v1 slots=8\nmole-bastion-lease v1 ended\n', false)).toBe('failed')
  })
})

describe('parseRecord', () => {
  it('reads its own', () => {
    expect(parseRecord(JSON.stringify(record))).toEqual(record)
    const { conditions, ...older } = record
    expect(parseRecord(JSON.stringify(older))).toEqual(record)
    const conditioned = { ...record, conditions: CONDITIONS }
    expect(parseRecord(JSON.stringify(conditioned))).toEqual(conditioned)
  })
  it.each([
    '',
    '{',
    'null',
    JSON.stringify({ ...record, index: 0 }),
    JSON.stringify({ ...record, id: '../x' }),
    JSON.stringify({ ...record, extra: 1 }),
    JSON.stringify({ ...record, conditions: [{ slot: 9, lossRatio: 1.1, delayMs: 0 }] }),
  ])('refuses %j', (text) => {
    expect(parseRecord(text)).toBeNull()
  })
})

describe('isOwnUserNamespace', () => {
  it('knows the machine’s own from one made for the lab', () => {
    expect(isOwnUserNamespace('         0          0 4294967295\n')).toBe(false)
    expect(isOwnUserNamespace('         0       1001          1\n')).toBe(true)
    expect(isOwnUserNamespace('         0          0          1\n')).toBe(true)
    expect(isOwnUserNamespace('')).toBe(false)
  })
})

describe('iperf3’s arguments and their description', () => {
  const request = { bastionId: 'b1', streams: 4, durationSeconds: 30, direction: 'download', protocol: 'tcp' } as const
  const placement = {
    firstPort: 20_100,
    streamsBySlot: new Map([
      [2, 2],
      [1, 2],
    ]),
  }

  it('ask for what was wished', () => {
    expect(clientArguments(request, '10.200.0.10', 5210, placement).join(' ')).toBe(
      '--client 10.200.0.10 --port 5210 --time 30 --parallel 4 --interval 1 --format k --forceflush --connect-timeout 5000 --reverse --cport 20100',
    )
    expect(clientArguments({ ...request, direction: 'upload' }, 'a', 1, null)).not.toContain('--cport')
  })

  it('say how the ports were chosen', () => {
    expect(describeTool('3.12', request, 'hash', placement)).toBe(
      "iperf3 3.12, 4 TCP streams in one process; client ports 20100–20103 chosen so that the kernel's own hash spreads them (mole1: 2, mole2: 2)",
    )
    expect(describeTool('3.12', { ...request, streams: 1 }, 'hash', null)).toBe(
      'iperf3 3.12, 1 TCP stream, ephemeral client ports',
    )
    expect(describeTool('3.12', request, 'round-robin', null)).toBe(
      'iperf3 3.12, 4 TCP streams in one process, one tunnel after the other',
    )
    expect(describeTool('3.12', { ...request, streams: 1 }, 'relay', null)).toBe(
      'iperf3 3.12, 1 TCP stream, by the relay over all tunnels',
    )
    expect(describeTool('3.12', { ...request, streams: 1, protocol: 'mptcp' }, 'relay', null)).toBe(
      'iperf3 3.12, 1 Multipath TCP stream, by mptcpize at both ends',
    )
  })
})
