import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MeasureEvent, type MeasureRequest } from '../../../contract/probe.ts'
import { SiteCondition } from '../../../domain/probe/request.ts'
import type { HelperClient } from '../provider.ts'
import { openLab, soon } from './testing/open-lab.ts'

/** The lab's probe site is what it is said to be, in a lab in which nothing else is. */
const lab = openLab()
const { provider, inside } = lab
const PROBE = fileURLToPath(new URL('../../../helper/probe/main.ts', import.meta.url))
const ADDRESS = '198.18.0.6'

const path: MeasureRequest = {
  do: 'path',
  host: ADDRESS,
  echoPort: 7011,
  tcpPort: 5201,
  rungs: [1500, 9000],
  echoes: 5,
}

/** What the program that measures says of it; its stdin is held open until it has ended. */
const MEASURE =
  'hold=$(mktemp -u); mkfifo "$hold"; exec 3<>"$hold"; rm "$hold"; echo "$1" >&3; exec "$2" "$3" measure <&3'
const measured = async (request: MeasureRequest): Promise<MeasureEvent[]> => {
  const said = await inside('sh', '-ec', MEASURE, 'sh', JSON.stringify(request), process.execPath, PROBE)
  return said
    .trim()
    .split('\n')
    .map((line) => MeasureEvent.parse(JSON.parse(line)))
}
const onSite = (...command: string[]): Promise<string> => inside('nsenter', '--net=/run/netns/site', '--', ...command)

describe.skipIf(!existsSync('/usr/bin/python3'))('the lab’s probe site', () => {
  let helper: HelperClient
  const open = (condition: object) => helper.call('lab.open-site', { condition: SiteCondition.parse(condition) })
  const foundMtu = (events: readonly MeasureEvent[]) => events.find((event) => event.kind === 'mtu')?.result
  const traces = (): Promise<string> =>
    inside('sh', '-c', 'ip netns; ip -br link; ip route; ls /run; cat /proc/[0-9]*/cmdline | tr "\\0" " "')

  beforeAll(async () => {
    helper = await provider.host.ensure(soon())
  })
  afterAll(lab.close)

  it('swallows packets, delays them and answers, as asked, and another takes its place', async () => {
    expect(await open({ mtuBytes: 9000, blackHoleAboveBytes: 1801, delayMs: 20 })).toEqual({
      address: ADDRESS,
      iperf3Port: 5201,
      echoPort: 7011,
      sourceFile: null,
    })
    const events = await measured(path)
    expect(foundMtu(events)).toMatchObject({ mtuBytes: { value: 1801 }, blackHole: true })
    const trips = events.find((event) => event.kind === 'trips')?.trips
    expect(trips?.minMs.value).toBeGreaterThanOrEqual(20)

    const slow = await open({ mtuBytes: 1333, senderBitsPerSecond: 8e6, receiveWindowBytes: 65_536 })
    expect(foundMtu(await measured(path))).toMatchObject({ mtuBytes: { value: 1333 }, blackHole: false })
    expect((await inside('head', '-c', '100000', slow.sourceFile ?? '')).length).toBe(100_000)
    expect(await onSite('cat', '/proc/sys/net/ipv4/tcp_rmem')).toMatch(/^4096\s65536\s65536\n$/)
  })

  it('polices each flow, and answers nothing when it is to be silent', async () => {
    await open({ flowRateBitsPerSecond: 50e6, lossRatio: 0.02, answers: { icmp: false, echo: false, iperf3: false } })
    expect(await onSite('ss', '-Hlntu')).toBe('')
    expect(await onSite('cat', '/proc/sys/net/ipv4/icmp_echo_ignore_all')).toBe('1\n')
    const classes = await inside('tc', '-n', 'siterouter', 'class', 'show', 'dev', 'hop0')
    expect(classes.match(/ceil 50Mbit/g)).toHaveLength(128)
    expect(await inside('nsenter', '--net=/run/netns/siterouter', 'nft', 'list', 'ruleset')).toContain('numgen random')
  })

  it('is gone without a trace when it is closed, also twice', async () => {
    await open({ delayMs: 5, senderBitsPerSecond: 1e6 })
    expect(await traces()).toMatch(/siterouter[\s\S]*site0[\s\S]*lab-site-source[\s\S]*slow-source/)
    await helper.call('lab.close-site', {})
    expect(await traces()).not.toMatch(/site|iperf3|delay-relay|slow-source|198\.18/)
    await helper.call('lab.close-site', {})
  })
})
