import { describe, expect, it } from 'vitest'
import { Config } from '../../domain/config/schema.ts'
import { ECHO_PORT, IPERF3_PORT } from '../../domain/probe/request.ts'
import { probingFlags, type RequestOptions, requestOf } from './request.ts'
import { parseSiteCondition } from './site-condition.ts'

const request = (options: Partial<RequestOptions> = {}, host?: string, config = Config.parse({})) =>
  requestOf({ udp: true, ...options }, host, config)

describe('what is measured towards', () => {
  it.each([
    ['nothing', {}, undefined, { kind: 'none' }],
    [
      'a host',
      {},
      'dtn.example.org',
      { kind: 'host', host: 'dtn.example.org', iperf3Port: IPERF3_PORT, echoPort: ECHO_PORT },
    ],
    [
      'a host and its ports',
      { iperf3Port: '5202', echoPort: '7012' },
      '192.0.2.7',
      { kind: 'host', host: '192.0.2.7', iperf3Port: 5202, echoPort: 7012 },
    ],
    ['what is up', { deployment: true }, undefined, { kind: 'deployment', host: null }],
    ['a host behind what is up', { deployment: true }, '10.200.0.9', { kind: 'deployment', host: '10.200.0.9' }],
    ['the lab', { lab: true }, undefined, { kind: 'lab', site: { mtuBytes: 1500, delayMs: 0 } }],
    ['the lab, by what it is like', { labCondition: 'mtu=1400' }, undefined, { kind: 'lab', site: { mtuBytes: 1400 } }],
    [
      'AWS',
      { aws: true, region: 'eu-west-1', instanceType: 'c6gn.medium' },
      undefined,
      { kind: 'aws', region: 'eu-west-1', instanceType: 'c6gn.medium', profile: null, allowedCidr: null },
    ],
  ])('is %s', (_, options, host, target) => {
    expect(request(options, host).target).toMatchObject(target)
  })

  it('is AWS as the configuration has it, where no option says otherwise', () => {
    const config = Config.parse({ aws: { region: 'us-east-2', profile: 'research', source_cidr: '192.0.2.0/24' } })
    const ours = { kind: 'aws', region: 'us-east-2', profile: 'research', allowedCidr: '192.0.2.0/24' }
    expect(request({ aws: true }, undefined, config).target).toMatchObject(ours)
    expect(request({ aws: true, awsProfile: 'other' }, undefined, config).target).toMatchObject({ profile: 'other' })
  })

  it.each<[string, Partial<RequestOptions>, string | undefined, string]>([
    ['two', { lab: true }, 'dtn.example.org', '--lab and a host were both given.'],
    [
      'two more',
      { deployment: true, aws: true, region: 'us-west-2' },
      undefined,
      '--deployment and --aws were both given.',
    ],
    [
      'an option of another',
      { instanceType: 't4g.nano' },
      undefined,
      '--instance-type is for --aws, which was not given.',
    ],
    ['a port of nothing', { lab: true, echoPort: '7' }, undefined, '--echo-port is for a host that you name.'],
    ['AWS without a region', { aws: true }, undefined, '--aws needs a region.'],
    ['no name', {}, 'http://x', 'HOST http://x: must be a host name or an IPv4 address'],
    ['no port', { iperf3Port: '0' }, 'x', '--iperf3-port 0: must be a whole number from 1 to 65535'],
    ['no region', { aws: true, region: 'mars' }, undefined, '--region mars: must be a region'],
  ])('is refused: %s', (_, options, host, said) => {
    expect(() => request(options, host)).toThrow(said)
  })
})

describe('what is measured', () => {
  it('is everything, or only what there is without a target, or without bandwidth', () => {
    expect(request({}, 'x').parts).toEqual(['interface', 'mtu', 'latency', 'bandwidth'])
    expect(request().parts).toEqual(['interface', 'latency'])
    expect(request({ quick: true }, 'x').parts).toEqual(['interface', 'mtu', 'latency'])
    expect(request({ parts: 'mtu, interface' }, 'x').parts).toEqual(['interface', 'mtu'])
  })

  it('knocks at all regions; at none for what is in none, and at the one that is named', () => {
    expect(request({}, 'x').regions).toBeNull()
    expect([request({ lab: true }).regions, request({ deployment: true }).regions]).toEqual([[], []])
    expect(request({ region: 'us-west-2' })).toMatchObject({ target: { kind: 'none' }, regions: ['us-west-2'] })
    expect(request({ lab: true, regions: 'all' }).regions).toBeNull()
    expect(request({ regions: 'none' }).regions).toEqual([])
    expect(request({ regions: 'us-west-2,eu-west-1,us-west-2' }).regions).toEqual(['us-west-2', 'eu-west-1'])
  })

  it('is by the configuration, and by the options that set its keys', () => {
    const config = Config.parse({ probing: { test_duration: '5s', parallel_streams: [3], enable_jumbo_frames: false } })
    expect(request({}, 'x', config)).toMatchObject({ seconds: 5, streams: [3], mtuRungs: [1200, 1500] })
    expect(probingFlags({ udp: true, streams: '1, 16', duration: '10', mtuRange: '1400' })).toEqual([
      { flag: '--streams', path: 'probing.parallel_streams', value: [1, 16] },
      { flag: '--duration', path: 'probing.test_duration', value: '10s' },
      { flag: '--mtu-range', path: 'probing.mtu_range', value: [1400] },
    ])
  })

  it('says which way, whether by UDP, and where the file lies for one who stands elsewhere', () => {
    expect(request({ direction: 'download', udp: false }, 'x')).toMatchObject({ directions: ['download'], udp: false })
    expect(request({ direction: 'both' }, 'x').directions).toEqual(['upload', 'download'])
    expect(request({ sourceFile: 'data.bin' }, 'x').sourceFile).toBe(`${process.cwd()}/data.bin`)
  })

  it.each<[Partial<RequestOptions>, string]>([
    [{ quick: true, parts: 'mtu' }, '--quick and --parts were both given.'],
    [{ parts: 'mtus' }, '--parts mtus: must be of interface, mtu, latency, bandwidth'],
    [{ direction: 'sideways' }, '--direction sideways: must be of upload, download, both'],
    [{ regions: 'all,us-west-2' }, '--regions all,us-west-2: "all" and "none" go with nothing else'],
    [{ regions: 'us-west-2,moon' }, '--regions moon: must be a region such as us-west-2, or all, or none'],
  ])('is refused: %j', (options, said) => {
    expect(() => request(options, 'x')).toThrow(said)
  })

  it('is refused where it needs something to be measured towards', () => {
    expect(() => request({ parts: 'interface,bandwidth' })).toThrow('there is nothing to measure it towards')
    expect(() => request({ parts: 'latency', regions: 'none' })).toThrow('leaves nothing to measure')
    expect(request({ parts: 'latency', regions: 'none' }, 'x').parts).toEqual(['latency'])
  })

  it.each<[Partial<RequestOptions>, string]>([
    [{ streams: '1,0' }, '--streams 1,0: must be at least 1'],
    [{ streams: 'many' }, '--streams many: must be a whole number of streams'],
    [{ duration: '2h' }, '--duration 2h: must be at most 1h'],
    [{ mtuRange: '500' }, '--mtu-range 500: must be at least 576'],
  ])('by an option that its key refuses, is refused: %j', (options, said) => {
    expect(() => probingFlags({ udp: true, ...options })).toThrow(said)
  })
})

describe('what the lab’s site is like', () => {
  it('is read word by word', () => {
    expect(
      parseSiteCondition(
        'rate=100M,mtu=9000,delay=30ms,loss=2%,black-hole=1400,flow-rate=50M,window=16KiB,congestion=cubic,sender=20M,silent=icmp+echo',
      ),
    ).toMatchObject({
      rateBitsPerSecond: 100e6,
      mtuBytes: 9000,
      delayMs: 30,
      lossRatio: 0.02,
      blackHoleAboveBytes: 1400,
      flowRateBitsPerSecond: 50e6,
      receiveWindowBytes: 16_384,
      congestionControl: 'cubic',
      senderBitsPerSecond: 20e6,
      answers: { icmp: false, echo: false, iperf3: true },
    })
  })

  it.each([
    ['speed=1M', 'there is no such condition'],
    ['rate', 'must be rate=VALUE'],
    ['rate=fast', 'must be a rate in bits per second'],
    ['delay=30', 'must be a duration with its unit'],
    ['silent=dns', 'must be of icmp, echo, iperf3'],
    ['rate=1M,mtu=100', '--lab-condition mtu=100: must be at least 1280'],
    ['loss=80%', '--lab-condition loss=80%: must be at most 0.5'],
  ])('is refused: %s', (text, said) => {
    expect(() => parseSiteCondition(text)).toThrow(said)
  })
})
